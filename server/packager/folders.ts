import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { PackageId } from '#core/library.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import { killGroup } from './run.ts'

/**
 * `<data>/packages/<id>/` holds finished packages and nothing else; what is being made lives in `<data>/work/<server>/`. A package appears
 * by one rename, after everything in it is on the disk, and never changes.
 */
export type Folders = {
  readonly packages: string
  /** Of this server alone; there while something is in it. */
  readonly work: string
  /** A new empty folder for one job. */
  openWork(): Promise<WorkFolder>
}

export type WorkFolder = {
  readonly path: string
  /** Remembers a child, so that the next start can end it if this server is killed. */
  noteChild(pid: number | undefined): Promise<void>
  /** Makes the package visible. One that is there already (another server on the same data) stays. */
  publish(index: PackageIndex): Promise<void>
  discard(): Promise<void>
}

/**
 * Makes the folders, and first of all ends what killed servers left running and clears away what they left half-made. Servers that still
 * live, or live on another machine, keep theirs.
 */
export async function openFolders(dataDir: string): Promise<Folders> {
  const packages = join(dataDir, 'packages')
  const root = join(dataDir, 'work')
  const work = join(root, [hostName(), process.pid, startOf(process.pid) ?? ''].join(' '))
  await mkdir(packages, { recursive: true })
  await mkdir(root, { recursive: true })
  await sweepWork(root)
  return {
    packages,
    work,
    async openWork() {
      const name = randomBytes(8).toString('hex')
      const path = join(work, name)
      await mkdir(path, { recursive: true })
      const pidFile = join(work, `${name}.pid`)
      return {
        path,
        async noteChild(pid) {
          if (pid !== undefined) await writeFile(pidFile, `${pid} ${startOf(pid) ?? ''}`)
        },
        async publish(index) {
          await writeDurably(join(path, 'index.json'), Buffer.from(JSON.stringify(index)))
          await syncFolder(path)
          await rename(path, join(packages, index.id)).catch((error: NodeJS.ErrnoException) => {
            if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
          })
          await syncFolder(packages)
        },
        async discard() {
          await rm(path, { recursive: true, force: true })
          await rm(pidFile, { force: true })
          // the last one out
          await rmdir(work).catch(() => undefined)
        },
      }
    },
  }
}

/** SHA-256 of what the package's bytes depend on. */
export const packageIdOf = (identity: string): PackageId => createHash('sha256').update(identity).digest('hex')

export async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'w', 0o644)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A rename is durable once the folder is. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** When the kernel started the process, in its own clock ticks: a number that was given again is not mistaken for the old process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** As part of a folder's name. */
const hostName = (): string => hostname().replaceAll(/[^\w.-]/g, '_')

async function sweepWork(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const [host, pid = '', start = ''] = name.split(' ')
    if (host !== hostName() || isRunning(Number(pid), start)) continue
    for (const file of await readdir(join(root, name)).catch(() => []))
      if (file.endsWith('.pid')) endOrphan(join(root, name, file))
    await rm(join(root, name), { recursive: true, force: true })
  }
}

/** Where the system does not tell when a process started, its number alone decides. */
function isRunning(pid: number, start: string): boolean {
  if (start !== '') return startOf(pid) === start
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function endOrphan(pidFile: string): void {
  let noted: string
  try {
    noted = readFileSync(pidFile, 'latin1')
  } catch {
    return
  }
  const [pid = '', start = ''] = noted.split(' ')
  if (start !== '' && startOf(Number(pid)) === start) killGroup(Number(pid))
}

/** The index of a finished package; undefined when there is none. */
export async function readIndex(packages: string, id: PackageId): Promise<PackageIndex | undefined> {
  try {
    return JSON.parse(await readFile(join(packages, id, 'index.json'), 'utf8')) as PackageIndex
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
