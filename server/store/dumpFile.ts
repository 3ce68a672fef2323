import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { StationError } from '../errors.ts'

/** Gzipped JSON lines; there under its name only when all of it is on disk. For the owner's eyes: it holds signing keys. */
export async function writeLines(path: string, lines: AsyncIterable<unknown>): Promise<void> {
  const part = `${path}.part`
  try {
    await pipeline(Readable.from(textOf(lines)), createGzip(), createWriteStream(part, { mode: 0o600 }))
    const handle = await open(part, 'r+')
    await handle.sync()
    await handle.close()
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function* textOf(lines: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}

/** @throws BAD_REQUEST when the file is not there, not gzip, cut short or not JSON lines */
export async function* readLines(path: string): AsyncGenerator<unknown> {
  const unzipped = createGunzip()
  const reading = pipeline(createReadStream(path), unzipped)
  // Its failure also ends the lines below; it is told at the end.
  reading.catch(() => undefined)
  try {
    for await (const text of createInterface({ input: unzipped, crlfDelay: Infinity })) yield JSON.parse(text) as unknown
    await reading
  } catch (error) {
    if (error instanceof StationError) throw error
    throw new StationError('BAD_REQUEST', `${path} cannot be read as a backup: ${String(error)}.`, { cause: error })
  } finally {
    unzipped.destroy()
  }
}
