import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { configFrom } from '../config.ts'
import { StationError } from '../errors.ts'
import { backUp } from '../store/backup.ts'

const USAGE = `npm run backup [-- --to <folder>] [--packages]

Writes the station's database to one file, while the station may be running.
  --to <folder>   where to (default: <data directory>/backups)
  --packages      also copies the packaged media and pictures that are not there yet`

try {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, packages: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) console.log(USAGE)
  else await run(values)
} catch (error) {
  console.error(error instanceof StationError ? `${error.code}: ${error.message}` : error)
  process.exitCode = 1
}

async function run({ to, packages }: { to?: string; packages?: boolean }) {
  const { dataDir, databaseUrl } = configFrom(process.env, resolve(import.meta.dirname, '../..'))
  const folders = packages ? ['packages', 'house', 'pictures'] : []
  const target = to ? resolve(to) : join(dataDir, 'backups')
  const file = await backUp({ dataDir, databaseUrl, to: target, at: systemClock.now(), folders })
  console.log(`Backup written to ${file}`)
}
