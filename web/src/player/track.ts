import type { GuideEntry } from '#contract/channels.ts'
import { DVR_SECONDS } from './source.ts'

/** What the scrubber stands for: from the oldest instant one can go back to until now. */
export type Track = { readonly from: number; readonly to: number }

/** At least this long, so that the newest minutes of a station that has just begun can be hit. */
const SHORTEST_MS = 10 * 60_000

export function trackOf(now: number, earliest: number | null): Track {
  const from = Math.max(now - DVR_SECONDS * 1000, earliest ?? 0)
  return { from: Math.min(from, now - SHORTEST_MS), to: now }
}

export const shareOf = ({ from, to }: Track, at: number): number => Math.min(1, Math.max(0, (at - from) / (to - from)))
export const instantAt = ({ from, to }: Track, share: number): number =>
  Math.round(from + Math.min(1, Math.max(0, share)) * (to - from))

/** Where programmes begin within the track, newest last. */
export const ticksOf = (track: Track, entries: readonly GuideEntry[]): readonly GuideEntry[] =>
  entries.filter(({ from }) => from > track.from && from < track.to)

export const entryAt = (entries: readonly GuideEntry[], at: number): GuideEntry | undefined =>
  entries.find(({ from, to }) => from <= at && at < to)

/** Where a key takes the playhead; null for keys that are not the slider's. */
export function keyedTo(key: string, { from, to }: Track, at: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 10_000,
    ArrowDown: at - 10_000,
    ArrowRight: at + 10_000,
    ArrowUp: at + 10_000,
    PageDown: at - 300_000,
    PageUp: at + 300_000,
    Home: from,
    End: to,
  }
  const goal = steps[key]
  return goal === undefined ? null : Math.min(to, Math.max(from, goal))
}
