import { StationError } from '../errors.ts'
import { box, boxesOf, fullBox, needBox, u16, u32, type Box } from './boxes.ts'

/** What an init section says about its only track. */
export type InitFacts = {
  readonly kind: 'video' | 'audio'
  readonly timescale: number
  /** The sample entry: `avc1` or `mp4a` box. */
  readonly entry: Buffer
}

/** Reads `ftyp` + `moov` with one H.264 or AAC track. Throws PACKAGE_INVALID. */
export function parseInit(init: Buffer): InitFacts {
  const moov = needBox(init, ['moov'])
  const traks = boxesOf(init, moov.body, moov.end).filter((box) => box.type === 'trak')
  const [trak] = traks
  if (!trak || traks.length > 1)
    throw new StationError('PACKAGE_INVALID', `An init section has one track, found ${traks.length}.`)
  const mdhd = needBox(init, ['mdia', 'mdhd'], trak.body, trak.end)
  const stsd = needBox(init, ['mdia', 'minf', 'stbl', 'stsd'], trak.body, trak.end)
  const [entry] = boxesOf(init, stsd.body + 8, stsd.end)
  if (!entry || (entry.type !== 'avc1' && entry.type !== 'mp4a')) {
    throw new StationError('PACKAGE_INVALID', `The track is ${entry?.type ?? 'nothing'}, neither avc1 nor mp4a.`)
  }
  return {
    kind: entry.type === 'avc1' ? 'video' : 'audio',
    timescale: init.readUInt32BE(mdhd.body + (init[mdhd.body] === 1 ? 20 : 12)),
    entry: init.subarray(entry.start, entry.end),
  }
}

/**
 * The init section of a rendition for ever: one track with id 1, no edit list, no duration, nothing that differs from item to item (bit
 * rates, tool names, times of creation). Packages by other ffmpeg builds play under it because their IDRs carry SPS and PPS.
 */
export function houseInit(packageInit: Buffer): Buffer {
  const facts = parseInit(packageInit)
  return initOf(facts.kind, facts.timescale, facts.kind === 'video' ? videoEntry(facts.entry) : AAC_ENTRY)
}

/** The house's audio init section needs no package: AAC-LC, 48 kHz, stereo. */
export const audioInit = (): Buffer => initOf('audio', 48_000, AAC_ENTRY)

export function initOf(kind: InitFacts['kind'], timescale: number, entry: Buffer): Buffer {
  const isVideo = kind === 'video'
  const width = isVideo ? entry.readUInt16BE(32) : 0
  const height = isVideo ? entry.readUInt16BE(34) : 0
  return Buffer.concat([
    box('ftyp', Buffer.from('iso6\0\0\0\0iso6cmfcmp41', 'latin1')),
    box(
      'moov',
      fullBox('mvhd', 0, 0, u32(0, 0, 1000, 0, 0x00010000), u16(0x0100, 0), u32(0, 0), MATRIX, u32(0, 0, 0, 0, 0, 0, 2)),
      box(
        'trak',
        // enabled, in movie; audio carries volume 1
        fullBox(
          'tkhd',
          0,
          3,
          u32(0, 0, 1, 0, 0, 0, 0),
          u16(0, 0, isVideo ? 0 : 0x0100, 0),
          MATRIX,
          u32(width << 16, height << 16),
        ),
        box(
          'mdia',
          fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0), u16(LANGUAGE_UNDETERMINED, 0)),
          fullBox('hdlr', 0, 0, u32(0), Buffer.from(isVideo ? 'vide' : 'soun'), u32(0, 0, 0), Buffer.from([0])),
          box(
            'minf',
            isVideo ? fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)) : fullBox('smhd', 0, 0, u32(0)),
            box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
            box(
              'stbl',
              fullBox('stsd', 0, 0, u32(1), entry),
              fullBox('stts', 0, 0, u32(0)),
              fullBox('stsc', 0, 0, u32(0)),
              fullBox('stsz', 0, 0, u32(0, 0)),
              fullBox('stco', 0, 0, u32(0)),
            ),
          ),
        ),
      ),
      box('mvex', fullBox('trex', 0, 0, u32(1, 1, 0, 0, 0))),
    ),
  ])
}

const MATRIX = u32(0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000)
/** ISO 639-2 `und` in 5-bit letters. */
const LANGUAGE_UNDETERMINED = 0x55c4

/** The visual sample entry with its decoder configuration, colour and pixel shape, without bit rates and encoder name. */
function videoEntry(entry: Buffer): Buffer {
  const head = Buffer.from(entry.subarray(8, VISUAL_ENTRY_SIZE))
  head.fill(0, 42, 74) // compressorname
  const kept = boxesOf(entry, VISUAL_ENTRY_SIZE).filter((child) => ['avcC', 'colr', 'pasp'].includes(child.type))
  return box('avc1', head, ...kept.map((child) => entry.subarray(child.start, child.end)))
}
const VISUAL_ENTRY_SIZE = 86

/** AudioSpecificConfig: object type 2 (LC), frequency index 3 (48 kHz), 2 channels. */
const AAC_CONFIG = Buffer.from([0x11, 0x90])

/** `mp4a` with an ES descriptor (ISO 14496-1 §7.2.6.5) that states no bit rates. */
const AAC_ENTRY = box(
  'mp4a',
  u32(0),
  u16(0, 1, 0, 0, 0, 0, 2, 16, 0, 0),
  u32(48_000 * 0x10000),
  fullBox(
    'esds',
    0,
    0,
    descriptor(
      0x03,
      Buffer.from([0, 1, 0]),
      descriptor(0x04, Buffer.from([0x40, 0x15, 0, 0, 0]), u32(0, 0), descriptor(0x05, AAC_CONFIG)),
      descriptor(0x06, Buffer.from([2])),
    ),
  ),
)

function descriptor(tag: number, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, payload.length]), payload])
}

/** SPS and PPS of the avcC in a visual sample entry. */
export function parameterSetsOf(entry: Buffer): { readonly sps: readonly Buffer[]; readonly pps: readonly Buffer[] } {
  const avcC: Box = needBox(entry, ['avcC'], VISUAL_ENTRY_SIZE)
  let at = avcC.body + 5
  const sets = (count: number): Buffer[] =>
    Array.from({ length: count }, () => {
      const size = entry.readUInt16BE(at)
      at += 2 + size
      return entry.subarray(at - size, at)
    })
  const sps = sets((entry[at++] ?? 0) & 0x1f)
  const pps = sets(entry[at++] ?? 0)
  return { sps, pps }
}
