import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** The built web app, held in memory: it is small, never changes while the server runs, and is asked for by every new visitor. */
export type Asset = {
  readonly type: string
  readonly etag: string
  readonly cacheControl: string
  readonly plain: Buffer
  readonly br: Buffer | null
  readonly gzip: Buffer | null
}
export type Assets = ReadonlyMap<string, Asset>

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
}
const COMPRESSED = new Set(['.js', '.css', '.svg', '.json', '.webmanifest', '.txt'])
const YEAR = 'public, max-age=31536000, immutable'
const HOUR = 'public, max-age=3600'

/** Within a tenth of the smallest, in a fraction of the time: a start waits for it. */
const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }
const compressBr = promisify(brotliCompress)
const compressGzip = promisify(gzip)

/** By address, `/assets/entry-….js`. Files outside `assets/` have no hash in their name and are cached for an hour. */
export async function loadAssets(clientDir: string): Promise<Assets> {
  const files = await readdir(clientDir, { recursive: true, withFileTypes: true })
  const entries = files
    .filter((file) => file.isFile() && !file.parentPath.includes('.vite') && !/\.(?:map|br|gz)$/.test(file.name))
    .map((file) => join(file.parentPath, file.name))
  return new Map(await Promise.all(entries.map(async (path) => [addressOf(clientDir, path), await loadAsset(path)] as const)))
}

async function loadAsset(path: string): Promise<Asset> {
  const plain = await readFile(path)
  const extension = extname(path)
  const isText = COMPRESSED.has(extension)
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    cacheControl: path.includes('/assets/') || path.includes('\\assets\\') ? YEAR : HOUR,
    plain,
    br: isText ? ((await packedAlready(`${path}.br`)) ?? (await compressBr(plain, FAST))) : null,
    gzip: isText ? ((await packedAlready(`${path}.gz`)) ?? (await compressGzip(plain))) : null,
  }
}

/** The build packs what it makes; what is only copied (icons) is packed here. */
async function packedAlready(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch {
    return null
  }
}

const addressOf = (root: string, path: string) => path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/')
