import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LRUCache } from 'lru-cache'
import sharp from 'sharp'

export const PICTURE_WIDTHS = [320, 640, 960, 1280] as const
const NAME = /^[0-9a-f]{32}-(320|640|960|1280)\.(webp|jpg)$/
const FORMATS = new Set(['jpeg', 'png', 'webp', 'avif', 'heif', 'gif', 'tiff'])
/** 40 megapixels: more than any camera of the newsroom, and at most some 160 MB while it is scaled. */
const MAX_PIXELS = 40_000_000
const MAX_BYTES = 30 * 1024 * 1024
const CACHE_BYTES = 24 * 1024 * 1024
/** Part of the address: pictures made by other settings are other pictures. */
const SETTINGS = 'v1 webp78 jpg80'

export type Picture = { readonly type: 'image/webp' | 'image/jpeg'; readonly bytes: Buffer }
export type Pictures = {
  /**
   * Keeps a picture in all widths, without its metadata (a camera writes where it stood). Returns the address of the 960 px WebP; the
   * other widths and JPEG stand at the same address with their number and ending. A narrow picture is not enlarged, its addresses are the same.
   * Refuses what is no picture with a reason in words.
   */
  add(bytes: Buffer): Promise<{ readonly ok: true; readonly src: string } | { readonly ok: false; readonly reason: string }>
  /** Undefined for every name that we did not make. */
  read(name: string): Promise<Picture | undefined>
}

export function createPictures(folder: string): Pictures {
  const cache = new LRUCache<string, Buffer>({ maxSize: CACHE_BYTES, sizeCalculation: (bytes) => bytes.length + 1 })

  async function write(name: string, bytes: Buffer): Promise<void> {
    const target = path.join(folder, name)
    // Whole or not at all, also when the machine stops here.
    const unfinished = `${target}.${randomUUID()}.part`
    await writeFile(unfinished, bytes)
    await rename(unfinished, target)
  }

  return {
    async add(bytes) {
      const hash = createHash('sha256').update(SETTINGS).update(bytes).digest('hex').slice(0, 32)
      const src = `/news/pictures/${hash}-960.webp`
      await mkdir(folder, { recursive: true })
      // The last one written: if it is there, all are.
      const last = `${hash}-1280.jpg`
      if (await exists(path.join(folder, last))) return { ok: true, src }
      const reason = await faultOf(bytes)
      if (reason !== undefined) return { ok: false, reason }
      try {
        for (const width of PICTURE_WIDTHS) {
          const scaled = sharp(bytes, { limitInputPixels: MAX_PIXELS }).autoOrient().resize({ width, withoutEnlargement: true })
          await write(`${hash}-${width}.webp`, await scaled.clone().webp({ quality: 78, effort: 3 }).toBuffer())
          const jpeg = scaled.flatten({ background: '#fff' }).jpeg({ quality: 80, progressive: true })
          await write(`${hash}-${width}.jpg`, await jpeg.toBuffer())
        }
      } catch (error) {
        return { ok: false, reason: `it cannot be read as a picture (${(error as Error).message})` }
      }
      return { ok: true, src }
    },

    async read(name) {
      if (!NAME.test(name)) return undefined
      const type = name.endsWith('.webp') ? 'image/webp' : 'image/jpeg'
      const known = cache.get(name)
      if (known) return { type, bytes: known }
      const bytes = await readFile(path.join(folder, name)).catch(() => undefined)
      if (!bytes) return undefined
      cache.set(name, bytes)
      return { type, bytes }
    },
  }
}

async function faultOf(bytes: Buffer): Promise<string | undefined> {
  if (bytes.length > MAX_BYTES) return `it is ${bytes.length} bytes, at most ${MAX_BYTES} are taken`
  try {
    const { format, width, height } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata()
    if (!FORMATS.has(format)) return `its format is ${format}; JPEG, PNG, WebP, AVIF, GIF and TIFF are taken`
    if (width * height > MAX_PIXELS) return `it is ${width} × ${height} pixels, at most ${MAX_PIXELS / 1e6} million are taken`
    return undefined
  } catch {
    return 'it is no picture'
  }
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  )
