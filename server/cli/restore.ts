import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { configFrom } from '../config.ts'
import { StationError } from '../errors.ts'
import { restore } from '../store/restore.ts'

const USAGE = `npm run restore -- <file>

Puts a backup in the place of the station's database, in SQLite or (DATABASE_URL) PostgreSQL, whichever it was made from.
Stop the station first. What was there before is kept beside it as *.before-restore (SQLite).`

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } })
  const [file, ...more] = positionals
  if (values.help || !file || more.length > 0) {
    if (values.help) console.log(USAGE)
    else console.error(USAGE)
    process.exitCode = values.help ? 0 : 1
  } else {
    await run(resolve(file))
  }
} catch (error) {
  console.error(error instanceof StationError ? `${error.code}: ${error.message}` : error)
  process.exitCode = 1
}

async function run(file: string) {
  const { dataDir, databaseUrl } = configFrom(process.env, resolve(import.meta.dirname, '../..'))
  const rows = await restore({ file, dataDir, databaseUrl, at: systemClock.now() })
  console.log(`Restored ${file}:`)
  for (const [table, count] of Object.entries(rows)) console.log(`  ${table.padEnd(18)} ${String(count).padStart(9)} rows`)
}
