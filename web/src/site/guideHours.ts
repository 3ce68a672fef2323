import type { GuideEntry } from '#contract/channels.ts'

export const HOUR_MS = 3_600_000
/** Before this hour a station is quiet: other days open here. */
const MORNING = 5
const HOURS_BEFORE_NOW = 2
const HOURS_SHOWN_AT_LEAST = 6

/** Where a day's grid opens, in hours since its midnight: near now today, in the morning on other days. */
export function firstHourOf({ from, to, now }: { from: number; to: number; now: number | null }): number {
  if (now === null) return MORNING
  const latest = Math.ceil((to - from) / HOUR_MS) - HOURS_SHOWN_AT_LEAST
  return Math.max(0, Math.min(latest, Math.floor((now - from) / HOUR_MS) - HOURS_BEFORE_NOW))
}

export type Placed = {
  readonly entry: GuideEntry
  /** Hours below the top of the grid, and how many it is long there. */
  readonly top: number
  readonly length: number
}

/** The part of each airing that lies between the grid's edges. */
export function placed(entries: readonly GuideEntry[], from: number, to: number): readonly Placed[] {
  return entries
    .filter((entry) => entry.to > from && entry.from < to)
    .map((entry) => {
      const [start, end] = [Math.max(entry.from, from), Math.min(entry.to, to)]
      return { entry, top: (start - from) / HOUR_MS, length: (end - start) / HOUR_MS }
    })
}
