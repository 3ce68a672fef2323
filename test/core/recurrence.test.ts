import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cron } from 'croner'
import fc from 'fast-check'
import { compileCron } from '#core/cron.ts'
import { DAY_MS, createLocalTime } from '#core/localTime.ts'
import { createSlotTimes, occurrencesOf } from '#core/recurrence.ts'
import type { Slot } from '#core/schedule.ts'
import { instant } from '#core/time.ts'
import { cronOf, slotOf } from '../support/randomSchedule.ts'

const at = (text: string) => instant(Date.parse(text))
const spanOf = (from: string, to: string) => ({ from: at(from), to: at(to) })
const startsOf = (slot: Slot, zone: string, from: string, to: string) =>
  occurrencesOf(slot, zone, spanOf(from, to)).map((occurrence) => new Date(occurrence.from).toISOString().slice(0, 19))

const field = (least: number, most: number, others: readonly string[]) =>
  fc.oneof(fc.constant('*'), fc.integer({ min: least, max: most }).map(String), fc.constantFrom(...others))
const anyCron = fc
  .tuple(
    field(0, 59, ['*/7', '10-20', '1,3,50-59']),
    field(0, 23, ['*/5', '0-3', '8,12,23']),
    field(1, 31, ['L', '15W', 'LW', '28-31', '*/10']),
    field(1, 12, ['FEB', 'JAN-MAR', '*/5']),
    field(0, 7, ['MON-FRI', 'SUN', 'FRI#2', '5L', '1,3']),
  )
  .map((fields) => fields.join(' '))

test('without changes of clocks a cron means what croner says it means', () => {
  fc.assert(
    fc.property(anyCron, fc.integer({ min: Date.UTC(2024, 0, 1) / DAY_MS, max: Date.UTC(2030, 0, 1) / DAY_MS }), (cron, day) => {
      const [from, to] = [instant(day * DAY_MS), instant((day + 3) * DAY_MS)]
      const croner = new Cron(cron, { timezone: 'UTC', paused: true, mode: '5-or-6-parts', domAndDow: true })
      const expected: number[] = []
      for (let next = croner.nextRun(new Date(from - 1000)); next && next.getTime() < to; next = croner.nextRun(next)) {
        expected.push(next.getTime())
        if (expected.length === 100) break
      }
      const slot = slotOf({ id: 'o', when: cronOf(cron), durationSeconds: 1 })
      const found = occurrencesOf(slot, 'UTC', { from, to }).map((occurrence) => occurrence.from)
      assert.deepEqual(found.filter((start) => start >= from).slice(0, 100), expected)
    }),
    { numRuns: 300 },
  )
})

test('the 29th of February comes every fourth year, the last day with every month, the second Friday when it is', () => {
  const daily = (cron: string) => slotOf({ id: 'o', when: cronOf(cron), durationSeconds: 60 })
  assert.deepEqual(startsOf(daily('0 0 29 2 *'), 'UTC', '2023-01-01T00:00Z', '2033-01-01T00:00Z'), [
    '2024-02-29T00:00:00',
    '2028-02-29T00:00:00',
    '2032-02-29T00:00:00',
  ])
  assert.deepEqual(startsOf(daily('30 23 L * *'), 'UTC', '2028-01-30T00:00Z', '2028-04-01T00:00Z'), [
    '2028-01-31T23:30:00',
    '2028-02-29T23:30:00',
    '2028-03-31T23:30:00',
  ])
  assert.deepEqual(startsOf(daily('0 20 * * FRI#2'), 'Asia/Ho_Chi_Minh', '2026-11-01T00:00Z', '2027-01-01T00:00Z'), [
    '2026-11-13T13:00:00',
    '2026-12-11T13:00:00',
  ])
})

test('day of month and day of week must both fit', () => {
  const slot = slotOf({ id: 'o', when: cronOf('0 9 13 * FRI'), durationSeconds: 60 })
  assert.deepEqual(startsOf(slot, 'UTC', '2026-01-01T00:00Z', '2027-01-01T00:00Z'), [
    '2026-02-13T09:00:00',
    '2026-03-13T09:00:00',
    '2026-11-13T09:00:00',
  ])
})

test('what started before the span and still runs is part of it; what ends as it begins is not', () => {
  const slot = slotOf({ id: 'o', when: cronOf('0 23 * * *'), durationSeconds: 2 * 3600 })
  assert.deepEqual(startsOf(slot, 'UTC', '2026-03-01T00:59:59Z', '2026-03-01T02:00:00Z'), ['2026-02-28T23:00:00'])
  assert.deepEqual(startsOf(slot, 'UTC', '2026-03-01T01:00:00Z', '2026-03-01T02:00:00Z'), [])
})

test('validity and excluded days are local days, both ends included', () => {
  const when = {
    kind: 'cron',
    cron: '0 6 * * *',
    validFrom: '2026-12-30',
    validUntil: '2027-01-02',
    excluded: ['2027-01-01'],
  } as const
  assert.deepEqual(startsOf(slotOf({ id: 'o', when }), 'Asia/Ho_Chi_Minh', '2026-12-01T00:00Z', '2027-02-01T00:00Z'), [
    '2026-12-29T23:00:00',
    '2026-12-30T23:00:00',
    '2027-01-01T23:00:00',
  ])
})

test('occurrences are numbered one by one, from the first valid day, days that are left out not counted', () => {
  fc.assert(
    fc.property(anyCron, fc.constantFrom('UTC', 'Asia/Ho_Chi_Minh', 'America/Havana'), (cron, zone) => {
      const when = { kind: 'cron', cron, validFrom: '2026-02-01', excluded: ['2026-02-06', '2026-02-15', '2026-03-29'] } as const
      const slot = slotOf({ id: 'o', when, durationSeconds: 1 })
      const times = createSlotTimes(slot, createLocalTime(zone))
      const found = times.occurrences(spanOf('2026-01-31T00:00Z', '2026-03-07T00:00Z')).slice(0, 400)
      assert.deepEqual(
        found.map((occurrence) => times.ordinalOf(occurrence)),
        found.map((_, index) => index),
      )
    }),
    { numRuns: 100 },
  )
})

test('a cron that cannot be read says which rule it breaks and what was found', () => {
  const messageOf = (cron: string) => {
    const compiled = compileCron(cron)
    return compiled.ok ? 'accepted' : compiled.message
  }
  assert.match(messageOf('0 5 * *'), /must have 5 fields .* found 4 in "0 5 \* \*"/)
  assert.match(messageOf(''), /found 0/)
  assert.match(messageOf('0 5 * * * * 2026'), /found 7/)
  assert.match(messageOf('61 5 * * *'), /minute 0–59.*found "61 5 \* \* \*"/)
  assert.match(messageOf('0 5 32 * *'), /day 1–31/)
  assert.match(messageOf('@daily'), /5 fields/)
  for (const cron of ['0 5 * * *', '59 0 5 * * *', '0 0 29 2 *', '*/10 5-7 * JAN-MAR MON,WED', '0 0 LW * *']) {
    assert.equal(messageOf(cron), 'accepted', cron)
  }
})
