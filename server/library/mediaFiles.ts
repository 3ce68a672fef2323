import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { StationError } from '../errors.ts'

/** A file below `media/` as the disk has it. */
export type MediaFile = {
  /** Relative, NFC, `/` as separator. */
  readonly path: string
  /** The same as the disk spells it: some systems store letters and marks apart. */
  readonly diskPath: string
  readonly sizeBytes: number
  readonly modifiedMs: number
}

const SOUND = [
  'mp3',
  'm4a',
  'aac',
  'wav',
  'flac',
  'ogg',
  'oga',
  'opus',
  'wma',
  'aif',
  'aiff',
  'ac3',
  'mka',
  'amr',
  'caf',
  'w64',
  'ape',
  'wv',
  'au',
]
const PICTURE = [
  'mp4',
  'm4v',
  'mov',
  'mkv',
  'webm',
  'avi',
  'ts',
  'm2ts',
  'mts',
  'mpg',
  'mpeg',
  'vob',
  'flv',
  'wmv',
  'asf',
  'mxf',
  'ogv',
  '3gp',
  'dv',
]
const EXTENSIONS = new Set([...SOUND, ...PICTURE])
/** Deeper than any archive; a loop of mounts would be endless. */
const MOST_DEPTH = 24

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase()
const isHidden = (name: string): boolean => name.startsWith('.') || name.startsWith('~') || name.endsWith('~')

/** Every media file below `root`, sorted by path. Symbolic links are never followed. Throws when `root` itself cannot be read. */
export async function mediaFilesOf(root: string): Promise<readonly MediaFile[]> {
  const found = new Map<string, MediaFile>()
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (folder === '') throw error
      return []
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (isHidden(entry.name)) continue
      const diskPath = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && depth < MOST_DEPTH) await walk(diskPath, depth + 1)
      if (!entry.isFile() || !EXTENSIONS.has(extensionOf(entry.name))) continue
      const path = diskPath.normalize('NFC')
      const stats = await lstat(join(root, diskPath)).catch(() => undefined)
      // two spellings of one name: the first stands
      if (!stats?.isFile() || found.has(path)) continue
      found.set(path, { path, diskPath, sizeBytes: stats.size, modifiedMs: Math.trunc(stats.mtimeMs) })
    }
  }
  await walk('', 0)
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Opens a media file without following a link, and makes sure that what is open lies below `root` and is what was seen. From then on only
 * the descriptor is used, so that swapping the name changes nothing. Throws MEDIA_REFUSED.
 */
export async function openMedia(root: string, file: MediaFile): Promise<FileHandle> {
  const refused = (why: string, cause?: unknown): StationError =>
    new StationError('MEDIA_REFUSED', `The file ${JSON.stringify(file.path)} ${why}.`, { cause })
  const full = join(root, file.diskPath)
  const handle = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw refused('cannot be opened', cause)
  })
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw refused('is not a plain file')
    if ((await realpath(full)) !== full) throw refused('is reached through a link')
    const named = await lstat(full)
    if (named.ino !== stats.ino || named.dev !== stats.dev) throw refused('was replaced while it was opened')
    if (stats.size !== file.sizeBytes || Math.trunc(stats.mtimeMs) !== file.modifiedMs)
      throw refused('changed since it was looked at')
    return handle
  } catch (error) {
    await handle.close()
    throw error instanceof StationError ? error : refused('cannot be opened', error)
  }
}

export async function contentHashOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1024 * 1024)
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
}

const SYNC_BYTE = 0x47
const TRANSPORT_EXTENSIONS = ['ts', 'mts', 'm2ts']

/** `.ts` is also the ending of TypeScript, and scripts may lie beside the media they make: only transport streams are looked at. */
export async function isOtherKind(handle: FileHandle, path: string): Promise<boolean> {
  if (!TRANSPORT_EXTENSIONS.includes(extensionOf(path))) return false
  const head = Buffer.alloc(5)
  await handle.read(head, 0, head.length, 0)
  // plain packets start with it, Blu-ray's after a 4-byte time code
  return head[0] !== SYNC_BYTE && head[4] !== SYNC_BYTE
}
