import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import Database from 'better-sqlite3'
import type { Slice } from '#core/slices.ts'
import { instant, tick, type Instant } from '#core/time.ts'
import { StationError } from '../../server/errors.ts'
import type { ArticleRecord } from '../../server/store/articles.ts'
import { DATABASE_FILE, openStore, type Store, type StoreOptions } from '../../server/store/open.ts'
import { startPostgres, type TemporaryPostgres } from '../support/postgres.ts'

let postgres: TemporaryPostgres
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ps-store-'))
  postgres = await startPostgres()
})
after(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

let folders = 0
const newPlace = {
  SQLite: async (): Promise<StoreOptions> => ({ dataDir: join(folder, String(++folders)) }),
  PostgreSQL: async (): Promise<StoreOptions> => ({ dataDir: folder, databaseUrl: await postgres.newDatabase() }),
}

const slice = (channel: string, sequence: number, from: number, to: number): Slice => ({
  channel,
  sequence,
  from: tick(from),
  to: tick(to),
  source: { kind: 'asset', package: 'a'.repeat(64), offset: 12, path: 'ca nhạc/Đêm trên bản.ogg' },
  airing: {
    slot: 'ca-nhac',
    programme: 'ca-nhac',
    title: 'Đêm trên bản',
    description: '',
    language: 'vi',
    category: 'ca-nhac',
    isRepeat: false,
    scheduledFrom: instant(1_790_000_000_000),
    scheduledTo: instant(1_790_000_900_000),
    from: tick(from),
    to: tick(to),
  },
  reason: 'scheduled',
})

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  describe(`store on ${engine}`, () => {
    let place: StoreOptions
    let store: Store
    before(async () => {
      place = await newPlace[engine]()
      store = await openStore(place)
    })
    after(() => store.close())

    test('as-run: slices that touch are kept as they were, over a reopening', async () => {
      // Real ticks: beyond 32 bits times 320 ms.
      const [a, b] = [slice('tv', 100, 5_600_000_000, 5_600_000_012), slice('tv', 102, 5_600_000_012, 5_600_000_030)]
      assert.deepEqual(await store.slices.append([a, b]), { ok: true })
      await store.close()
      store = await openStore(place)
      assert.deepEqual(await store.slices.last('tv'), b)
      assert.deepEqual(await store.slices.between('tv', tick(5_600_000_011), tick(5_600_000_012)), [a])
      assert.deepEqual(await store.slices.between('tv', tick(5_600_000_011), tick(5_600_000_013)), [a, b])
      assert.deepEqual(await store.slices.between('tv', tick(5_600_000_030), tick(5_600_000_099)), [])
      assert.equal(await store.slices.last('radio'), undefined)
    })

    test('as-run: a slice that leaves a gap, overlaps or misnumbers is refused with what is committed, and nothing is written', async () => {
      const first = slice('gaps', 1, 600, 613)
      await store.slices.append([first])
      for (const [wrong, word] of [
        [slice('gaps', 3, 614, 620), /must start at tick 613/],
        [slice('gaps', 3, 612, 618), /must start at tick 613/],
        // 13 ticks are two segments, the last one of 7 ticks.
        [slice('gaps', 4, 613, 619), /must have sequence 3/],
        [slice('gaps', 3, 613, 613), /must end after/],
      ] as const) {
        const outcome = await store.slices.append([slice('gaps-other', 7, 0, 6), wrong])
        assert.ok(!outcome.ok)
        assert.deepEqual(
          outcome.refused.map((one) => one.last),
          [first],
        )
        assert.match(outcome.refused[0]?.message ?? '', word)
      }
      assert.equal(await store.slices.last('gaps-other'), undefined)
      assert.deepEqual(await store.slices.append([slice('gaps', 3, 613, 619)]), { ok: true })
    })

    test('as-run: of many writers of the same next slice one wins, and the others are told what it wrote', async () => {
      // SQLite waits for its lock without giving way to the loop that would free it: there, one process has one connection.
      const second = engine === 'PostgreSQL' ? await openStore(place) : store
      await store.slices.append([slice('race', 0, 0, 6)])
      const tries = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (index % 2 ? store : second).slices.append([slice('race', 1, 6, 12 + index * 6)]),
        ),
      )
      const winner = await store.slices.last('race')
      assert.equal(tries.filter((outcome) => outcome.ok).length, 1)
      for (const outcome of tries) if (!outcome.ok) assert.deepEqual(outcome.refused[0]?.last, winner)
      if (second !== store) await second.close()
    })

    test('as-run in fewer rows says the same, and goes on', async () => {
      const first = slice('gon', 50, 6_000, 6_006)
      const part = (n: number): Slice => ({
        ...first,
        sequence: 50 + n,
        from: tick(6_000 + n * 6),
        to: tick(6_006 + n * 6),
        source: { ...first.source, offset: n * 6 },
      })
      const parts = Array.from({ length: 40 }, (_, n) => part(n))
      await store.slices.append(parts)
      const span = { from: tick(6_000), to: tick(6_000 + 30 * 6) }
      assert.equal(await store.slices.compact('gon', span), 29)
      assert.equal(await store.slices.compact('gon', span), 0)
      const kept = await store.slices.between('gon', tick(0), tick(9_000))
      assert.deepEqual(kept.map(({ sequence, from, to }) => [sequence, from, to]).slice(0, 2), [
        [50, 6_000, 6_180],
        [80, 6_180, 6_186],
      ])
      assert.deepEqual(await store.slices.append([part(40)]), { ok: true })
    })

    test('as-run: pruning never forgets the last slice of a channel', async () => {
      await store.slices.append([slice('old', 5, 10, 16), slice('old', 6, 16, 22), slice('older', 9, 0, 6)])
      await store.slices.prune(tick(1_000))
      assert.deepEqual(
        (await store.slices.between('old', tick(0), tick(100))).map((one) => one.sequence),
        [6],
      )
      assert.equal((await store.slices.last('older'))?.sequence, 9)
    })

    test('schedules: the newest version is read, versions count up', async () => {
      const schedules = store.schedules<{ zone: string }, { name: string }>()
      assert.equal(await schedules.read(), null)
      assert.equal(await schedules.replace({ zone: 'Asia/Ho_Chi_Minh' }, { name: 'Đài Mường Sương' }), 1)
      assert.equal(await schedules.replace({ zone: 'Asia/Bangkok' }, { name: 'Đài Mường Sương' }), 2)
      assert.deepEqual(await schedules.read(), {
        schedule: { zone: 'Asia/Bangkok' },
        station: { name: 'Đài Mường Sương' },
        version: 2,
      })
      assert.deepEqual(
        (await schedules.versions()).map((one) => one.version),
        [2, 1],
      )
    })

    test('assets: put replaces, remove removes', async () => {
      const assets = store.assets<{ path: string; ticks: number }>()
      await assets.put({ path: 'b.mp4', ticks: 2 })
      await assets.put({ path: 'a.mp4', ticks: 1 })
      await assets.put({ path: 'b.mp4', ticks: 3 })
      assert.deepEqual(await assets.all(), [
        { path: 'a.mp4', ticks: 1 },
        { path: 'b.mp4', ticks: 3 },
      ])
      await assets.remove('a.mp4')
      assert.deepEqual(await assets.all(), [{ path: 'b.mp4', ticks: 3 }])
    })

    test('articles: kept whole, newest first, filtered, paged, hidden until due', async () => {
      const { articles } = store
      const one = article('cau-moi', 2_000, {
        category: 'thoi-su',
        programme: 'thoi-su-sang',
        searchText: 'cau moi qua suoi 100% go_lim',
      })
      const two = article('cho-phien', 3_000, {
        category: 'doi-song',
        photo: { src: '/p.webp', alt: 'Chợ', caption: '', credit: '' },
      })
      const later = article('mai-moi-dang', 9_000, { category: 'thoi-su' })
      for (const each of [one, two, later]) await articles.put(each)
      const slugs = async (filter: object) =>
        (await articles.list({ at: instant(5_000), offset: 0, limit: 9, ...filter })).map(({ slug }) => slug)
      assert.deepEqual(await articles.bySlug('cho-phien', instant(5_000)), two)
      assert.equal(await articles.bySlug('mai-moi-dang', instant(5_000)), undefined)
      assert.deepEqual(await slugs({}), ['cho-phien', 'cau-moi'])
      assert.deepEqual(await slugs({ offset: 1, limit: 1 }), ['cau-moi'])
      assert.deepEqual(await slugs({ category: 'thoi-su' }), ['cau-moi'])
      assert.deepEqual(await slugs({ programme: 'thoi-su-sang', language: 'vi' }), ['cau-moi'])
      assert.deepEqual(await slugs({ words: ['suoi', 'cau'] }), ['cau-moi'])
      assert.deepEqual(await slugs({ words: ['100%'] }), ['cau-moi'])
      assert.deepEqual(await slugs({ words: ['g%m'] }), [], 'a typed % is no wildcard')
      assert.deepEqual(await slugs({ words: ['go_lim'] }), ['cau-moi'])
      assert.deepEqual(await slugs({ words: ['go!lim'] }), [])
      assert.equal(await articles.count(), 3)
      await articles.put({ ...one, title: 'Cầu mới đã xong' })
      assert.equal((await articles.bySlug('cau-moi', instant(5_000)))?.title, 'Cầu mới đã xong')
      assert.equal(await articles.count(), 3)
    })

    test('statistics: visits add up, a frozen day stays, minutes keep their peak', async () => {
      const { statistics } = store
      const at = instant(1_790_000_000_000)
      await statistics.addVisits([{ day: '2026-12-31', visits: 3, firstAt: at }])
      await statistics.addVisits([
        { day: '2026-12-31', visits: 2, firstAt: instant(at + 5) },
        { day: '2027-01-01', visits: 1, firstAt: instant(at + 9) },
      ])
      await statistics.freezeBefore('2027-01-01')
      await statistics.addVisits([{ day: '2026-12-31', visits: 50, firstAt: at }])
      assert.deepEqual(await statistics.visitTotals('2026-12-31'), {
        days: [
          { day: '2026-12-31', visits: 5, isFrozen: true },
          { day: '2027-01-01', visits: 1, isFrozen: false },
        ],
        visits: 6,
        since: at,
      })
      const minute = (n: number, audience: number) => ({ channel: 'tv', minute: instant(60_000 * n), audience })
      await statistics.addMinutes('2027-01-01', [minute(1, 4)])
      await statistics.addMinutes('2027-01-01', [minute(2, 9)])
      await statistics.addMinutes('2027-01-01', [minute(3, 2)])
      await statistics.addMinutes('2027-01-01', [minute(1, 3)])
      assert.deepEqual(await statistics.minutesOf('tv', instant(0), instant(180_000)), [minute(1, 4), minute(2, 9)])
      assert.deepEqual(await statistics.peaksOf('2027-01-01'), [minute(2, 9)])
      await statistics.pruneMinutes(instant(120_000))
      assert.deepEqual(await statistics.minutesOf('tv', instant(0), instant(600_000)), [minute(2, 9), minute(3, 2)])
    })

    test('statistics: nothing counted yet is no visits and no first one', async () => {
      const empty = await openStore(await newPlace[engine]())
      assert.deepEqual(await empty.statistics.visitTotals('2026-01-01'), { days: [], visits: 0, since: undefined })
      await empty.close()
    })

    test('settings: any JSON, and a key that is there is not replaced by putIfAbsent', async () => {
      assert.equal(await store.settings.get('snapshot'), undefined)
      await store.settings.put('snapshot', { online: [1, null] })
      assert.deepEqual(await store.settings.get('snapshot'), { online: [1, null] })
      assert.deepEqual(
        await Promise.all(['x', 'y', 'z'].map((key) => store.settings.putIfAbsent('key', key))),
        Array(3).fill(await store.settings.get('key')),
      )
      await store.settings.remove('key')
      assert.equal(await store.settings.get('key'), undefined)
    })

    test('two machines that open a new database at once both find it ready', async () => {
      const shared = await newPlace[engine]()
      const stores = await Promise.all([openStore(shared), openStore(shared), openStore(shared)])
      for (const one of stores) await one.settings.put('ready', true)
      for (const one of stores) await one.close()
    })
  })
}

test('a database written by a newer program is refused and left as it is', async () => {
  const dataDir = join(folder, 'newer')
  await (await openStore({ dataDir })).close()
  const file = new Database(join(dataDir, DATABASE_FILE))
  file.prepare('insert into schema_versions values (?, ?)').run('9999-from-the-future', 1)
  file.close()
  await assert.rejects(
    openStore({ dataDir }),
    (error) => isCoded(error, 'STORE_TOO_NEW') && /9999-from-the-future/.test(String(error)),
  )
})

test('PostgreSQL that crashes fails queries with a code, and is used again when it is back', async () => {
  const store = await openStore({ dataDir: folder, databaseUrl: await postgres.newDatabase() })
  await store.settings.put('kept', 1)
  await postgres.crash()
  try {
    await assert.rejects(store.settings.get('kept'), (error) => isCoded(error, 'STORE_UNREACHABLE'))
    await assert.rejects(store.slices.append([slice('tv', 0, 0, 6)]), (error) => isCoded(error, 'STORE_UNREACHABLE'))
  } finally {
    await postgres.start()
  }
  assert.equal(await store.settings.get('kept'), 1)
  await store.close()
})

test('PostgreSQL that stops answering fails queries within seconds, and is used again when it goes on', async () => {
  const store = await openStore({ dataDir: folder, databaseUrl: await postgres.newDatabase() })
  await store.settings.put('kept', 2)
  await postgres.freeze()
  try {
    const started = performance.now()
    await assert.rejects(store.settings.get('kept'), (error) => isCoded(error, 'STORE_UNREACHABLE'))
    assert.ok(performance.now() - started < 6_000)
  } finally {
    await postgres.thaw()
  }
  assert.equal(await store.settings.get('kept'), 2)
  await store.close()
})

test('a store that may be unreachable opens without its database and works once it is there', async () => {
  const databaseUrl = await postgres.newDatabase()
  await postgres.crash()
  let store: Store | undefined
  try {
    await assert.rejects(openStore({ dataDir: folder, databaseUrl }), (error) => isCoded(error, 'STORE_UNREACHABLE'))
    store = await openStore({ dataDir: folder, databaseUrl, mayBeUnreachable: true })
    const opened = store
    await assert.rejects(opened.check(), (error) => isCoded(error, 'STORE_UNREACHABLE'))
  } finally {
    await postgres.start()
  }
  await store.check()
  await store.settings.put('kept', 3)
  assert.equal(await store.settings.get('kept'), 3)
  await store.close()
})

const isCoded = (error: unknown, code: string): boolean => error instanceof StationError && error.code === code

function article(slug: string, publishedAt: number, rest: Partial<ArticleRecord>): ArticleRecord {
  return {
    slug,
    title: 'Cầu mới qua suối',
    lead: 'Người dân đi lại dễ dàng hơn.',
    category: 'thoi-su',
    language: 'vi',
    authors: ['Tòng Thị Ban', 'Lò Văn Xuân'],
    publishedAt: publishedAt as Instant,
    updatedAt: publishedAt as Instant,
    photo: null,
    readingMinutes: 2,
    programme: null,
    source: null,
    body: '<p>Đường về bản.</p>',
    searchText: '',
    ...rest,
  }
}
