import { access, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, type Transaction } from 'kysely'
import type { Instant } from '#core/time.ts'
import { StationError } from '../errors.ts'
import { checkDump, type Row, type RowCounts } from './dump.ts'
import { readLines } from './dumpFile.ts'
import { JOURNAL_FILE } from './journal.ts'
import { latestSchema, migrateWithin, type Engine } from './migrate.ts'
import { DATABASE_FILE, openDatabase } from './open.ts'
import { openSqliteFile, sqliteDialect } from './sqlite.ts'
import { dataTables, type DataTable, type Tables } from './tables.ts'

export type RestoreOptions = {
  readonly file: string
  readonly dataDir: string
  readonly databaseUrl?: string | undefined
  readonly at: Instant
}

/**
 * Puts a backup in the place of what is in the database, all or nothing; from either engine to either, and from any older schema. The
 * station must not be running.
 */
export async function restore({ file, dataDir, databaseUrl, at }: RestoreOptions): Promise<RowCounts> {
  const { schema, rows } = await checkDump(readLines(file), file)
  await mkdir(dataDir, { recursive: true })
  if (databaseUrl) {
    const database = await openDatabase({ dataDir, databaseUrl })
    await database.db
      .transaction()
      .execute((trx) => fill(trx, { file, schema, engine: 'postgres', at }))
      .finally(database.close)
  } else {
    await restoreSqlite({ file, dataDir, schema, at })
  }
  // Slices that waited for the old database do not belong to this one.
  await setAside(join(dataDir, JOURNAL_FILE))
  return rows
}

async function restoreSqlite({ file, dataDir, schema, at }: { file: string; dataDir: string; schema: string; at: Instant }) {
  const path = join(dataDir, DATABASE_FILE)
  const fresh = `${path}.restoring`
  await refuseRunning(path)
  await removeDatabase(fresh)
  try {
    const db = new Kysely<Tables>({ dialect: sqliteDialect(openSqliteFile(fresh)) })
    await db
      .transaction()
      .execute((trx) => fill(trx, { file, schema, engine: 'sqlite', at }))
      .finally(() => db.destroy())
    await setAside(path)
    await rename(fresh, path)
  } catch (error) {
    await removeDatabase(fresh)
    throw error
  }
}

async function fill(
  trx: Transaction<Tables>,
  { file, schema, engine, at }: { file: string; schema: string; engine: Engine; at: Instant },
): Promise<void> {
  for (const table of [...dataTables(), 'schema_versions'] as const) await trx.schema.dropTable(table).ifExists().execute()
  await migrateWithin(trx, { engine, at, upTo: schema })
  for await (const line of readLines(file)) {
    if (!isRows(line)) continue
    // Rows as the backup has them: it was written by the schema that was just made.
    await trx
      .insertInto(line.table)
      .values(line.rows as never)
      .execute()
  }
  await migrateWithin(trx, { engine, at, upTo: latestSchema() })
}

const isRows = (line: unknown): line is { table: DataTable; rows: readonly Row[] } =>
  typeof line === 'object' && line !== null && 'table' in line

/** A station that runs keeps a lock on its file all the time; closing the last connection also folds the write-ahead log in. */
async function refuseRunning(path: string): Promise<void> {
  if (!(await exists(path))) return
  const file = new Database(path, { timeout: 500 })
  try {
    file.pragma('locking_mode = EXCLUSIVE')
    file.exec('begin exclusive; commit')
  } catch (cause) {
    throw new StationError('STORE_UNREACHABLE', `The database ${path} is in use: stop the station, then restore.`, { cause })
  } finally {
    file.close()
  }
}

async function setAside(path: string): Promise<void> {
  if (await exists(path)) await rename(path, `${path}.before-restore`)
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true })
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
