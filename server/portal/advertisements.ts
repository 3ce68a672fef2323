import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { LRUCache } from 'lru-cache'
import sharp from 'sharp'
import type { Station } from '#contract/station.ts'

export type Advertisements = {
  /** The station with its advertisements' pictures as addresses; one whose picture is not there has none (`''`). */
  placed(station: Station): Station
  /** WebP of the picture with this address's name; undefined for every other name. */
  picture(name: string): Promise<Buffer | undefined>
  /** Pictures of the folder that could not be read, in words. */
  readonly problems: readonly string[]
}

const FILE = /\.(jpe?g|png|webp|avif|gif|svg)$/i
const MAX_FILES = 200
const MAX_PIXELS = 40_000_000
/** Twice the widest place for one, for dense screens. */
const MAX_WIDTH = 1200
const CACHE_BYTES = 8 * 1024 * 1024

/**
 * The pictures of `schedules/ads`. An address is made from the bytes, so that it may be cached for ever and a changed picture is
 * another one. Visitors get them re-encoded: no metadata, and what is drawn by SVG comes without what SVG could run.
 */
export async function createAdvertisements(folder: string): Promise<Advertisements> {
  const files = new Map<string, { readonly name: string; readonly file: string }>()
  const problems: string[] = []
  const entries = await readdir(folder).catch((): string[] => [])
  for (const file of entries.filter((entry) => FILE.test(entry)).slice(0, MAX_FILES)) {
    const bytes = await readFile(path.join(folder, file))
    const fault = await faultOf(bytes)
    if (fault !== undefined) problems.push(`${file} is left out: ${fault}`)
    else files.set(file.normalize('NFC'), { name: `${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}.webp`, file })
  }
  const byName = new Map([...files.values()].map((one) => [one.name, one.file]))
  const made = new LRUCache<string, Buffer>({ maxSize: CACHE_BYTES, sizeCalculation: (bytes) => bytes.length + 1 })

  return {
    problems,
    placed: (station) => ({
      ...station,
      advertisements: station.advertisements.map((one) => ({ ...one, image: srcOf(one.image) })),
    }),
    async picture(name) {
      const file = byName.get(name)
      if (file === undefined) return undefined
      const known = made.get(name)
      if (known) return known
      const bytes = await readFile(path.join(folder, file)).catch(() => undefined)
      if (!bytes) return undefined
      const webp = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
        .autoOrient()
        .resize({ width: MAX_WIDTH, withoutEnlargement: true })
        .webp({ quality: 82, effort: 3 })
        .toBuffer()
      made.set(name, webp)
      return webp
    },
  }

  /** Written as the name of the file, with or without the folder's address before it. */
  function srcOf(image: string): string {
    const found = files.get(image.replace(/^\/?ads\//, '').normalize('NFC'))
    return found ? `/ads/${found.name}` : ''
  }
}

async function faultOf(bytes: Buffer): Promise<string | undefined> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata()
    return width * height > MAX_PIXELS ? `it is ${width} × ${height} pixels` : undefined
  } catch {
    return 'it is no picture'
  }
}
