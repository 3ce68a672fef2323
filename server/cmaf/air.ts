import { StationError } from '../errors.ts'
import { parseFragment, type Fragment } from './fragment.ts'

export { parseFragment } from './fragment.ts'
export { houseInit } from './init.ts'

/**
 * One on-air segment from stored fragments of one rendition, in order: a single `moof` built anew and one `mdat`.
 *
 * `tfdt` is in the rendition's time scale. Samples from `firstSample` (which must be a sync sample) on, `samples` of them, are kept: any
 * number is an exact cut because house video has no B-frames. Throws PACKAGE_INVALID when the fragments hold fewer.
 */
export function airSegment(
  fragments: readonly Buffer[],
  options: { readonly sequence: number; readonly tfdt: number; readonly firstSample?: number; readonly samples: number },
): Buffer {
  const parts = fragments.map(parseFragment)
  const kept = keptOf(parts, options.firstSample ?? 0, options.samples)
  return segmentOf(kept, options)
}

/** Samples chosen for one fragment, ready to be written. */
export type SampleRun = {
  readonly sizes: Uint32Array
  readonly flags: Uint32Array
  /** All samples of a house rendition last equally long. */
  readonly duration: number
  readonly media: readonly Buffer[]
}

/** `moof` with a 64-bit `tfdt`, the sizes in one `trun`, and `mdat`. */
export function segmentOf(run: SampleRun, at: { readonly sequence: number; readonly tfdt: number }): Buffer {
  const count = run.sizes.length
  const first = run.flags[0] ?? 0
  const rest = run.flags[1] ?? first
  // Two truns' worth of sync samples (merged tails) need flags per sample; otherwise the first one's and a default say it all.
  const isUniform = run.flags.every((flags, index) => index === 0 || flags === rest)
  const runFlags = 0x201 | (isUniform ? (first === rest ? 0 : 0x004) : 0x400)
  const runSize = 20 + (runFlags & 0x004 ? 4 : 0) + count * (isUniform ? 4 : 8)
  const moofSize = 8 + 16 + 8 + 24 + 20 + runSize
  const mediaSize = run.media.reduce((sum, part) => sum + part.length, 0)
  const segment = Buffer.allocUnsafe(moofSize + 8 + mediaSize)
  let end = 0
  const word = (value: number): void => void (end = segment.writeUInt32BE(value, end))
  const open = (size: number, type: string): void => {
    word(size)
    end += segment.write(type, end, 'latin1')
  }
  open(moofSize, 'moof')
  open(16, 'mfhd')
  word(0)
  word(at.sequence >>> 0)
  open(8 + 24 + 20 + runSize, 'traf')
  open(24, 'tfhd')
  word(0x020028) // default-base-is-moof, default duration and flags
  word(TRACK)
  word(run.duration)
  word(rest)
  open(20, 'tfdt')
  word(0x01000000)
  end = segment.writeBigUInt64BE(BigInt(at.tfdt), end)
  open(runSize, 'trun')
  word(runFlags)
  word(count)
  word(moofSize + 8)
  if (runFlags & 0x004) word(first)
  for (let sample = 0; sample < count; sample++) {
    word(run.sizes[sample] ?? 0)
    if (!isUniform) word(run.flags[sample] ?? 0)
  }
  open(8 + mediaSize, 'mdat')
  for (const part of run.media) end += part.copy(segment, end)
  return segment
}

/** Every rendition is the only track of its files. */
export const TRACK = 1

function keptOf(fragments: readonly Fragment[], firstSample: number, samples: number): SampleRun {
  const sizes = new Uint32Array(samples)
  const flags = new Uint32Array(samples)
  const media: Buffer[] = []
  let kept = 0
  let toSkip = firstSample
  let duration = 0
  for (const fragment of fragments) {
    const from = Math.min(toSkip, fragment.sizes.length)
    const to = Math.min(fragment.sizes.length, from + samples - kept)
    toSkip -= from
    if (from >= to) continue
    sizes.set(fragment.sizes.subarray(from, to), kept)
    flags.set(fragment.flags.subarray(from, to), kept)
    media.push(bytesOf(fragment, from, to))
    duration = duration || (fragment.durations[from] ?? 0)
    kept += to - from
  }
  if (kept < samples) {
    throw new StationError(
      'PACKAGE_INVALID',
      `The fragments hold ${kept} samples from sample ${firstSample} on, ${samples} are due.`,
    )
  }
  return { sizes, flags, duration, media }
}

function bytesOf(fragment: Fragment, from: number, to: number): Buffer {
  const start = sumOf(fragment.sizes, 0, from)
  return fragment.media.subarray(start, start + sumOf(fragment.sizes, from, to))
}

function sumOf(sizes: Uint32Array, from: number, to: number): number {
  let sum = 0
  for (let index = from; index < to; index++) sum += sizes[index] ?? 0
  return sum
}
