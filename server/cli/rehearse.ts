import { mkdir, rm, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createLocalTime, wallOfText } from '#core/localTime.ts'
import { segmentsOf } from '#core/slicing.ts'
import type { Slice } from '#core/slices.ts'
import { instant, instantOfTick, plusMs, type Instant } from '#core/time.ts'
import { rehearsalClock } from '../clock.ts'
import { openStation } from '../composition/station.ts'
import { configFrom } from '../config.ts'
import { StationError } from '../errors.ts'
import { readSourceFiles } from '../schedules/files.ts'
import { readStationFiles } from '../schedules/read.ts'

const USAGE = `npm run rehearse -- [--at <time>] [--speed <times>] [--for <length>] [--port <port>]

Runs the whole station on a clock of its own, in a data folder of its own, with the packages there are:
  --at     when it begins: with Z or an offset, or YYYY-MM-DDTHH:mm in station time (default: now)
  --speed  how many times as fast as the wall clock, 1 to 600 (default: 60)
  --for    how long on its own clock, such as 90m or 24h (default: 2h)
  --port   where its pages are (default: any free port)
Prints each programme as it comes on, checks that slices touch, and tells at the end how exact the starts were.`

/** What is not packaged by then is missing in the rehearsal. */
const PATIENCE_MS = 120_000
const UNIT_MS: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000 }

try {
  process.exit(await main())
} catch (error) {
  console.error(error instanceof StationError ? error.message : error)
  process.exitCode = 1
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      at: { type: 'string' },
      speed: { type: 'string', default: '60' },
      for: { type: 'string', default: '2h' },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return told(USAGE)
  const root = resolve(import.meta.dirname, '../..')
  const base = configFrom({ ...process.env, PORT: values.port }, root)
  const speed = Number(values.speed)
  if (!(speed >= 1 && speed <= 600)) return told(`--speed must be a number from 1 to 600; found "${values.speed}".`, 2)
  const [, count, unit = ''] = /^(\d{1,4})([mhd])$/.exec(values.for) ?? []
  const lengthMs = Number(count) * (UNIT_MS[unit] ?? Number.NaN)
  if (!(lengthMs > 0)) return told(`--for must be a length such as 90m, 24h or 7d; found "${values.for}".`, 2)

  // Its own database, so that the station's as-run stays the truth; the same packages, which never change.
  const dataDir = join(base.dataDir, 'rehearsal')
  await rm(dataDir, { recursive: true, force: true })
  await mkdir(dataDir, { recursive: true })
  for (const shared of ['packages', 'house']) {
    await mkdir(join(base.dataDir, shared), { recursive: true })
    await symlink(join(base.dataDir, shared), join(dataDir, shared))
  }
  const { databaseUrl: _shared, ...rest } = base
  const from = startOf(values.at, await zoneOf(base.schedulesDir))
  if (from === undefined) return told(`--at must be a time such as 2026-10-25T00:25Z; found "${values.at ?? ''}".`, 2)
  const clock = rehearsalClock(from, speed)
  const station = await openStation({
    config: { ...rest, dataDir },
    clock,
    root,
    searchPath: process.env['PATH'] ?? '',
    print: console.log,
  })
  const address = await station.app.listen({ host: base.host, port: base.port })
  console.log(`${station.name}: rehearsal from ${new Date(from).toISOString()}, ${speed} times as fast, at ${address}`)
  // Else the first minutes would pass while files are looked at.
  for (const startedMs = performance.now(); station.isPackaging() && performance.now() - startedMs < PATIENCE_MS;)
    await pause(200)
  clock.go()
  const isSound = await watch(station.playout, station.zone, { until: plusMs(from, lengthMs), now: clock.now })
  await station.close()
  return isSound ? 0 : 1
}

type Watched = {
  readonly channels: () => readonly { readonly id: string }[]
  readonly committed: (id: string) => readonly Slice[]
}

async function watch(
  playout: Watched,
  zone: string,
  { until, now }: { readonly until: Instant; readonly now: () => Instant },
): Promise<boolean> {
  const seen = new Map<string, Slice>()
  const clockText = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  let faults = 0
  let starts = 0
  let worstMs = 0
  let [programmeTicks, allTicks] = [0, 0]
  while (now() < until) {
    for (const { id } of playout.channels()) {
      const last = seen.get(id)
      for (const slice of playout.committed(id).filter((one) => one.sequence > (last?.sequence ?? -1))) {
        const before = seen.get(id)
        if (before && (before.to !== slice.from || before.sequence + segmentsOf(before).length !== slice.sequence)) {
          faults += 1
          console.log(`  ! ${id}: the slice at ${clockText.format(instantOfTick(slice.from))} does not touch the one before.`)
        }
        allTicks += slice.to - slice.from
        if (slice.source.kind === 'asset') programmeTicks += slice.to - slice.from
        const { airing } = slice
        if (airing && airing.from === slice.from && before?.airing?.scheduledFrom !== airing.scheduledFrom) {
          const lateMs = instantOfTick(slice.from) - airing.scheduledFrom
          starts += 1
          worstMs = Math.max(worstMs, Math.abs(lateMs))
          console.log(
            `${clockText.format(instantOfTick(slice.from))}  ${id.padEnd(16)} ${airing.title}${slice.reason === 'scheduled' ? '' : `  (${slice.reason}: ${slice.source.kind})`}`,
          )
        }
        seen.set(id, slice)
      }
    }
    await pause(20)
  }
  const share = allTicks === 0 ? 0 : (100 * programmeTicks) / allTicks
  console.log(
    `${starts} starts, at most ${worstMs} ms from the schedule (soft starts wait for what is on); ${share.toFixed(1)} % programme, the rest continuity; ${faults} faults.`,
  )
  return faults === 0 && starts > 0
}

function startOf(text: string | undefined, zone: string): Instant | undefined {
  if (text === undefined) return instant(Date.now())
  if (/(Z|[+-]\d\d:?\d\d)$/.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : instant(Date.parse(text))
  const wall = wallOfText(text)
  return wall === null ? undefined : createLocalTime(zone).instantsOf(wall).first
}

/** Wrong files are told by the start itself. */
async function zoneOf(schedulesDir: string): Promise<string> {
  const read = readStationFiles(await readSourceFiles(schedulesDir))
  return read.ok ? read.value.schedule.zone : 'UTC'
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

function told(text: string, code = 0): number {
  console.log(text)
  return code
}
