import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, createLocalTime } from '#core/localTime.ts'
import { createSlotTimes } from '#core/recurrence.ts'
import { instant, type Instant } from '#core/time.ts'
import { cronOf, slotOf } from '../support/randomSchedule.ts'

/**
 * Every zone of the zone data over each change of clocks in two years, against a second opinion: all instants around the change, read
 * with `Intl` one by one.
 */
const ZONES = [...Intl.supportedValuesOf('timeZone'), 'UTC']
const [FIRST, LAST] = [Date.UTC(2026, 0, 1), Date.UTC(2028, 0, 1)]
const MINUTE = 60_000

type Change = { readonly at: number; readonly before: number; readonly after: number }
type Offset = (at: number) => number

function offsetsOf(zone: string): Offset {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return (at) => {
    const text = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''
    const match = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text)
    const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0)
    return (match?.[1] === '-' ? -minutes : minutes) * MINUTE
  }
}

function changesOf(offsetAt: Offset): Change[] {
  const changes: Change[] = []
  for (let at = FIRST; at < LAST; at += 14 * DAY_MS) {
    let [low, high] = [at, at + 14 * DAY_MS]
    const [before, after] = [offsetAt(low), offsetAt(high)]
    if (before === after) continue
    while (high - low > MINUTE) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE
      if (offsetAt(middle) === before) low = middle
      else high = middle
    }
    changes.push({ at: high, before, after })
  }
  return changes
}

const changedZones = ZONES.map((zone) => ({ zone, changes: changesOf(offsetsOf(zone)) })).filter(
  ({ changes }) => changes.length > 0,
)

/** What clocks show, minute by minute, a day and a half to both sides of a change. */
function readings({ at, before, after }: Change): { readonly at: number; readonly wall: number }[] {
  return Array.from({ length: 3 * 1440 }, (_, index) => at + (index - 1.5 * 1440) * MINUTE).map((moment) => ({
    at: moment,
    wall: moment + (moment < at ? before : after),
  }))
}

const textOf = (wall: number) => new Date(wall).toISOString().slice(0, 16)
const startsOf = (cron: string, zone: string, change: Change): Instant[] => {
  const slot = slotOf({ id: 'o', when: cronOf(cron), durationSeconds: 60 })
  const span = { from: instant(change.at - DAY_MS), to: instant(change.at + DAY_MS) }
  return createSlotTimes(slot, createLocalTime(zone))
    .occurrences(span)
    .map(({ from }) => from)
    .filter((from) => from >= span.from)
}

test('zones change their clocks, or this file would try nothing', () => {
  assert.ok(changedZones.length > 100, `${changedZones.length} zones`)
  for (const zone of [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Havana',
    'Africa/Cairo',
    'Asia/Beirut',
  ]) {
    assert.ok(
      changedZones.some((changed) => changed.zone === zone),
      zone,
    )
  }
})

test('a fixed time happens once a day: at the first of two readings, at the end of the hour left out', () => {
  for (const { zone, changes } of changedZones) {
    for (const change of changes) {
      const shown = readings(change)
      const wallBefore = change.at + change.before
      const minutesAround = [-61, -60, -59, -31, -30, -1, 0, 1, 15, 29, 30, 31, 45, 59, 60, 61, 120].map(
        (minutes) => wallBefore + minutes * MINUTE,
      )
      for (const wall of minutesAround) {
        const time = new Date(wall)
        const expected = [-1, 0, 1]
          .map((days) => wall + days * DAY_MS)
          .map(
            (wanted) =>
              shown.find((reading) => reading.wall === wanted)?.at ??
              (wanted > wallBefore - DAY_MS && wanted < wallBefore + DAY_MS ? change.at : Number.NaN),
          )
          .filter((at) => at >= change.at - DAY_MS && at < change.at + DAY_MS)
        assert.deepEqual(
          startsOf(`${time.getUTCMinutes()} ${time.getUTCHours()} * * *`, zone, change),
          expected,
          `${zone} ${textOf(wall)}`,
        )
      }
    }
  }
})

test('something every so often happens at each reading of the clock: not in the hour left out, in both of the repeated', () => {
  for (const { zone, changes } of changedZones) {
    for (const change of changes) {
      for (const [cron, every] of [
        ['*/15 * * * *', 15],
        ['*/20 * * * *', 20],
        ['0 * * * *', 60],
      ] as const) {
        const expected = readings(change)
          .filter(
            ({ at, wall }) => at >= change.at - DAY_MS && at < change.at + DAY_MS && new Date(wall).getUTCMinutes() % every === 0,
          )
          .map(({ at }) => at)
        assert.deepEqual(startsOf(cron, zone, change), expected, `${zone} ${cron} ${textOf(change.at)}`)
      }
    }
  }
})

test('every local day has a first instant, and it is the first', () => {
  for (const { zone, changes } of changedZones) {
    const local = createLocalTime(zone)
    for (const { at } of changes) {
      const day = local.dayOf(instant(at))
      for (const each of [day - 1, day, day + 1]) {
        const start = local.startOfDay(each)
        assert.equal(local.dayOf(start), each, zone)
        assert.equal(local.dayOf(instant(start - 1)), each - 1, zone)
      }
    }
  }
})

test('a one-off follows the same rule', () => {
  const startOf = (zone: string, at: string) => {
    const slot = slotOf({ id: 'o', when: { kind: 'once', at }, durationSeconds: 60 })
    const found = createSlotTimes(slot, createLocalTime(zone)).occurrences({ from: instant(FIRST), to: instant(LAST) })
    return found.map(({ from }) => new Date(from).toISOString())
  }
  assert.deepEqual(startOf('Europe/Berlin', '2026-03-29T02:30'), ['2026-03-29T01:00:00.000Z'])
  assert.deepEqual(startOf('Europe/Berlin', '2026-10-25T02:30'), ['2026-10-25T00:30:00.000Z'])
  assert.deepEqual(startOf('Asia/Ho_Chi_Minh', '2026-12-31T23:55:30'), ['2026-12-31T16:55:30.000Z'])
})
