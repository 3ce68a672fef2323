import { StationError } from '../errors.ts'
import { byteReader } from './stream.ts'

/** ADTS (ISO 13818-7 §6.2): AAC frames, each behind a header of 7 bytes (9 with a checksum). */

/** AAC-LC at 48 kHz in stereo, the only kind that the house knows. */
const PROFILE_LC = 1
const RATE_48K = 3
const STEREO = 2

/** Raw AAC frames of an ADTS stream. Throws PACKAGE_INVALID on anything but the house's AAC. */
export async function* adtsFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = byteReader(source)
  for (;;) {
    const header = await reader.take(7)
    if (!header) return
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = header
    if (first !== 0xff || (second & 0xf6) !== 0xf0)
      throw new StationError('PACKAGE_INVALID', 'The sound is not a run of ADTS frames.')
    const isHouse =
      third >> 6 === PROFILE_LC && ((third >> 2) & 15) === RATE_48K && (((third & 1) << 2) | (fourth >> 6)) === STEREO
    if (!isHouse) throw new StationError('PACKAGE_INVALID', 'The sound is not AAC-LC, 48 kHz, stereo.')
    const size = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5)
    const headerSize = second & 1 ? 7 : 9
    const rest = size > 7 ? await reader.take(size - 7) : undefined
    if (!rest) throw new StationError('PACKAGE_INVALID', `An ADTS frame says it has ${size} bytes.`)
    yield rest.subarray(headerSize - 7)
  }
}

/** The header that turns a stored frame of `size` bytes back into ADTS. */
export function adtsHeader(size: number): Buffer {
  const length = size + 7
  return Buffer.from([
    0xff,
    0xf1,
    (PROFILE_LC << 6) | (RATE_48K << 2) | (STEREO >> 2),
    ((STEREO & 3) << 6) | (length >> 11),
    (length >> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  ])
}
