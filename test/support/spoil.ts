import type { FragmentFacts } from '#core/conformanceBoxes.ts'
import type { InitObservation, Observation, PlaylistObservation, SegmentObservation } from '#core/conformanceHistory.ts'
import { instant } from '#core/time.ts'

/** Ways to spoil a golden history; each returns a new one. `which` is a part of the address. */
export type Spoil = (history: readonly Observation[]) => readonly Observation[]

/** `round` counts the answers of one address from 0. */
export const text =
  (which: string, edit: (text: string, round: number) => string): Spoil =>
  (history) =>
    counted(history, (one, round) =>
      one.kind === 'playlist' && one.url.includes(which) ? { ...one, text: edit(one.text, round) } : one,
    )

export const allMedia = (edit: (text: string, round: number) => string): Spoil => text('/live.m3u8', edit)

export const answers =
  (which: string, patch: (one: Observation, round: number) => Partial<Observation>): Spoil =>
  (history) =>
    counted(history, (one, round) => (one.url.includes(which) ? ({ ...one, ...patch(one, round) } as Observation) : one))

export const header = (which: string, name: string, value: string): Spoil =>
  answers(which, (one) => ({ headers: { ...one.headers, [name]: value } }))

export const fragments =
  (which: string, edit: (facts: FragmentFacts, url: string) => Partial<FragmentFacts>): Spoil =>
  (history) =>
    history.map((one) => {
      if (one.kind !== 'segment' || !one.url.includes(which) || !one.facts) return one
      return { ...one, facts: { tracks: one.facts.tracks.map((track) => ({ ...track, ...edit(track, one.url) })) } }
    })

export const sizes = (which: string, factor: number): Spoil =>
  answers(which, (one) => (one.kind === 'segment' ? { sizeBytes: one.sizeBytes * factor } : {}))

export const inits = (which: string, patch: (one: InitObservation) => Partial<InitObservation>): Spoil =>
  answers(which, (one) => (one.kind === 'init' ? patch(one) : {}))

export const withMore =
  (make: (history: readonly Observation[]) => readonly Observation[]): Spoil =>
  (history) => [...history, ...make(history)]

export const isPlaylist = (one: Observation): one is PlaylistObservation => one.kind === 'playlist'
export const isSegment = (one: Observation): one is SegmentObservation => one.kind === 'segment'
export const later = <T extends Observation>(one: T, byMs: number): T => ({ ...one, at: instant(one.at + byMs) })

function counted(history: readonly Observation[], edit: (one: Observation, round: number) => Observation): Observation[] {
  const rounds = new Map<string, number>()
  return history.map((one) => {
    const round = rounds.get(one.url) ?? 0
    rounds.set(one.url, round + 1)
    return edit(one, round)
  })
}
