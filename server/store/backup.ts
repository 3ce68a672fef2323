import { randomUUID } from 'node:crypto'
import { access, cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely } from 'kysely'
import type { Instant } from '#core/time.ts'
import { StationError } from '../errors.ts'
import { dumpOf } from './dump.ts'
import { writeLines } from './dumpFile.ts'
import { DATABASE_FILE, openDatabase } from './open.ts'
import { sqliteDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'

export type BackupOptions = {
  readonly dataDir: string
  readonly databaseUrl?: string | undefined
  readonly to: string
  readonly at: Instant
  /** Folders of the data directory to copy beside it, e.g. `packages`. Their files never change: what is there already is kept. */
  readonly folders?: readonly string[]
}

/** A consistent picture of the database of a running station. Resolves with the file's path. */
export async function backUp({ dataDir, databaseUrl, to, at, folders = [] }: BackupOptions): Promise<string> {
  await mkdir(to, { recursive: true })
  const path = join(to, `phat-song-${new Date(at).toISOString().replace(/:/g, '').slice(0, 17)}Z.jsonl.gz`)
  await (databaseUrl ? dumpPostgres({ dataDir, databaseUrl, path, at }) : dumpSqlite({ dataDir, to, path, at }))
  for (const folder of folders) {
    await cp(join(dataDir, folder), join(to, folder), { recursive: true, force: false, errorOnExist: false })
  }
  return path
}

async function dumpPostgres({
  dataDir,
  databaseUrl,
  path,
  at,
}: {
  dataDir: string
  databaseUrl: string
  path: string
  at: Instant
}) {
  const database = await openDatabase({ dataDir, databaseUrl })
  try {
    await database.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => writeLines(path, dumpOf(trx, at)))
  } finally {
    await database.close()
  }
}

/**
 * Through SQLite's own backup, which sees a consistent file while the station writes to it; a copy of the file by other means may be
 * broken, and opening it by other means can break the original.
 */
async function dumpSqlite({ dataDir, to, path, at }: { dataDir: string; to: string; path: string; at: Instant }) {
  const source = join(dataDir, DATABASE_FILE)
  await access(source).catch((cause: unknown) => {
    throw new StationError('NOT_FOUND', `There is no database ${source} to back up.`, { cause })
  })
  const copy = join(to, `.${randomUUID()}.db`)
  const file = new Database(source, { readonly: true, timeout: 10_000 })
  try {
    // All in few steps: each write of the station between two steps would start it again.
    await file.backup(copy, { progress: () => 100_000 })
    await dumpCopy(copy, path, at)
  } finally {
    file.close()
    for (const suffix of ['', '-wal', '-shm']) await rm(`${copy}${suffix}`, { force: true })
  }
}

async function dumpCopy(copy: string, path: string, at: Instant) {
  const file = new Database(copy)
  const found = file.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok')
    throw new StationError('STORE_UNREACHABLE', `The database is damaged (${String(found)}): no backup was made.`)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(file) })
  await writeLines(path, dumpOf(db, at)).finally(() => file.close())
}
