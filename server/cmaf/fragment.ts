import { StationError } from '../errors.ts'
import { boxesOf, needBox, type Box } from './boxes.ts'

/** ISO 14496-12 §8.8.3.1: the sample depends on no other / on others and is not a sync sample. */
export const SYNC_SAMPLE = 0x02000000
export const DEPENDENT_SAMPLE = 0x01010000
const NON_SYNC_BIT = 0x00010000

/** One `moof` + `mdat` of one track, read. Arrays have one entry per sample. */
export type Fragment = {
  readonly sequence: number
  readonly tfdt: number
  readonly sizes: Uint32Array
  readonly flags: Uint32Array
  readonly durations: Uint32Array
  readonly compositionOffsets: Int32Array
  /** The samples' bytes, one after the other. */
  readonly media: Buffer
}

export const isSync = (flags: number): boolean => (flags & NON_SYNC_BIT) === 0

/** Reads a stored or recorded fragment; other boxes before, between or behind are passed over. Throws PACKAGE_INVALID. */
export function parseFragment(buffer: Buffer): Fragment {
  try {
    return fragmentOf(buffer)
  } catch (cause) {
    // a field beyond the end of a damaged fragment
    if (cause instanceof RangeError) throw new StationError('PACKAGE_INVALID', 'The fragment is cut off or damaged.', { cause })
    throw cause
  }
}

/** A house fragment has at most 105; recordings of others stay far below. */
const MOST_SAMPLES = 100_000

function fragmentOf(buffer: Buffer): Fragment {
  const boxes = boxesOf(buffer)
  const moof = boxes.find((box) => box.type === 'moof')
  if (!moof) throw new StationError('PACKAGE_INVALID', 'The fragment has no moof box.')
  const trafs = boxesOf(buffer, moof.body, moof.end).filter((box) => box.type === 'traf')
  const [traf] = trafs
  if (!traf || trafs.length > 1) throw new StationError('PACKAGE_INVALID', `A fragment has one track, found ${trafs.length}.`)
  const children = boxesOf(buffer, traf.body, traf.end)
  const header = trackHeaderOf(buffer, needBox(buffer, ['tfhd'], traf.body, traf.end))
  const runs = children.filter((box) => box.type === 'trun').map((box) => runOf(buffer, box, header))
  if (header.baseDataOffset !== undefined)
    throw new StationError('PACKAGE_INVALID', 'The fragment counts from the start of its file.')
  return {
    sequence: buffer.readUInt32BE(needBox(buffer, ['mfhd'], moof.body, moof.end).body + 4),
    tfdt: decodeTimeOf(buffer, needBox(buffer, ['tfdt'], traf.body, traf.end)),
    sizes: joined(runs.map((run) => run.sizes)),
    flags: joined(runs.map((run) => run.flags)),
    durations: joined(runs.map((run) => run.durations)),
    compositionOffsets: joinedOffsets(runs),
    media: mediaOf(buffer, moof.start, runs),
  }
}

type TrackHeader = {
  readonly baseDataOffset?: number
  readonly duration: number
  readonly size: number
  readonly flags: number
}

function trackHeaderOf(buffer: Buffer, box: Box): TrackHeader {
  const flags = buffer.readUInt32BE(box.body) & 0xffffff
  let at = box.body + 8
  const next = (bit: number, bytes: number): number | undefined => {
    if (!(flags & bit)) return undefined
    at += bytes
    return bytes === 8 ? Number(buffer.readBigUInt64BE(at - 8)) : buffer.readUInt32BE(at - 4)
  }
  const baseDataOffset = next(0x01, 8)
  next(0x02, 4)
  return {
    ...(baseDataOffset === undefined ? {} : { baseDataOffset }),
    duration: next(0x08, 4) ?? 0,
    size: next(0x10, 4) ?? 0,
    flags: next(0x20, 4) ?? SYNC_SAMPLE,
  }
}

function decodeTimeOf(buffer: Buffer, box: Box): number {
  return buffer[box.body] === 1 ? Number(buffer.readBigUInt64BE(box.body + 4)) : buffer.readUInt32BE(box.body + 4)
}

type Run = Pick<Fragment, 'sizes' | 'flags' | 'durations' | 'compositionOffsets'> & { readonly dataOffset?: number }

function runOf(buffer: Buffer, box: Box, header: TrackHeader): Run {
  const versionAndFlags = buffer.readUInt32BE(box.body)
  const has = (bit: number): boolean => (versionAndFlags & bit) !== 0
  const count = buffer.readUInt32BE(box.body + 4)
  const perSample = [0x100, 0x200, 0x400, 0x800].filter(has).length * 4
  let at = box.body + 8
  const word = (): number => buffer.readUInt32BE((at += 4) - 4)
  const dataOffset = has(0x01) ? word() | 0 : undefined
  const firstFlags = has(0x04) ? word() : undefined
  if (count > MOST_SAMPLES || at + count * perSample > box.end) {
    throw new StationError('PACKAGE_INVALID', `A run of ${count} samples does not fit its box.`)
  }
  const run = {
    sizes: new Uint32Array(count).fill(header.size),
    flags: new Uint32Array(count).fill(header.flags),
    durations: new Uint32Array(count).fill(header.duration),
    compositionOffsets: new Int32Array(count),
  }
  for (let sample = 0; sample < count && perSample > 0; sample++) {
    if (has(0x100)) run.durations[sample] = word()
    if (has(0x200)) run.sizes[sample] = word()
    if (has(0x400)) run.flags[sample] = word()
    if (has(0x800)) run.compositionOffsets[sample] = word() | 0
  }
  if (firstFlags !== undefined && count > 0) run.flags[0] = firstFlags
  return dataOffset === undefined ? run : { ...run, dataOffset }
}

/** The bytes of all runs. A run without an offset follows the one before (ISO 14496-12 §8.8.8). */
function mediaOf(buffer: Buffer, moofStart: number, runs: readonly Run[]): Buffer {
  let at = 0
  const parts = runs.map((run) => {
    if (run.dataOffset !== undefined) at = moofStart + run.dataOffset
    const size = run.sizes.reduce((sum, bytes) => sum + bytes, 0)
    const part = buffer.subarray(at, at + size)
    if (part.length !== size) {
      throw new StationError('PACKAGE_INVALID', `The fragment's samples have ${size} bytes, ${part.length} are there.`)
    }
    at += size
    return part
  })
  const [only] = parts
  return only && parts.length === 1 ? only : Buffer.concat(parts)
}

function joinedOffsets(runs: readonly Run[]): Int32Array {
  const [only] = runs
  return only && runs.length === 1 ? only.compositionOffsets : Int32Array.from(runs.flatMap((run) => [...run.compositionOffsets]))
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const [only] = parts
  if (only && parts.length === 1) return only
  return Uint32Array.from(parts.flatMap((part) => [...part]))
}
