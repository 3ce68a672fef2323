import type { ChannelId } from './schedule.ts'
import type { Airing, ItemSource, Reason } from './timeline.ts'
import type { Tick } from './time.ts'

/**
 * A committed run of segments of one source: the unit of as-run. Slices of a channel touch each other (`to` of one = `from` of the
 * next) and their sequences do too; what is committed never changes.
 *
 * Its segments follow from it alone: 6 ticks each, a last one of 1 tick merged into the one before (7 ticks) where there is one.
 */
export type Slice = {
  readonly channel: ChannelId
  /** Media sequence of the first segment. */
  readonly sequence: number
  readonly from: Tick
  readonly to: Tick
  readonly source: ItemSource
  readonly airing?: Airing
  readonly reason: Reason
}

/** One segment of a slice. */
export type Segment = {
  readonly sequence: number
  readonly from: Tick
  readonly ticks: number
  /** Ticks into the package; a multiple of 6. */
  readonly offset: number
}
