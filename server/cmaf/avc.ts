import { StationError } from '../errors.ts'

/** H.264 (ITU-T H.264 §7.3): what the house must know of a stream without decoding it. */
export const NAL = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8 } as const

/** NAL units of a sample with 4-byte lengths. Throws PACKAGE_INVALID where a length runs out of the sample. */
export function nalsOf(sample: Buffer): readonly Buffer[] {
  const nals: Buffer[] = []
  for (let at = 0; at < sample.length;) {
    const size = at + 4 <= sample.length ? sample.readUInt32BE(at) : -1
    if (size < 1 || at + 4 + size > sample.length)
      throw new StationError('PACKAGE_INVALID', 'A picture’s NAL units do not fit its sample.')
    nals.push(sample.subarray(at + 4, at + 4 + size))
    at += 4 + size
  }
  return nals
}

export const nalType = (nal: Buffer): number => (nal[0] ?? 0) & 31

export function sampleOf(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(
    nals.flatMap((nal) => {
      const length = Buffer.allocUnsafe(4)
      length.writeUInt32BE(nal.length)
      return [length, nal]
    }),
  )
}

export type SpsFacts = {
  readonly profile: number
  readonly constraints: number
  /** 31 is 3.1. */
  readonly level: number
  readonly width: number
  readonly height: number
  readonly isProgressive: boolean
}

const PROFILES_WITH_CHROMA = [100, 110, 122, 244, 44, 83, 86, 118, 128]

/** Sequence parameter set, §7.3.2.1.1, down to the cropping rectangle. */
export function parseSps(nal: Buffer): SpsFacts {
  const bits = bitReader(unescaped(nal.subarray(1)))
  const profile = bits.read(8)
  const constraints = bits.read(8)
  const level = bits.read(8)
  bits.golomb() // seq_parameter_set_id
  let chroma = 1
  if (PROFILES_WITH_CHROMA.includes(profile)) {
    chroma = bits.golomb()
    const isHouseChroma = chroma === 1 && bits.golomb() === 0 && bits.golomb() === 0
    if (!isHouseChroma) throw new StationError('PACKAGE_INVALID', 'The picture is not 8-bit 4:2:0.')
    bits.read(1) // lossless bypass
    if (bits.read(1) === 1)
      throw new StationError('PACKAGE_INVALID', 'The picture uses scaling matrices, which the house does not.')
  }
  bits.golomb() // log2_max_frame_num
  const countType = bits.golomb()
  if (countType === 0) bits.golomb()
  if (countType === 1)
    throw new StationError('PACKAGE_INVALID', 'The picture order count type is 1, which the house does not use.')
  bits.golomb() // max_num_ref_frames
  bits.read(1)
  const widthInBlocks = bits.golomb() + 1
  const heightInUnits = bits.golomb() + 1
  const frameMbsOnly = bits.read(1)
  if (frameMbsOnly === 0) bits.read(1)
  bits.read(1) // direct_8x8_inference
  const crop = bits.read(1) === 1 ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()] : [0, 0, 0, 0]
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  return {
    profile,
    constraints,
    level,
    width: widthInBlocks * 16 - 2 * (left + right),
    height: heightInUnits * 16 * (2 - frameMbsOnly) - 2 * (2 - frameMbsOnly) * (top + bottom),
    isProgressive: frameMbsOnly === 1,
  }
}

/** RFC 6381, e.g. `avc1.64001f`. */
export function codecOf(sps: SpsFacts): string {
  return `avc1.${[sps.profile, sps.constraints, sps.level].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Without emulation prevention bytes: 00 00 03 → 00 00. */
function unescaped(payload: Buffer): Buffer {
  return Buffer.from(payload.filter((byte, index) => !(byte === 3 && payload[index - 1] === 0 && payload[index - 2] === 0)))
}

function bitReader(bytes: Buffer): { read(count: number): number; golomb(): number } {
  let at = 0
  const read = (count: number): number => {
    let value = 0
    for (let bit = 0; bit < count; bit++, at++) {
      const byte = bytes[at >> 3]
      if (byte === undefined) throw new StationError('PACKAGE_INVALID', 'A sequence parameter set is cut off.')
      value = value * 2 + ((byte >> (7 - (at & 7))) & 1)
    }
    return value
  }
  const golomb = (): number => {
    let zeros = 0
    while (read(1) === 0) if (++zeros > 31) throw new StationError('PACKAGE_INVALID', 'A sequence parameter set is damaged.')
    return 2 ** zeros - 1 + read(zeros)
  }
  return { read, golomb }
}
