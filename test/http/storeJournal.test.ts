import assert from 'node:assert/strict'
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Slice } from '#core/slices.ts'
import { tick } from '#core/time.ts'
import { StationError } from '../../server/errors.ts'
import { JOURNAL_FILE, withJournal } from '../../server/store/journal.ts'
import { openStore, type Store } from '../../server/store/open.ts'
import type { SliceStore } from '../../server/store/slices.ts'
import { startPostgres } from '../support/postgres.ts'

const slice = (sequence: number, path = 'a.ogg', channel = 'tv'): Slice => ({
  channel,
  sequence,
  from: tick(sequence * 6),
  to: tick(sequence * 6 + 6),
  source: { kind: 'asset', package: 'a'.repeat(64), offset: 0, path },
  reason: 'scheduled',
})
const sequences = (slices: readonly Slice[]) => slices.map((one) => one.sequence)
const all = (store: SliceStore, channel = 'tv') => store.between(channel, tick(0), tick(1e9))
/** The last line of a write that a power cut interrupted. */
const TORN = '{"kind":"pending","slices":[{"chan'

describe('journal of as-run', { timeout: 60_000 }, () => {
  let root: string
  let folder: string
  let store: Store
  let isAway: boolean
  /** A real store behind a cable that the test pulls. */
  let cable: SliceStore
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'ps-journal-'))
  })
  after(() => rm(root, { recursive: true, force: true }))
  beforeEach(async (context) => {
    folder = await mkdtemp(join(root, 'j-'))
    store = await openStore({ dataDir: folder })
    isAway = false
    const through = <T>(work: () => Promise<T>): Promise<T> =>
      isAway ? Promise.reject(new StationError('STORE_UNREACHABLE', 'pulled')) : work()
    cable = {
      append: (slices) => through(() => store.slices.append(slices)),
      last: (channel) => through(() => store.slices.last(channel)),
      between: (channel, from, to) => through(() => store.slices.between(channel, from, to)),
      prune: (before) => through(() => store.slices.prune(before)),
      compact: (channel, span) => through(() => store.slices.compact(channel, span)),
    }
    if ('after' in context) context.after(() => store.close())
  })

  test('goes on while the database is away, and brings it up to date in order when it is back', async () => {
    const told: boolean[] = []
    const journal = await withJournal(cable, folder, { onAway: (away) => told.push(away) })
    assert.deepEqual(await journal.append([slice(0)]), { ok: true })
    isAway = true
    for (const n of [1, 2, 3]) assert.deepEqual(await journal.append([slice(n)]), { ok: true })
    assert.deepEqual(sequences(await all(journal)), [0, 1, 2, 3])
    assert.equal((await journal.last('tv'))?.sequence, 3)
    assert.deepEqual(sequences(await all(store.slices)), [0])
    assert.equal(await journal.flush(), false)
    isAway = false
    assert.equal(await journal.flush(), true)
    assert.deepEqual(sequences(await all(store.slices)), [0, 1, 2, 3])
    assert.deepEqual(await journal.append([slice(4)]), { ok: true })
    assert.equal((await store.slices.last('tv'))?.sequence, 4)
    assert.deepEqual(told, [true, false])
    await journal.close()
  })

  test('comes back by itself: the next append finds the database there', async () => {
    const journal = await withJournal(cable, folder)
    await journal.append([slice(0)])
    isAway = true
    await journal.append([slice(1)])
    await journal.flush()
    isAway = false
    await journal.append([slice(2)])
    assert.equal(await journal.flush(), true)
    assert.equal(journal.pendingCount(), 0)
    assert.deepEqual(sequences(await all(store.slices)), [0, 1, 2])
    await journal.close()
  })

  test('survives a kill while the database is away, also one in the middle of a line', async () => {
    const before = await withJournal(cable, folder)
    await before.append([slice(0)])
    isAway = true
    await before.append([slice(1)])
    // No close: killed.
    await appendFile(join(folder, JOURNAL_FILE), TORN)
    const journal = await withJournal(cable, folder)
    assert.equal((await journal.last('tv'))?.sequence, 1)
    assert.deepEqual(await journal.append([slice(2)]), { ok: true })
    const again = await withJournal(cable, folder)
    assert.deepEqual(sequences(await all(again)), [0, 1, 2])
    isAway = false
    assert.equal(await again.flush(), true)
    assert.deepEqual(sequences(await all(store.slices)), [0, 1, 2])
    await Promise.all([before.close(), journal.close(), again.close()])
  })

  test('refuses slices that do not touch, also while the database is away', async () => {
    const journal = await withJournal(cable, folder)
    await journal.append([slice(0)])
    isAway = true
    const both = await Promise.all([journal.append([slice(1)]), journal.append([slice(1)])])
    assert.deepEqual(
      both.map((outcome) => outcome.ok),
      [true, false],
    )
    const outcome = await journal.append([slice(3)])
    assert.ok(!outcome.ok)
    assert.deepEqual(outcome.refused[0]?.last, slice(1))
    await assert.rejects(journal.append([slice(0, 'a.ogg', 'never-heard-of')]), { code: 'STORE_UNREACHABLE' })
    await journal.close()
  })

  test('an append whose answer was lost is not written twice', async () => {
    const journal = await withJournal(cable, folder)
    await journal.append([slice(0)])
    const append = cable.append
    cable.append = async (slices) => {
      await append(slices)
      cable.append = append
      throw new StationError('STORE_UNREACHABLE', 'the answer was lost')
    }
    assert.deepEqual(await journal.append([slice(1)]), { ok: true })
    await journal.append([slice(2)])
    assert.equal(await journal.flush(), true)
    assert.deepEqual(sequences(await all(store.slices)), [0, 1, 2])
    await journal.close()
  })

  test('gives up its own slices where another machine committed others, and says from where', async () => {
    const told: unknown[] = []
    const journal = await withJournal(cable, folder, { onGivenUp: (channel, from) => told.push([channel, from]) })
    await journal.append([slice(0), slice(0, 'a.ogg', 'radio')])
    isAway = true
    await journal.append([slice(1), slice(1, 'a.ogg', 'radio')])
    await journal.append([slice(2)])
    await store.slices.append([slice(1), slice(2, 'other.ogg'), slice(3, 'other.ogg')])
    isAway = false
    assert.equal(await journal.flush(), true)
    assert.deepEqual(told, [['tv', 2]])
    assert.deepEqual(
      (await all(journal)).map((one) => one.source.path),
      ['a.ogg', 'a.ogg', 'other.ogg', 'other.ogg'],
    )
    assert.deepEqual(sequences(await all(store.slices, 'radio')), [0, 1], 'the other channel loses nothing')
    isAway = true
    await journal.append([slice(4)])
    assert.deepEqual(
      (await all(journal)).map((one) => one.source.path),
      ['a.ogg', 'a.ogg', 'other.ogg', 'other.ogg', 'a.ogg'],
    )
    await journal.close()
  })

  test('stays small over months', async () => {
    const nothing: SliceStore = { ...cable, append: async () => ({ ok: true }) }
    const journal = await withJournal(nothing, folder)
    const long = (n: number): Slice => ({ ...slice(n * 100, 'x'.repeat(2_000)), from: tick(n * 600), to: tick(n * 600 + 600) })
    for (let n = 0; n < 6_000; n += 50) await journal.append(Array.from({ length: 50 }, (_, index) => long(n + index)))
    assert.ok((await stat(join(folder, JOURNAL_FILE))).size < 5_000_000)
    await journal.close()
    const again = await withJournal(
      { ...cable, last: () => Promise.reject(new StationError('STORE_UNREACHABLE', 'pulled')) },
      folder,
    )
    assert.deepEqual(await again.last('tv'), long(5_999))
    await again.close()
  })
})

test('with PostgreSQL that stops answering an append waits seconds once, the next ones not at all, and nothing is lost', async () => {
  const postgres = await startPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'ps-journal-pg-'))
  const store = await openStore({ dataDir: folder, databaseUrl: await postgres.newDatabase() })
  const journal = await withJournal(store.slices, folder)
  try {
    await journal.append([slice(0)])
    await postgres.freeze()
    const first = await msOf(() => journal.append([slice(1)]))
    const second = await msOf(() => journal.append([slice(2)]))
    const reading = await msOf(() => journal.last('tv'))
    assert.ok(first < 5_000 && second < 1_000 && reading < 1_000, `${first}, ${second}, ${reading} ms`)
    assert.deepEqual(sequences(await all(journal)), [0, 1, 2])
    await postgres.thaw()
    // Attempts that began in the silence may still fail.
    while (!(await journal.flush()));
    assert.deepEqual(sequences(await all(store.slices)), [0, 1, 2])
  } finally {
    await postgres.thaw()
    await journal.close()
    await store.close()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
