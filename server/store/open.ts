import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Instant } from '#core/time.ts'
import { systemClock } from '../clock.ts'
import { StationError } from '../errors.ts'
import { createArticles, type Articles } from './articles.ts'
import { createAssetRecords, type AssetRecords } from './assets.ts'
import type { Database } from './database.ts'
import { migrate, type Engine } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { createScheduleVersions, type ScheduleVersions } from './schedules.ts'
import { createSettings, type Settings } from './settings.ts'
import { createSliceStore, type SliceStore } from './slices.ts'
import { openSqliteFile, sqliteDialect } from './sqlite.ts'
import { createStatistics, type Statistics } from './statistics.ts'
import type { Tables } from './tables.ts'

export const DATABASE_FILE = 'phat-song.db'

export type StoreOptions = {
  readonly dataDir: string
  /** PostgreSQL, for several machines; without it SQLite in the data directory. */
  readonly databaseUrl?: string | undefined
  readonly now?: () => Instant
  /** A station that was on air before may start without its database: then queries fail until it answers, and work from then on. */
  readonly mayBeUnreachable?: boolean
}

export type Store = {
  readonly engine: Engine
  readonly slices: SliceStore
  /** The types of schedule and station are the schedules domain's own (JSON to the store). */
  schedules<Schedule, Station>(): ScheduleVersions<Schedule, Station>
  assets<T extends { readonly path: string }>(): AssetRecords<T>
  readonly articles: Articles
  readonly statistics: Statistics
  readonly settings: Settings
  /** Rejects with STORE_UNREACHABLE when the database does not answer now. */
  check(): Promise<void>
  close(): Promise<void>
}

/** @throws STORE_TOO_NEW, STORE_UNREACHABLE */
export async function openStore(options: StoreOptions): Promise<Store> {
  const now = options.now ?? systemClock.now
  const database = await openDatabase(options)
  try {
    await database.ready()
  } catch (error) {
    const isAway = error instanceof StationError && error.code === 'STORE_UNREACHABLE'
    if (!isAway || !options.mayBeUnreachable) {
      await database.close()
      throw error
    }
  }
  return {
    engine: database.engine,
    slices: createSliceStore(database),
    schedules: () => createScheduleVersions(database, now),
    assets: () => createAssetRecords(database),
    articles: createArticles(database),
    statistics: createStatistics(database),
    settings: createSettings(database),
    check: async () => void (await sql`select 1`.execute(database.db)),
    close: database.close,
  }
}

export type OpenDatabase = Database & { ready(): Promise<void>; close(): Promise<void> }

/** The bare database, its schema brought up to date before the first query: for the store, backups and restores. */
export async function openDatabase({ dataDir, databaseUrl, now = systemClock.now }: StoreOptions): Promise<OpenDatabase> {
  if (databaseUrl) return openGated(databaseUrl, now)
  await mkdir(dataDir, { recursive: true })
  const db = new Kysely<Tables>({ dialect: sqliteDialect(openSqliteFile(join(dataDir, DATABASE_FILE))) })
  return { engine: 'sqlite', db, ready: () => migrate(db, 'sqlite', now()), close: () => db.destroy() }
}

/** PostgreSQL may be away at the start: then the first query that reaches it migrates. */
function openGated(databaseUrl: string, now: () => Instant): OpenDatabase {
  const pool = openPostgres(databaseUrl)
  const ungated = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let migrated: Promise<void> | undefined
  const ready = (): Promise<void> => {
    migrated ??= migrate(ungated, 'postgres', now()).catch((error: unknown) => {
      migrated = undefined
      throw error
    })
    return migrated
  }
  const connect = () => ready().then(() => pool.connect())
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: { ...pool, connect } }) })
  return { engine: 'postgres', db, ready, close: () => pool.end() }
}
