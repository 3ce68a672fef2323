import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LRUCache } from 'lru-cache'
import sharp from 'sharp'

const NAME = /^[0-9a-f]{32}-(320|640|960|1280)\.(webp|jpg)$/
const FORMATS = new Set(['jpeg', 'png', 'webp', 'avif', 'heif', 'gif', 'tiff'])
/** 40 megapixels: more than any camera of the newsroom, and at most some 160 MB while it is scaled. */
const MAX_PIXELS = 40_000_000
const MAX_BYTES = 30 * 1024 * 1024
const CACHE_BYTES = 24 * 1024 * 1024
const HASH_LENGTH = 32
const SOURCE = '.source'
/** Part of the address: pictures made by other settings are other pictures. */
const SETTINGS = 'v1 webp78 jpg80'

type Type = 'image/webp' | 'image/jpeg'
export type Picture = { readonly type: Type; readonly bytes: Buffer }
export type Pictures = {
  /**
   * Keeps a picture. Returns the address of its 960 px WebP; the other widths, and JPEG, stand at the same address with their number and
   * ending. A narrow picture is not enlarged, its addresses are the same. Refuses what is no picture with a reason in words.
   */
  add(bytes: Buffer): Promise<{ readonly ok: true; readonly src: string } | { readonly ok: false; readonly reason: string }>
  /** Undefined for every name that is not of a kept picture. */
  read(name: string): Promise<Picture | undefined>
}

/**
 * Visitors get pictures re-encoded and without their metadata (a camera writes where it stood). Each size is made when it is first asked
 * for and kept: an import of many pictures costs a look at each, so that a station's first start does not wait for them.
 */
export function createPictures(folder: string): Pictures {
  const cache = new LRUCache<string, Buffer>({ maxSize: CACHE_BYTES, sizeCalculation: (bytes) => bytes.length + 1 })
  const making = new Map<string, Promise<Buffer | undefined>>()
  // One at a time: the machine's cores belong to the air.
  let queue: Promise<unknown> = Promise.resolve()

  async function keep(name: string, bytes: Buffer): Promise<void> {
    const target = path.join(folder, name)
    // Whole or not at all, also when the machine stops here.
    const unfinished = `${target}.${randomUUID()}.part`
    await writeFile(unfinished, bytes)
    await rename(unfinished, target)
  }

  async function make(name: string): Promise<Buffer | undefined> {
    const source = await readFile(path.join(folder, `${name.slice(0, HASH_LENGTH)}${SOURCE}`)).catch(() => undefined)
    if (!source) return undefined
    const bytes = await encoded(source, Number(name.slice(HASH_LENGTH + 1).split('.')[0]), typeOf(name))
    await keep(name, bytes)
    return bytes
  }

  /** Many who ask at once for a size that is not there yet wait for the same making of it. */
  function made(name: string): Promise<Buffer | undefined> {
    const running = making.get(name)
    if (running) return running
    const job = queue.then(() => make(name)).finally(() => making.delete(name))
    queue = job.catch(() => undefined)
    making.set(name, job)
    return job
  }

  return {
    async add(bytes) {
      const hash = createHash('sha256').update(SETTINGS).update(bytes).digest('hex').slice(0, HASH_LENGTH)
      const src = `/news/pictures/${hash}-960.webp`
      const reason = await faultOf(bytes)
      if (reason !== undefined) return { ok: false, reason }
      await mkdir(folder, { recursive: true })
      await keep(`${hash}${SOURCE}`, bytes)
      return { ok: true, src }
    },

    async read(name) {
      if (!NAME.test(name)) return undefined
      const bytes = cache.get(name) ?? (await readFile(path.join(folder, name)).catch(() => undefined)) ?? (await made(name))
      if (!bytes) return undefined
      cache.set(name, bytes)
      return { type: typeOf(name), bytes }
    },
  }
}

const typeOf = (name: string): Type => (name.endsWith('.webp') ? 'image/webp' : 'image/jpeg')

function encoded(source: Buffer, width: number, type: Type): Promise<Buffer> {
  const scaled = sharp(source, { limitInputPixels: MAX_PIXELS }).autoOrient().resize({ width, withoutEnlargement: true })
  if (type === 'image/webp') return scaled.webp({ quality: 78, effort: 3 }).toBuffer()
  return scaled.flatten({ background: '#fff' }).jpeg({ quality: 80, progressive: true }).toBuffer()
}

async function faultOf(bytes: Buffer): Promise<string | undefined> {
  if (bytes.length > MAX_BYTES) return `it is ${bytes.length} bytes, at most ${MAX_BYTES} are taken`
  try {
    const { format, width, height } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata()
    if (!FORMATS.has(format)) return `its format is ${format}; JPEG, PNG, WebP, AVIF, GIF and TIFF are taken`
    if (width * height > MAX_PIXELS) return `it is ${width} × ${height} pixels, at most ${MAX_PIXELS / 1e6} million are taken`
  } catch {
    return 'it is no picture'
  }
  // Decodes all of it, so that a picture that was cut off is refused now and not when a reader asks for it.
  return encoded(bytes, 64, 'image/webp').then(
    () => undefined,
    (error: Error) => `it cannot be read as a picture (${error.message})`,
  )
}
