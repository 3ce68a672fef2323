import { sql, type Kysely } from 'kysely'
import { StationError } from '../errors.ts'
import { latestSchema } from './migrate.ts'
import { MIGRATIONS } from './migrations/all.ts'
import { DATA_TABLES, dataTables, type DataTable, type Tables } from './tables.ts'

/**
 * The lines of a backup: JSON, the same from either engine. A header, then rows in pages, then how many there were, so that a file cut
 * short is known for one.
 */
export type DumpLine =
  | { readonly format: typeof FORMAT; readonly version: 1; readonly schema: string; readonly createdAt: number }
  | { readonly table: DataTable; readonly rows: readonly Row[] }
  | { readonly end: RowCounts }
export type Row = { readonly [column: string]: string | number | null }
export type RowCounts = { readonly [table in DataTable]: number }

const FORMAT = 'phat-song-backup'
const PAGE = 500

/** Everything in the database as the transaction (or the copy) `db` sees it. */
export async function* dumpOf(db: Kysely<Tables>, createdAt: number): AsyncGenerator<DumpLine> {
  const newest = await db.selectFrom('schema_versions').select('name').orderBy('name', 'desc').limit(1).executeTakeFirst()
  yield { format: FORMAT, version: 1, schema: schemaOf(newest?.name ?? ''), createdAt }
  const counts = emptyCounts()
  for (const table of dataTables()) {
    for await (const rows of pagesOf(db, table)) {
      counts[table] += rows.length
      yield { table, rows }
    }
  }
  yield { end: counts }
}

async function* pagesOf(db: Kysely<Tables>, table: DataTable): AsyncGenerator<readonly Row[]> {
  const keys = DATA_TABLES[table]
  const columns = sql.join(keys.map((key) => sql.ref(key)))
  let after: Row | undefined
  do {
    const start: Row | undefined = after
    const where = start ? sql`where (${columns}) > (${sql.join(keys.map((key) => start[key]))})` : sql``
    const page = await sql<Row>`select * from ${sql.table(table)} ${where} order by ${columns} limit ${sql.lit(PAGE)}`.execute(db)
    if (page.rows.length > 0) yield page.rows
    after = page.rows.length === PAGE ? page.rows.at(-1) : undefined
  } while (after)
}

/** Checks a whole backup before anything is changed for it. */
export async function checkDump(lines: AsyncIterable<unknown>, file: string): Promise<{ schema: string; rows: RowCounts }> {
  const refuse = (rule: string): never => {
    throw new StationError('BAD_REQUEST', `${file} is not a whole backup of this program: ${rule}.`)
  }
  let schema: string | undefined
  let isWhole = false
  const counts = emptyCounts()
  for await (const line of lines) {
    if (typeof line !== 'object' || line === null) return refuse('a line is not an object')
    if (schema === undefined) {
      if (!('format' in line) || line.format !== FORMAT || !('version' in line) || line.version !== 1 || !('schema' in line)) {
        return refuse(`its first line must have format "${FORMAT}" and version 1`)
      }
      schema = schemaOf(String(line.schema))
    } else if (isWhole) {
      return refuse('it goes on after its end')
    } else if ('table' in line) {
      const table = dataTables().find((name) => name === line.table)
      if (!table || !('rows' in line) || !Array.isArray(line.rows)) return refuse(`it has rows of "${String(line.table)}"`)
      counts[table] += line.rows.length
    } else {
      const end = 'end' in line ? (line.end as Partial<RowCounts>) : {}
      const wrong = dataTables().find((table) => (end[table] ?? 0) !== counts[table])
      if (wrong) return refuse(`table "${wrong}" must have ${end[wrong]} rows and has ${counts[wrong]}`)
      isWhole = true
    }
  }
  if (schema === undefined || !isWhole) return refuse('it has no end')
  return { schema, rows: counts }
}

function schemaOf(name: string): string {
  if (MIGRATIONS.some((migration) => migration.name === name)) return name
  throw new StationError(
    'STORE_TOO_NEW',
    `The schema "${name}" is not known to this program; the newest it knows is "${latestSchema()}".`,
  )
}

const emptyCounts = (): { [table in DataTable]: number } =>
  Object.fromEntries(dataTables().map((table) => [table, 0])) as { [table in DataTable]: number }
