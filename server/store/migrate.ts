import { sql, type Kysely, type Transaction } from 'kysely'
import { StationError } from '../errors.ts'
import { MIGRATIONS } from './migrations/all.ts'
import type { Tables } from './tables.ts'

export type Migration = { readonly name: string; up(db: Transaction<Tables>): Promise<void> }
export type Engine = 'sqlite' | 'postgres'

/** Any number, as long as every machine of the station asks for the same one. */
const LOCK = 7_202_611

export const latestSchema = (): string => MIGRATIONS.at(-1)?.name ?? ''

/**
 * All that is pending, in ONE transaction, so that a kill at any step leaves the schema as it was. (Kysely's own migrator runs
 * SQLite's steps outside a transaction.)
 *
 * @throws STORE_TOO_NEW when the database knows a migration that this program does not.
 */
export async function migrate(db: Kysely<Tables>, engine: Engine, at: number): Promise<void> {
  await db.transaction().execute((trx) => migrateWithin(trx, { engine, at, upTo: latestSchema() }))
}

/** As `migrate`, inside a transaction of the caller's, and no further than `upTo`. */
export async function migrateWithin(
  trx: Transaction<Tables>,
  { engine, at, upTo }: { engine: Engine; at: number; upTo: string },
): Promise<void> {
  // Several machines may start at once on one PostgreSQL; on SQLite `begin immediate` already serialises them.
  if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(trx)
  await trx.schema
    .createTable('schema_versions')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute()
  const applied = (await trx.selectFrom('schema_versions').select('name').execute()).map((row) => row.name)
  refuseNewer(applied)
  for (const migration of MIGRATIONS) {
    if (migration.name <= upTo && !applied.includes(migration.name)) {
      await migration.up(trx)
      await trx.insertInto('schema_versions').values({ name: migration.name, applied_at: at }).execute()
    }
  }
}

function refuseNewer(applied: readonly string[]): void {
  const unknown = applied.filter((name) => !MIGRATIONS.some((migration) => migration.name === name)).sort()
  if (unknown.length === 0) return
  throw new StationError(
    'STORE_TOO_NEW',
    `The database has the schema "${unknown.at(-1)}", this program knows none newer than "${latestSchema()}". ` +
      'Start the newer version of the program, or restore a backup made by this one.',
  )
}
