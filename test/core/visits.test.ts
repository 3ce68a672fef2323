import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instant, type Instant } from '../../server/core/time.ts'
import {
  active,
  dayBefore,
  daysOf,
  emptyVisits,
  forgetIdle,
  openDaysAt,
  visitStatisticsOf,
  type VisitTotals,
} from '../../server/core/visits.ts'

const dayOf = daysOf('Asia/Ho_Chi_Minh')
/** Station time, in the new year's night. */
const local = (text: string): Instant => instant(Date.parse(`${text}+07:00`))
const visit = (state: ReturnType<typeof emptyVisits>, key: string, text: string) =>
  active(state, { key, day: dayOf(local(text)) }, local(text))
const NO_TOTALS: VisitTotals = { days: [], visits: 0, since: undefined }

test('a visit begins after 30 minutes of silence', () => {
  const state = emptyVisits()
  assert.equal(visit(state, 'a', '2026-12-31T10:00:00'), true)
  assert.equal(visit(state, 'a', '2026-12-31T10:29:59'), false)
  assert.equal(visit(state, 'a', '2026-12-31T10:59:58'), false)
  assert.equal(visit(state, 'a', '2026-12-31T11:29:58'), true)
  assert.equal(visit(state, 'b', '2026-12-31T11:29:58'), true)
  assert.deepEqual([...state.pending], [['2026-12-31', { visits: 3, firstAt: local('2026-12-31T10:00:00') }]])
})

test('days are the station’s, also over the turn of the year', () => {
  assert.equal(dayOf(local('2026-12-31T23:59:59')), '2026-12-31')
  assert.equal(dayOf(local('2027-01-01T00:00:00')), '2027-01-01')
  assert.equal(dayBefore('2027-01-01'), '2026-12-31')
  assert.equal(dayBefore('2028-03-01'), '2028-02-29')
})

test('yesterday stays open for five minutes, then nothing can be added', () => {
  assert.deepEqual(openDaysAt(dayOf, local('2027-01-01T00:04:59')), ['2027-01-01', '2026-12-31'])
  assert.deepEqual(openDaysAt(dayOf, local('2027-01-01T00:05:00')), ['2027-01-01'])
})

test('who is idle is forgotten, and whole days that are closed', () => {
  const state = emptyVisits()
  visit(state, 'a', '2026-12-31T23:20:00')
  visit(state, 'b', '2026-12-31T23:50:00')
  visit(state, 'b', '2027-01-01T00:01:00')
  forgetIdle(state, openDaysAt(dayOf, local('2027-01-01T00:02:00')), local('2027-01-01T00:02:00'))
  assert.deepEqual([...(state.active.get('2026-12-31')?.keys() ?? [])], ['b'])
  forgetIdle(state, openDaysAt(dayOf, local('2027-01-01T00:06:00')), local('2027-01-01T00:06:00'))
  assert.deepEqual([...state.active.keys()], ['2027-01-01'])
})

test('the box adds what is stored, what waits and what an older site had', () => {
  const state = emptyVisits()
  visit(state, 'a', '2026-12-31T23:59:00')
  visit(state, 'a', '2027-01-01T00:01:00')
  visit(state, 'b', '2027-01-01T00:02:00')
  const at = local('2027-01-01T00:03:00')
  const totals = {
    days: [
      { day: '2026-12-30', visits: 4 },
      { day: '2026-12-31', visits: 5 },
    ],
    visits: 109,
    since: local('2026-11-01T08:00:00'),
  }
  assert.deepEqual(visitStatisticsOf({ totals, pending: state.pending, carriedOver: 9_284_117, online: 2, dayOf }, at), {
    asOf: at,
    online: 2,
    today: 2,
    yesterday: 6,
    month: 2,
    total: 9_284_117 + 109 + 3,
    since: local('2026-11-01T08:00:00'),
    carriedOver: 9_284_117,
  })
})

test('yesterday is what today was at midnight, and the total never falls, whatever the visitors do', () => {
  const visitor = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), wait: fc.integer({ min: 0, max: 3 * 3_600_000 }) })
  fc.assert(
    fc.property(fc.array(visitor, { maxLength: 60 }), (visitors) => {
      const state = emptyVisits()
      const box = (at: Instant) =>
        visitStatisticsOf({ totals: NO_TOTALS, pending: state.pending, carriedOver: 0, online: 0, dayOf }, at)
      let now = local('2026-12-31T20:00:00')
      let last = box(now)
      for (const { key, wait } of visitors) {
        const next = instant(now + wait)
        const before = box(next)
        if (dayOf(next) === dayOf(now)) assert.equal(before.today, last.today)
        else if (dayBefore(dayOf(next)) === dayOf(now)) assert.equal(before.yesterday, last.today)
        active(state, { key, day: dayOf(next) }, next)
        now = next
        assert.ok(box(now).total >= last.total && box(now).today >= 1)
        last = box(now)
      }
    }),
  )
})
