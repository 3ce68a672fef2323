import type { Kysely } from 'kysely'
import type { Engine } from './migrate.ts'
import type { Tables } from './tables.ts'

/** What a repository is made of. */
export type Database = { readonly db: Kysely<Tables>; readonly engine: Engine }

/** JSON columns hold only what this program wrote. */
export const fromJson = <T>(text: string): T => JSON.parse(text) as T

/** PostgreSQL takes at most 65,535 parameters in a statement, SQLite 32,766. */
export function* batchesOf<T>(rows: readonly T[], size = 500): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}
