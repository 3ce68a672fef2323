import Database from 'better-sqlite3'
import { SqliteDialect, type Dialect } from 'kysely'
import { StationError } from '../errors.ts'

/** The file could not be used for now: full, locked by another process, or its disk fails. */
const UNREACHABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|PROTOCOL)/

export function openSqliteFile(path: string): Database.Database {
  try {
    const file = new Database(path)
    // The wait blocks the event loop, and only a command line tool can be in the way.
    file.pragma('busy_timeout = 2000')
    file.pragma('journal_mode = WAL')
    // What is acknowledged survives a power cut, and a listed segment must.
    file.pragma('synchronous = FULL')
    file.pragma('foreign_keys = ON')
    return file
  } catch (error) {
    throw sqliteError(error, path)
  }
}

export function sqliteDialect(file: Database.Database): Dialect {
  return new SqliteDialect({
    database: {
      close: () => void file.close(),
      prepare(text) {
        // A transaction that reads before it writes would fail at once, without waiting, if another process wrote in between.
        const statement = within(file, () => file.prepare<unknown[]>(text === 'begin' ? 'begin immediate' : text))
        return {
          reader: statement.reader,
          all: (parameters) => within(file, () => statement.all(...parameters)),
          run: (parameters) => within(file, () => statement.run(...parameters)),
          iterate: (parameters) => statement.iterate(...parameters) as IterableIterator<unknown>,
        }
      },
    },
  })
}

function within<T>(file: Database.Database, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw sqliteError(error, file.name)
  }
}

function sqliteError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!UNREACHABLE.test(code)) return error
  return new StationError('STORE_UNREACHABLE', `The database file ${path} cannot be used now (${code}).`, { cause: error })
}
