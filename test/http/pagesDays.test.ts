import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { instant } from '#core/time.ts'
import { createDays, isDay } from '../../server/pages/days.ts'
import { folded } from '#core/fold.ts'
import { pagePathOf } from '../../server/pages/path.ts'

const ZONES = [
  'Asia/Ho_Chi_Minh',
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Apia',
  'Africa/Cairo',
  'Asia/Beirut',
  'Pacific/Kiritimati',
]
const DAY_MS = 86_400_000

describe('local days', () => {
  it('begin at their first instant in every zone, whatever the clocks do that night', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2037, 0, 1) }), (zone, at) => {
        const days = createDays(zone)
        const day = days.dayOf(instant(at))
        const start = days.startOf(day)
        assert.equal(days.dayOf(start), day)
        assert.ok(days.dayOf(instant(start - 1)) < day)
        const length = days.startOf(days.plus(day, 1)) - start
        assert.ok(length >= DAY_MS - 2 * 3_600_000 && length <= DAY_MS + 2 * 3_600_000, `${day} in ${zone} has ${length} ms`)
      }),
      {
        numRuns: 200,
        seed: 7,
        examples: [
          ['Africa/Cairo', Date.UTC(2024, 3, 26, 12)],
          ['Europe/Berlin', Date.UTC(2026, 9, 25, 12)],
        ],
      },
    )
  })
  it('are refused when the calendar has no such day', () => {
    assert.ok(isDay('2028-02-29'))
    for (const text of ['2027-02-29', '2027-13-01', '2027-1-1', '', 'mai']) assert.ok(!isDay(text), text)
  })
})

describe('folded text', () => {
  it('has no accents, no đ and single spaces', () => {
    assert.equal(folded('  Thời  Sự Buổi ĐÊM '), 'thoi su buoi dem')
    assert.equal(folded('Thời sự'.normalize('NFD')), folded('Thời sự'.normalize('NFC')))
  })
})

describe('page addresses', () => {
  it('are split into language, path and query', () => {
    const english = pagePathOf('/en/guide?day=2027-03-12')
    assert.deepEqual([english?.language, english?.path, english?.query.get('day')], ['en', '/guide', '2027-03-12'])
    const vietnamese = pagePathOf('/news/ret%20mu%E1%BB%99n/')
    assert.deepEqual([vietnamese?.language, vietnamese?.segments], ['vi', ['news', 'ret muộn']])
  })
  it('never leave the site', () => {
    for (const url of ['//evil.example/', 'https://evil.example/', 'javascript:alert(1)'])
      assert.equal(pagePathOf(url), null, url)
  })
})
