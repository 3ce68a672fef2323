import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { VisitStatistics } from '#contract/station.ts'
import { instant, type Instant } from '#core/time.ts'
import { StationError } from '../../server/errors.ts'
import { openStore, type Store } from '../../server/store/open.ts'
import { BROWSER, startAudience, type AudienceStation } from '../support/audienceStation.ts'
import { manualClock, type ManualClock } from '../support/manualClock.ts'

/** Station time. */
const local = (text: string): Instant => instant(Date.parse(`${text}+07:00`))
const MINUTE = 60_000

describe('visit statistics', { timeout: 60_000 }, () => {
  let root: string
  let dataDir: string
  let store: Store
  let clock: ManualClock
  let station: AudienceStation
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'ps-stats-'))
  })
  after(() => rm(root, { recursive: true, force: true }))
  beforeEach(async () => {
    dataDir = await mkdtemp(join(root, 's-'))
    store = await openStore({ dataDir })
    clock = manualClock(local('2026-12-31T23:30:00'))
    station = await startAudience({ clock, store, carriedOver: 9_284_117 })
  })
  afterEach(async () => {
    await station.app.close()
    await store.close()
  })

  const visit = async (address: string, headers: Record<string, string> = {}): Promise<boolean> => {
    const response = await station.app.inject({
      url: '/',
      headers: { 'user-agent': BROWSER, 'x-forwarded-for': address, ...headers },
    })
    return JSON.parse(response.body).isNew
  }
  const box = async (): Promise<VisitStatistics> => JSON.parse((await station.app.inject('/api/stats')).body)
  const restart = async () => {
    await station.app.close()
    station = await startAudience({ clock, store })
  }

  test('over the turn of the year: today, yesterday, month, total, and nothing moves twice', async () => {
    await visit('203.0.113.1')
    await visit('203.0.113.2')
    await visit('203.0.113.1')
    assert.deepEqual(await box(), {
      asOf: clock.now(),
      online: null,
      today: 2,
      yesterday: 0,
      month: 2,
      total: 9_284_119,
      since: local('2026-12-31T23:30:00'),
      carriedOver: 9_284_117,
    })
    await clock.advance(29 * MINUTE)
    const lastOfTheYear = await box()
    await clock.advance(MINUTE)
    assert.equal(await visit('203.0.113.2'), true, 'a new day, a new visit')
    const first = await box()
    assert.deepEqual([first.today, first.yesterday, first.month, first.total], [1, lastOfTheYear.today, 1, 9_284_120])
    await clock.advance(6 * MINUTE)
    const { days } = await store.statistics.visitTotals('2026-12-01')
    assert.deepEqual(days, [
      { day: '2026-12-31', visits: 2, isFrozen: true },
      { day: '2027-01-01', visits: 1, isFrozen: false },
    ])
  })

  test('a restart counts nobody twice and forgets nothing', async () => {
    await visit('203.0.113.1')
    await restart()
    assert.equal(await visit('203.0.113.1'), false)
    assert.equal(await visit('203.0.113.9'), true)
    const { today, total, carriedOver } = await box()
    assert.deepEqual([today, total, carriedOver], [2, 9_284_119, 9_284_117])
  })

  test('the salts of a day are gone when it is over, and no address is ever on disk', async () => {
    await visit('203.0.113.77')
    await clock.advance(10_000)
    assert.ok(await store.settings.get('visits.salt.2026-12-31'))
    await clock.advance(36 * MINUTE)
    assert.equal(await store.settings.get('visits.salt.2026-12-31'), undefined)
    assert.deepEqual(await store.settings.get('visits.active'), [])
    const page = await station.page({ headers: { 'x-forwarded-for': '203.0.113.77' } })
    await page.beat()
    await page.close()
    await station.app.close()
    for (const file of ['phat-song.db', 'phat-song.db-wal']) {
      const bytes = await readFile(join(dataDir, file)).catch(() => Buffer.alloc(0))
      assert.ok(!bytes.includes('203.0.113.77'))
    }
  })

  test('robots, prefetches, pages rendered ahead and staff are no visitors', async () => {
    for (const headers of [
      { 'user-agent': 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)' },
      { 'user-agent': 'curl/8.5.0' },
      { 'user-agent': 'facebookexternalhit/1.1' },
      { 'user-agent': '' },
      { 'sec-purpose': 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
      { 'x-moz': 'prefetch' },
    ]) {
      assert.equal(await visit('203.0.113.1', headers), false, JSON.stringify(headers))
    }
    assert.equal((await box()).today, 0)
    assert.equal(await visit('203.0.113.1'), true)
  })

  test('an hour with the player is one visit', async () => {
    clock.set(local('2026-12-30T10:00:00'))
    assert.equal(await visit('127.0.0.1'), true)
    const page = await station.page()
    for (let minute = 0; minute < 60; minute += 1) {
      await page.beat({ mediaSeconds: minute * 60, isHidden: true })
      // In steps that let the page answer pings.
      for (const _ of [1, 2, 3]) await clock.advance(20_000).then(page.settled)
    }
    assert.equal(await visit('127.0.0.1'), false)
    await page.close()
  })

  test('while the database is away nothing is lost, pages do not wait, and the total never falls', async () => {
    let isAway = false
    const cable = <T extends object>(part: T): T =>
      new Proxy(part, {
        get: (target, name) =>
          isAway ? () => Promise.reject(new StationError('STORE_UNREACHABLE', 'pulled')) : Reflect.get(target, name),
      })
    await station.app.close()
    const complaints: string[] = []
    const pulled = { settings: cable(store.settings), statistics: cable(store.statistics) }
    station = await startAudience({ clock, store: pulled, complain: (what) => complaints.push(what) })
    await visit('203.0.113.1')
    await clock.advance(2_000)
    isAway = true
    await visit('203.0.113.2')
    await clock.advance(40 * MINUTE)
    await visit('203.0.113.3')
    const during = await box()
    assert.deepEqual([during.today, during.yesterday, during.total], [1, 2, 9_284_120])
    assert.ok(complaints.length >= 1 && complaints.length < 20, 'complains, but not each second')
    isAway = false
    await clock.advance(MINUTE)
    assert.deepEqual([(await box()).total, (await store.statistics.visitTotals('2026-01-01')).visits], [9_284_120, 3])
    assert.deepEqual((await store.statistics.visitTotals('2026-12-31')).days[0], { day: '2026-12-31', visits: 2, isFrozen: true })
  })

  test('the audience of each minute and the peak of the day are kept, once the count is warm', async () => {
    clock.set(local('2026-12-30T20:00:00'))
    await clock.advance(MINUTE)
    const page = await station.page()
    for (let s = 0; s <= 120; s += 15) {
      await page.beat({ mediaSeconds: s })
      await clock.advance(15_000)
    }
    await page.close()
    await clock.advance(2 * MINUTE)
    const minutes = await store.statistics.minutesOf('tv', local('2026-12-30T20:01:00'), local('2026-12-30T20:10:00'))
    assert.deepEqual(
      minutes.map(({ minute, audience }) => [(minute - local('2026-12-30T20:00:00')) / MINUTE, audience]),
      [
        [1, 0],
        [2, 1],
        [3, 1],
        [4, 0],
        [5, 0],
      ],
    )
    assert.equal((await store.statistics.peaksOf('2026-12-30')).find(({ channel }) => channel === 'tv')?.audience, 1)
  })

  test('who is online is on the site five minutes after the last beat', async () => {
    clock.set(local('2026-12-30T20:00:00'))
    await clock.advance(MINUTE)
    const page = await station.page()
    await page.beat({ channel: null, state: 'idle' })
    await clock.advance(1_000)
    assert.equal((await box()).online, 1)
    await page.close()
    await clock.advance(5 * MINUTE)
    assert.equal((await box()).online, 0)
  })
})
