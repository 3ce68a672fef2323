import pg from 'pg'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import { StationError } from '../errors.ts'

/** How long a query may wait for a connection, and how long for its answer, before the station goes on without the database. */
const PATIENCE_MS = 2_000
const MAX_CONNECTIONS = 8

/** Classes 08 (connection), 53 (resources), 57 (operator) and 58 (system) of PostgreSQL's error codes. */
const UNREACHABLE_STATE = /^(08|53|57|58)/
/** Also what a pooler says while its server is away. */
const UNREACHABLE_WORDS = /timeout|terminat|ended|not queryable|closed|Connection error/i

/** Queries that the server does not answer fail with STORE_UNREACHABLE; the next ones try again by themselves. */
export function openPostgres(databaseUrl: string, patienceMs: number = PATIENCE_MS): PostgresPool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
    statement_timeout: patienceMs,
    // A transaction whose machine vanished must not keep its rows locked.
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: 'phat-song',
    types: { getTypeParser },
  })
  // An idle connection that the server closes is news for the next query, not a reason to end the process.
  pool.on('error', () => undefined)
  const where = addressOf(databaseUrl)
  return {
    options: pool.options,
    connect: () => pool.connect().then((client) => watched(client, where), fail(where)),
    end: () => pool.end(),
  }
}

/** Everything here fits in 53 bits, so `bigint` and `numeric` (sums of it) come as numbers; pg would give text. */
const getTypeParser = ((id: number, format?: 'text' | 'binary') =>
  id === pg.types.builtins.INT8 || id === pg.types.builtins.NUMERIC
    ? Number
    : pg.types.getTypeParser(id, format ?? 'text')) as typeof pg.types.getTypeParser

/** One wrapper per client: Kysely keeps its own state of a connection by identity. */
const wrappers = new WeakMap<pg.PoolClient, PostgresPoolClient>()

function watched(client: pg.PoolClient, where: string): PostgresPoolClient {
  const known = wrappers.get(client)
  if (known) return known
  let isBroken = false
  // Without a listener a connection that breaks between two queries of a transaction would end the process.
  client.on('error', () => {
    isBroken = true
  })
  const query = async (text: string, parameters: readonly unknown[] = []) => {
    // After the first silence the rollback of the same transaction need not wait for a second one.
    if (isBroken) throw new StationError('STORE_UNREACHABLE', `The database ${where} does not answer.`)
    try {
      return await client.query(text, [...parameters])
    } catch (error) {
      const told = unreachable(error, where)
      // The answer may still come: a later query on this connection would wait behind it.
      if (told) isBroken = true
      throw told ?? error
    }
  }
  const wrapper = { query, release: (destroy?: boolean) => client.release(isBroken || destroy === true) }
  // Kysely streams through cursors only where it was given one; it was not.
  wrappers.set(client, wrapper as unknown as PostgresPoolClient)
  return wrapper as unknown as PostgresPoolClient
}

const fail = (where: string) => (error: unknown) => {
  throw unreachable(error, where) ?? error
}

function unreachable(error: unknown, where: string): StationError | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? String(error.code) : ''
  const isUnreachable =
    /^E[A-Z]+$/.test(code) || UNREACHABLE_STATE.test(code) || (code === '' && UNREACHABLE_WORDS.test(error.message))
  if (!isUnreachable) return undefined
  return new StationError('STORE_UNREACHABLE', `The database ${where} does not answer: ${error.message || code}.`, {
    cause: error,
  })
}

/** For messages: never with its password. */
function addressOf(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    return `${url.hostname || url.searchParams.get('host') || 'localhost'}:${url.port || '5432'}${url.pathname}`
  } catch {
    return 'of DATABASE_URL'
  }
}
