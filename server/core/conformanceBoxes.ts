/**
 * The facts of fragmented MP4 that the rules ask about, read from bytes. Deliberately apart from the code that writes our segments:
 * a checker that shares a parser with the writer shares its mistakes.
 */
export type InitFacts = { readonly tracks: readonly TrackFacts[] }
export type TrackFacts = {
  readonly id: number
  readonly kind: 'video' | 'audio' | 'other'
  readonly timescale: number
  /** RFC 6381 where it can be told (H.264, AAC), else the sample entry's four characters. */
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly defaultDuration: number
  readonly defaultFlags: number
}
export type SegmentFacts = { readonly tracks: readonly FragmentFacts[] }
export type FragmentFacts = {
  readonly id: number
  /** In units of the track's time scale. */
  readonly decodeTime: number
  readonly duration: number
  readonly samples: number
  readonly isFirstSync: boolean
  /** Longest run of units without a sync sample. */
  readonly longestSyncGap: number
}

const MAX_SAMPLES = 1_000_000

type Box = { readonly type: string; readonly from: number; readonly to: number }

/** Undefined when the bytes hold no `moov` with tracks. */
export function initFactsOf(bytes: Uint8Array): InitFacts | undefined {
  const view = viewOf(bytes)
  return guarded(() => {
    const moov = child(view, whole(view), 'moov')
    if (!moov) return undefined
    const trex = new Map(
      children(view, child(view, moov, 'mvex'))
        .filter((box) => box.type === 'trex')
        .map((box) => [view.getUint32(box.from + 4), box] as const),
    )
    const tracks = children(view, moov)
      .filter((box) => box.type === 'trak')
      .map((trak) => trackOf(view, trak, trex))
    return tracks.length > 0 ? { tracks } : undefined
  })
}

function trackOf(view: DataView, trak: Box, trex: ReadonlyMap<number, Box>): TrackFacts {
  const tkhd = must(child(view, trak, 'tkhd'))
  const id = view.getUint32(tkhd.from + (view.getUint8(tkhd.from) === 1 ? 20 : 12))
  const mdia = must(child(view, trak, 'mdia'))
  const mdhd = must(child(view, mdia, 'mdhd'))
  const timescale = view.getUint32(mdhd.from + (view.getUint8(mdhd.from) === 1 ? 20 : 12))
  const handler = fourCharacters(view, must(child(view, mdia, 'hdlr')).from + 8)
  const stsd = must(child(view, must(child(view, must(child(view, mdia, 'minf')), 'stbl')), 'stsd'))
  const entry = children(view, { type: 'stsd', from: stsd.from + 8, to: stsd.to })[0]
  const defaults = trex.get(id)
  const kind = handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other'
  return {
    id,
    kind,
    timescale,
    codec: entry ? codecOf(view, entry) : '',
    width: kind === 'video' && entry ? view.getUint16(entry.from + 24) : 0,
    height: kind === 'video' && entry ? view.getUint16(entry.from + 26) : 0,
    defaultDuration: defaults ? view.getUint32(defaults.from + 12) : 0,
    defaultFlags: defaults ? view.getUint32(defaults.from + 20) : 0,
  }
}

function codecOf(view: DataView, entry: Box): string {
  if (entry.type === 'avc1' || entry.type === 'avc3') {
    const avcC = child(view, { ...entry, from: entry.from + 78 }, 'avcC')
    return avcC ? `${entry.type}.${[1, 2, 3].map((at) => hex(view.getUint8(avcC.from + at))).join('')}` : entry.type
  }
  if (entry.type === 'mp4a') {
    const esds = child(view, { ...entry, from: entry.from + 28 }, 'esds')
    const objectType = esds && audioObjectTypeOf(view, esds)
    return objectType ? `mp4a.40.${objectType}` : 'mp4a'
  }
  return entry.type
}

/** ISO 14496-1: the DecoderSpecificInfo descriptor (tag 5) starts with 5 bits of audio object type. */
function audioObjectTypeOf(view: DataView, esds: Box): number | undefined {
  let at = esds.from + 4
  while (at + 2 < esds.to) {
    const tag = view.getUint8(at++)
    while (view.getUint8(at) & 0x80) at += 1
    at += 1
    if (tag === 5) return view.getUint8(at) >> 3
    if (tag === 3) at += 3
    else if (tag === 4) at += 13
    else return undefined
  }
  return undefined
}

/** Undefined when the bytes are not fragments of the tracks in `init`. */
export function segmentFactsOf(bytes: Uint8Array, init: InitFacts): SegmentFacts | undefined {
  const view = viewOf(bytes)
  return guarded(() => {
    const tracks = new Map<number, FragmentFacts>()
    const moofs = children(view, whole(view)).filter((box) => box.type === 'moof')
    for (const traf of moofs.flatMap((moof) => children(view, moof).filter((box) => box.type === 'traf'))) {
      const facts = fragmentOf(view, traf, init)
      const before = tracks.get(facts.id)
      tracks.set(facts.id, before ? joined(before, facts) : facts)
    }
    return tracks.size > 0 ? { tracks: [...tracks.values()] } : undefined
  })
}

const joined = (before: FragmentFacts, after: FragmentFacts): FragmentFacts => ({
  ...before,
  duration: before.duration + after.duration,
  samples: before.samples + after.samples,
  longestSyncGap: Math.max(before.longestSyncGap, after.longestSyncGap),
})

function fragmentOf(view: DataView, traf: Box, init: InitFacts): FragmentFacts {
  const tfhd = must(child(view, traf, 'tfhd'))
  const id = view.getUint32(tfhd.from + 4)
  const track = must(init.tracks.find((one) => one.id === id))
  const has = view.getUint32(tfhd.from) & 0xffffff
  let at = tfhd.from + 8 + (has & 0x1 ? 8 : 0) + (has & 0x2 ? 4 : 0)
  const read = () => view.getUint32((at += 4) - 4)
  const defaultDuration = has & 0x8 ? read() : track.defaultDuration
  if (has & 0x10) at += 4
  const defaultFlags = has & 0x20 ? read() : track.defaultFlags
  const tfdt = must(child(view, traf, 'tfdt'))
  const isLong = view.getUint8(tfdt.from) === 1
  const decodeTime = isLong ? Number(view.getBigUint64(tfdt.from + 4)) : view.getUint32(tfdt.from + 4)
  let duration = 0
  let sinceSync = 0
  let longestSyncGap = 0
  let samples = 0
  let isFirstSync = true
  for (const trun of children(view, traf).filter((box) => box.type === 'trun')) {
    for (const sample of samplesOf(view, trun, defaultDuration, defaultFlags)) {
      // ISO 14496-12 §8.8.3.1: bit 16 of the sample flags is sample_is_non_sync_sample.
      const isSync = (sample.flags & 0x10000) === 0
      if (samples === 0) isFirstSync = isSync
      if (isSync) sinceSync = 0
      samples += 1
      duration += sample.duration
      sinceSync += sample.duration
      longestSyncGap = Math.max(longestSyncGap, sinceSync)
    }
  }
  return { id, decodeTime, duration, samples, isFirstSync, longestSyncGap }
}

function* samplesOf(view: DataView, trun: Box, defaultDuration: number, defaultFlags: number) {
  const has = view.getUint32(trun.from) & 0xffffff
  const count = view.getUint32(trun.from + 4)
  // Samples without fields of their own take no room in the box, so only this bounds the work on hostile bytes.
  if (count > MAX_SAMPLES) throw new RangeError(`${count} samples in one trun`)
  let at = trun.from + 8 + (has & 0x1 ? 4 : 0)
  const firstFlags = has & 0x4 ? view.getUint32((at += 4) - 4) : undefined
  for (let index = 0; index < count; index += 1) {
    const duration = has & 0x100 ? view.getUint32((at += 4) - 4) : defaultDuration
    if (has & 0x200) at += 4
    const own = has & 0x400 ? view.getUint32((at += 4) - 4) : defaultFlags
    if (has & 0x800) at += 4
    if (at > trun.to) throw new RangeError('trun runs past its box')
    yield { duration, flags: index === 0 && firstFlags !== undefined ? firstFlags : own }
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const whole = (view: DataView): Box => ({ type: '', from: 0, to: view.byteLength })
const child = (view: DataView, parent: Box | undefined, type: string) => children(view, parent).find((box) => box.type === type)
const hex = (byte: number) => byte.toString(16).padStart(2, '0')
const fourCharacters = (view: DataView, at: number) =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))

/** Contents of the boxes inside `parent`, without their headers. */
function children(view: DataView, parent: Box | undefined): Box[] {
  const boxes: Box[] = []
  for (let at = parent?.from ?? 0; parent && at + 8 <= parent.to;) {
    const short = view.getUint32(at)
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? parent.to - at : short
    if (size < 8 || at + size > parent.to) throw new RangeError(`box at ${at} runs past its parent`)
    boxes.push({ type: fourCharacters(view, at + 4), from: at + (short === 1 ? 16 : 8), to: at + size })
    at += size
  }
  return boxes
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('a box is missing')
  return value
}
/** Reading past the end of hostile or cut bytes is an answer ("not such a file"), not a failure of the program. */
function guarded<T>(read: () => T | undefined): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
