import type { RenditionId } from './ladder.ts'
import type { PackageId } from './library.ts'
import type { ChannelKind } from './schedule.ts'

/**
 * `index.json` of a package. The package is a folder `<data>/packages/<id>/` that appears by one rename and never changes; it holds
 * this index and one fragmented MP4 per rendition (`v720.mp4` …), playable by itself.
 *
 * Fragment k is `moof` + `mdat` of ticks [6k, min(6k + 6, ticks)): 48 video frames of which the first is an IDR with SPS and PPS in
 * band, or 90 AAC frames; the last fragment holds what is left (1–6 ticks).
 */
export type PackageIndex = {
  readonly version: 1
  readonly id: PackageId
  readonly form: ChannelKind
  /** >= 2. */
  readonly ticks: number
  readonly renditions: { readonly [id in RenditionId]?: PackagedRendition }
}

export type PackagedRendition = {
  readonly id: RenditionId
  readonly file: string
  /** RFC 6381, e.g. `avc1.64001f`, `mp4a.40.2`. */
  readonly codec: string
  readonly timescale: number
  readonly averageBps: number
  /** Largest over runs of 0.5–1.5 target durations, RFC 8216 §4.3.4.2. */
  readonly peakBps: number
  /** Byte range of `ftyp` + `moov` in the file. */
  readonly init: readonly [offset: number, size: number]
  readonly fragments: readonly (readonly [offset: number, size: number])[]
}
