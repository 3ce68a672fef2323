import { adtsHeader } from './adts.ts'
import { parseFragment } from './fragment.ts'

/** The AAC frames of an on-air segment of a sound rendition, each behind its ADTS header. Throws PACKAGE_INVALID. */
export function adtsOf(segment: Buffer): Buffer {
  const { sizes, media } = parseFragment(segment)
  const parts: Buffer[] = []
  let at = 0
  for (const size of sizes) {
    parts.push(adtsHeader(size), media.subarray(at, at + size))
    at += size
  }
  return Buffer.concat(parts)
}
