import type { GuideEntry } from '#contract/channels.ts'

export const HOUR_MS = 3_600_000
/** Before this hour a station is quiet: other days open here. */
const MORNING = 5
const HOURS_BEFORE_NOW = 2
const HOURS_SHOWN_AT_LEAST = 6

type Day = { readonly from: number; readonly to: number; readonly now: number | null; readonly first: number }

/** Where a day's grid opens, in hours since its midnight: near now today, in the morning on other days. */
export function firstHourOf({ from, to, now, first }: Day): number {
  // A day that begins late (a new station, the edge of the plan) does not open on empty lanes.
  const earliest = Math.max(0, Math.floor((first - from) / HOUR_MS))
  if (now === null) return Math.max(earliest, MORNING)
  const latest = Math.ceil((to - from) / HOUR_MS) - HOURS_SHOWN_AT_LEAST
  return Math.max(earliest, Math.min(latest, Math.floor((now - from) / HOUR_MS) - HOURS_BEFORE_NOW))
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
