import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { RenditionId } from '#core/ladder.ts'
import type { PackageId } from '#core/library.ts'
import type { PackagedRendition, PackageIndex } from '#core/packageIndex.ts'
import { StationError } from '../errors.ts'
import { readIndex, type Folders } from './folders.ts'

/** Finished packages, read by whoever airs them. */
export type Packages = {
  /** Known to be there, as of the start and what was published since. */
  has(id: PackageId): boolean
  ids(): readonly PackageId[]
  /** Tells that a package was published. */
  noteNew(id: PackageId): void
  /** The index when a whole package is there already; what is left of a damaged one is removed, to make room. */
  wholeOrGone(id: PackageId): Promise<PackageIndex | undefined>
  /** Rejects with PACKAGE_INVALID when there is none or its index is damaged. */
  index(id: PackageId): Promise<PackageIndex>
  /** Fragments `first` … `first + count - 1`, one buffer each (`moof` + `mdat`). Rejects with PACKAGE_INVALID when they are not all there. */
  readFragments(id: PackageId, rendition: RenditionId, first: number, count: number): Promise<readonly Buffer[]>
  readInit(id: PackageId, rendition: RenditionId): Promise<Buffer>
  /** Whether every file has the size that its index says: a cheap look, without decoding. */
  isWhole(id: PackageId): Promise<boolean>
  /** Removes packages that nothing refers to any more; tells which. */
  sweep(keep: ReadonlySet<PackageId>): Promise<readonly PackageId[]>
}

const PACKAGE_ID = /^[0-9a-f]{64}$/
const KEPT_INDEXES = 500

export async function createPackages(folders: Pick<Folders, 'packages' | 'work'>): Promise<Packages> {
  const known = new Set((await readdir(folders.packages)).filter((name) => PACKAGE_ID.test(name)))
  const indexes = new LRUCache<PackageId, PackageIndex>({ max: KEPT_INDEXES })

  const index = async (id: PackageId): Promise<PackageIndex> => {
    const cached = indexes.get(id)
    if (cached) return cached
    const read = PACKAGE_ID.test(id) ? await readIndex(folders.packages, id).catch(() => undefined) : undefined
    if (!read || read.version !== 1 || read.id !== id)
      throw new StationError('PACKAGE_INVALID', `The package ${id} has no readable index.`)
    indexes.set(id, read)
    return read
  }
  const renditionOf = async (id: PackageId, rendition: RenditionId): Promise<PackagedRendition> => {
    const found = (await index(id)).renditions[rendition]
    if (!found) throw new StationError('PACKAGE_INVALID', `The package ${id} has no rendition ${rendition}.`)
    return found
  }
  const read = async (id: PackageId, file: string, [offset, size]: readonly [number, number]): Promise<Buffer> => {
    const damaged = (cause?: unknown): StationError =>
      new StationError('PACKAGE_INVALID', `The package ${id} is damaged: ${file} does not have ${size} bytes at ${offset}.`, {
        cause,
      })
    const handle = await open(join(folders.packages, id, file), 'r').catch((cause: unknown) => {
      throw damaged(cause)
    })
    try {
      const buffer = Buffer.allocUnsafeSlow(size)
      const { bytesRead } = await handle.read(buffer, 0, size, offset)
      if (bytesRead !== size) throw damaged()
      return buffer
    } finally {
      await handle.close()
    }
  }

  const isWhole = async (id: PackageId): Promise<boolean> => {
    const found = await index(id).catch(() => undefined)
    if (!found) return false
    const sizes = await Promise.all(
      Object.values(found.renditions).map(async ({ file, fragments }) => {
        const end = fragments.at(-1)
        const { size } = await stat(join(folders.packages, id, file)).catch(() => ({ size: -1 }))
        return end !== undefined && size === end[0] + end[1]
      }),
    )
    return sizes.length > 0 && sizes.every(Boolean)
  }
  const remove = async (id: PackageId): Promise<void> => {
    known.delete(id)
    indexes.delete(id)
    if (!PACKAGE_ID.test(id)) return
    // out of sight in one step; what a crash leaves is swept with the half-made work
    const doomed = join(folders.work, `removed-${id}`)
    await mkdir(folders.work, { recursive: true })
    await rename(join(folders.packages, id), doomed).catch(() => undefined)
    await rm(doomed, { recursive: true, force: true })
    await rmdir(folders.work).catch(() => undefined)
  }

  return {
    has: (id) => known.has(id),
    ids: () => [...known],
    noteNew(id) {
      known.add(id)
      indexes.delete(id)
    },
    async wholeOrGone(id) {
      indexes.delete(id)
      if (await isWhole(id)) return index(id)
      await remove(id)
      return undefined
    },
    index,
    async readFragments(id, rendition, first, count) {
      const { file, fragments } = await renditionOf(id, rendition)
      const ranges = fragments.slice(first, first + count)
      const [start] = ranges
      const last = ranges.at(-1)
      if (!start || !last || ranges.length !== count) {
        throw new StationError(
          'PACKAGE_INVALID',
          `The package ${id} has ${fragments.length} fragments, ${first} to ${first + count - 1} are due.`,
        )
      }
      const bytes = await read(id, file, [start[0], last[0] + last[1] - start[0]])
      return ranges.map(([offset, size]) => {
        const fragment = bytes.subarray(offset - start[0], offset - start[0] + size)
        // a file can keep its length and lose its content: blocks of zeros after a power cut
        if (fragment.toString('latin1', 4, 8) !== 'moof') {
          throw new StationError('PACKAGE_INVALID', `The package ${id} is damaged: no fragment at ${offset} of ${file}.`)
        }
        return fragment
      })
    },
    async readInit(id, rendition) {
      const { file, init } = await renditionOf(id, rendition)
      return read(id, file, init)
    },
    isWhole,
    async sweep(keep) {
      const removed = [...known].filter((id) => !keep.has(id))
      for (const id of removed) await remove(id)
      return removed
    },
  }
}
