import { open, readFile, rename, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** JSON lines that only grow, each on disk when `append` resolves; replaced whole by `rewrite`. */
export type JournalFile = {
  readonly sizeBytes: () => number
  append(records: readonly unknown[]): Promise<void>
  rewrite(records: readonly unknown[]): Promise<void>
  close(): Promise<void>
}

/** Opens the journal and reads what is in it. A last line torn by a power cut was never acknowledged: it is cut off. */
export async function openJournalFile(
  path: string,
): Promise<{ readonly file: JournalFile; readonly records: readonly unknown[] }> {
  const { records, goodBytes } = parsed(await readFile(path).catch(absentAsEmpty))
  let handle = await open(path, 'a')
  let sizeBytes = goodBytes
  await handle.truncate(goodBytes)
  await syncFolder(path)
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  const file: JournalFile = {
    sizeBytes: () => sizeBytes,
    append: (added) =>
      inTurn(async () => {
        const bytes = linesOf(added)
        try {
          await handle.appendFile(bytes)
          await handle.datasync()
          sizeBytes += bytes.length
        } catch (error) {
          // A full disk may have taken half a line; what follows must start on a line of its own.
          await handle.truncate(sizeBytes).catch(() => undefined)
          throw error
        }
      }),
    rewrite: (all) =>
      inTurn(async () => {
        const bytes = linesOf(all)
        const fresh = `${path}.new`
        await writeDurably(fresh, bytes)
        await rename(fresh, path)
        await syncFolder(path)
        await handle.close()
        handle = await open(path, 'a')
        sizeBytes = bytes.length
      }),
    close: () => inTurn(() => handle.close()),
  }
  return { file, records }
}

const linesOf = (records: readonly unknown[]): Buffer =>
  Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))

function parsed(bytes: Buffer): { records: unknown[]; goodBytes: number } {
  const records: unknown[] = []
  let goodBytes = 0
  for (;;) {
    const end = bytes.indexOf(0x0a, goodBytes)
    if (end < 0) return { records, goodBytes }
    try {
      records.push(JSON.parse(bytes.toString('utf8', goodBytes, end)))
    } catch {
      return { records, goodBytes }
    }
    goodBytes = end + 1
  }
}

function absentAsEmpty(error: unknown): Buffer {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
  throw error
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'w')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The name of a new or renamed file is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder: FileHandle = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
