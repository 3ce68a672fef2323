import type { RenditionId } from '#core/ladder.ts'
import type { PackageId } from '#core/library.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import type { Channel } from '#core/schedule.ts'
import type { Segment, Slice } from '#core/slices.ts'
import type { Airing } from '#core/timeline.ts'
import type { Instant, Tick } from '#core/time.ts'

/** What the origin asks of the playout: committed segments only. */
export type AiredChannel = {
  readonly channel: Channel
  /** All committed segments within the DVR window, oldest first. */
  segments(): readonly Segment[]
  /** The slice a committed segment belongs to, while it may be asked for. */
  sliceOf(sequence: number): { readonly slice: Slice; readonly segment: Segment } | undefined
  /** Airings that touch [from, to), in order. */
  airings(from: Tick, to: Tick): readonly Airing[]
  /** Packages with the ticks they fill, around `at`: what bandwidths are measured over. */
  packagesAround(at: Instant): ReadonlyMap<PackageId, number>
}

export type Air = {
  channel(id: string): AiredChannel | undefined
}

export type Packages = {
  indexOf(id: PackageId): Promise<PackageIndex>
  /** Stored `moof` + `mdat` of consecutive fragments; rejects when the file is damaged. */
  readFragments(id: PackageId, rendition: RenditionId, first: number, count: number): Promise<readonly Buffer[]>
  /** The one init section of a rendition, for ever. */
  houseInit(rendition: RenditionId): Promise<Buffer>
}
