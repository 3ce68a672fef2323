import { StationError } from '../errors.ts'

/** Bytes of a pipe as they come, asked for in exact amounts. */
export type ByteReader = {
  /** Exactly `size` bytes; undefined at a clean end. Throws PACKAGE_INVALID when the stream ends inside. */
  take(size: number): Promise<Buffer | undefined>
}

export function byteReader(source: AsyncIterable<Buffer>): ByteReader {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer[] = []
  let heldBytes = 0
  return {
    async take(size) {
      while (heldBytes < size) {
        const next = await chunks.next()
        if (next.done) {
          if (heldBytes === 0) return undefined
          throw new StationError('PACKAGE_INVALID', `ffmpeg's output ends ${size - heldBytes} bytes too early.`)
        }
        held.push(next.value)
        heldBytes += next.value.length
      }
      const all = held.length === 1 && held[0] ? held[0] : Buffer.concat(held)
      held = all.length > size ? [all.subarray(size)] : []
      heldBytes -= size
      return all.subarray(0, size)
    },
  }
}

/** No fragment of ours comes near this. */
const MOST_BOX_BYTES = 64 * 1024 * 1024

/** Top-level boxes of a fragmented MP4 that is still being written. */
export async function* streamedBoxes(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly type: string; readonly bytes: Buffer }> {
  const reader = byteReader(source)
  for (;;) {
    const header = await reader.take(8)
    if (!header) return
    const size = header.readUInt32BE(0)
    if (size < 8 || size > MOST_BOX_BYTES) throw new StationError('PACKAGE_INVALID', `ffmpeg wrote a box of ${size} bytes.`)
    const body = size > 8 ? await reader.take(size - 8) : Buffer.alloc(0)
    if (!body) throw new StationError('PACKAGE_INVALID', 'ffmpeg’s output ends inside a box.')
    yield { type: header.toString('latin1', 4, 8), bytes: Buffer.concat([header, body]) }
  }
}
