import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findingsOf } from '#core/findings.ts'
import type { Asset, Library } from '#core/library.ts'
import { DAY_MS, createLocalTime, wallOfText } from '#core/localTime.ts'
import type { Schedule } from '#core/schedule.ts'
import { instant, plusMs, type Instant } from '#core/time.ts'
import { systemClock } from '../clock.ts'
import { configFrom } from '../config.ts'
import { StationError } from '../errors.ts'
import { assetOf, namesOf } from '../library/assets.ts'
import { mediaFilesOf } from '../library/mediaFiles.ts'
import type { AssetRecord } from '../library/store.ts'
import { readSourceFiles } from '../schedules/files.ts'
import { readStationFiles } from '../schedules/read.ts'
import { problemLine } from '../schedules/refusals.ts'
import { rundownReport, slotReport } from '../schedules/reports.ts'
import { createSchedules } from '../schedules/schedules.ts'
import type { StationRecord } from '../schedules/store.ts'
import { secondsOf } from '../schedules/words.ts'
import { DATABASE_FILE, openStore, type Store } from '../store/open.ts'
import { tableOf } from './table.ts'

const USAGE = `npm run schedule -- <command>

  check [folder]            reads the schedule files, shows the next five airings of each slot and what may be mended
  import [folder]           takes the files into the database; shows what changes; does nothing when nothing does
    --dry-run               shows what would change, changes nothing
  export [--to <folder>]    writes the schedule in the database as files (default: schedules-export)
  next --channel <id>       what airs when, overlaps settled
    --at <time>             from when on: YYYY-MM-DDTHH:mm in station time, or with Z or an offset (default: now)
    --for <length>          how far, such as 90m or 24h (default: 24h)`

const config = configFrom(process.env, resolve(import.meta.dirname, '../..'))

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean' },
      to: { type: 'string' },
      channel: { type: 'string' },
      at: { type: 'string' },
      for: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [command, folder] = positionals
  const dir = folder === undefined ? config.schedulesDir : resolve(folder)
  if (values.help || command === undefined) console.log(USAGE)
  else if (command === 'check') await check(dir)
  else if (command === 'import') await withStore((store) => importFiles(store, dir, values['dry-run'] ?? false))
  else if (command === 'export') await withStore((store) => exportFiles(store, resolve(values.to ?? 'schedules-export')))
  else if (command === 'next') await next(values)
  else throw new StationError('BAD_REQUEST', `The command must be check, import, export or next; found "${command}".\n\n${USAGE}`)
} catch (error) {
  console.error(error instanceof StationError ? error.message : error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function check(dir: string): Promise<void> {
  const read = readStationFiles(await readSourceFiles(dir))
  if (!read.ok) {
    for (const problem of read.problems) console.error(problemLine(problem))
    console.error(`\n${read.problems.length} to mend in ${shown(dir)}; nothing was changed.`)
    process.exitCode = 1
    return
  }
  const { schedule } = read.value
  const at = systemClock.now()
  for (const channel of schedule.channels) {
    const { headings, rows } = slotReport(schedule, channel.id, at)
    console.log(`${channel.name} (${channel.id}, ${channel.kind}), times in ${schedule.zone}\n${tableOf(headings, rows)}\n`)
  }
  reportFindings(schedule, await libraryNow(), at)
}

function reportFindings(schedule: Schedule, library: Library, at: Instant): void {
  const findings = findingsOf(schedule, library, { from: at, to: plusMs(at, 8 * DAY_MS) })
  for (const { code, message } of findings) console.log(`${code}: ${message}`)
  const { channels, slots, programmes } = schedule
  console.log(`${channels.length} channels, ${slots.length} slots, ${programmes.length} programmes; ${findings.length} findings.`)
}

async function importFiles(store: Store, dir: string, isDryRun: boolean): Promise<void> {
  const outcome = await schedulesOf(store).importFrom(dir, { isDryRun })
  if (!outcome.ok) {
    for (const problem of outcome.problems) console.error(problemLine(problem))
    console.error(`\n${outcome.problems.length} to mend in ${shown(dir)}; the schedule in the database stays as it is.`)
    process.exitCode = 1
    return
  }
  const { changes, stored } = outcome
  for (const change of changes) console.log(change)
  if (changes.length === 0)
    console.log(`Nothing to change: the database has what ${shown(dir)} says (version ${stored.version}).`)
  else
    console.log(
      isDryRun ? `${changes.length} changes, none made (dry run).` : `${changes.length} changes made: version ${stored.version}.`,
    )
}

async function exportFiles(store: Store, dir: string): Promise<void> {
  const names = await schedulesOf(store).exportTo(dir)
  console.log(`Written to ${shown(dir)}: ${names.join(', ')}`)
}

type NextOptions = { readonly channel?: string; readonly at?: string; readonly for?: string }

async function next({ channel, at, for: length = '24h' }: NextOptions): Promise<void> {
  const schedule = await scheduleNow()
  const ids = schedule.channels.map(({ id }) => id)
  if (channel === undefined || !ids.includes(channel)) {
    throw new StationError(
      'BAD_REQUEST',
      `--channel must be one of ${ids.join(', ')}; found ${channel === undefined ? 'nothing' : `"${channel}"`}.`,
    )
  }
  const seconds = secondsOf(length)
  if (!seconds || seconds > 31 * 86_400) {
    throw new StationError('BAD_REQUEST', `--for must be a length such as 90m or 24h, at most 744h; found "${length}".`)
  }
  const from = at === undefined ? systemClock.now() : instantOf(at, schedule.zone)
  const span = { from, to: plusMs(from, seconds * 1000) }
  const { headings, rows } = rundownReport(schedule, { channel, library: await libraryNow(), span })
  console.log(`${channel}, times in ${schedule.zone}\n${tableOf(headings, rows)}`)
}

function instantOf(text: string, zone: string): Instant {
  const wall = wallOfText(text)
  if (wall !== null) return createLocalTime(zone).instantsOf(wall).first
  const at = /[Zz]$|[+-]\d{2}:?\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) {
    throw new StationError(
      'BAD_REQUEST',
      `--at must be YYYY-MM-DDTHH:mm in station time, or a time with Z or an offset; found "${text}".`,
    )
  }
  return instant(at)
}

/** The schedule in the database; a station that never ran has the one in its files. */
async function scheduleNow(): Promise<Schedule> {
  const stored = hasDatabase() ? await withStore((store) => schedulesOf(store).current()) : null
  if (stored) return stored.schedule
  const read = readStationFiles(await readSourceFiles(config.schedulesDir))
  if (read.ok) return read.value.schedule
  throw new StationError('SCHEDULE_REFUSED', read.problems.map(problemLine).join('\n'))
}

/** What lies in media/ now, with the lengths that the running station has found out. */
async function libraryNow(): Promise<Library> {
  const records = hasDatabase() ? await withStore((store) => store.assets<AssetRecord>().all()) : []
  const known = new Map(records.map((record) => [record.path, assetOf(record)]))
  for (const { path, modifiedMs } of await mediaFilesOf(config.mediaDir)) {
    if (!known.has(path))
      known.set(path, { path, addedAt: instant(modifiedMs), isMissing: false, ...namesOf(path, undefined) } satisfies Asset)
  }
  const slate = { id: '0'.repeat(64), ticks: 48 }
  return { assets: [...known.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), slate: { tv: slate, radio: slate } }
}

function schedulesOf(store: Store) {
  return createSchedules({ store: store.schedules<Schedule, StationRecord>() })
}

function hasDatabase(): boolean {
  return config.databaseUrl !== undefined || existsSync(join(config.dataDir, DATABASE_FILE))
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function shown(dir: string): string {
  const path = relative(process.cwd(), dir)
  return path === '' ? '.' : path.startsWith('..') ? dir : path
}
