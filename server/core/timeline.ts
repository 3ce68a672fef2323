import type { PackageId } from './library.ts'
import { createPlanner, type PlanInput } from './planner.ts'
import type { ChannelId, ProgrammeId, Schedule, SlotId } from './schedule.ts'
import type { Instant, Tick } from './time.ts'

/** The rundown made gap-free on the tick grid: items touch, the first starts at `from`, the last ends at `to`. */
export type Timeline = {
  readonly channel: ChannelId
  readonly from: Tick
  readonly to: Tick
  readonly items: readonly Item[]
}

/** One uninterrupted run of one package. */
export type Item = {
  readonly from: Tick
  readonly to: Tick
  readonly source: ItemSource
  /** What viewers are told is on: the occurrence this tick belongs to, also while filler stands in for it. Absent in a gap. */
  readonly airing?: Airing
  readonly reason: Reason
}

export type ItemSource = {
  readonly kind: 'asset' | 'filler' | 'slate'
  readonly package: PackageId
  /** Ticks into the package at `item.from`; always a multiple of 6, where a GOP starts. */
  readonly offset: number
  /** `media/`-relative path, or `slate`. */
  readonly path: string
}

/** One occurrence as it is planned to air (its start after start and end policies). */
export type Airing = {
  readonly slot: SlotId
  readonly programme: ProgrammeId
  readonly title: string
  readonly description: string
  readonly language: string
  readonly category: string
  readonly isRepeat: boolean
  /** As scheduled. */
  readonly scheduledFrom: Instant
  readonly scheduledTo: Instant
  /** As planned on the grid. */
  readonly from: Tick
  readonly to: Tick
}

/** Why this source is on at this tick. */
export type Reason =
  | 'scheduled'
  /** No slot here. */
  | 'gap'
  /** The slot's material was shorter than the slot. */
  | 'underrun'
  /** Nothing in the library matches what the slot plays. */
  | 'no-media'
  /** The file is there, its package is not (yet). */
  | 'not-packaged'
  /** The file was there once and is gone. */
  | 'missing'

/**
 * The plan of one channel: pure, so that the same schedule, library and committed edge give the same plan on every machine and after
 * every restart. Planning a span at once or in parts, each from the edge of the one before, comes to the same. Who plans often keeps a
 * `createPlanner(schedule)`.
 */
export function timelineOf(input: PlanInput & { readonly schedule: Schedule }): Timeline {
  return createPlanner(input.schedule).timelineOf(input)
}
