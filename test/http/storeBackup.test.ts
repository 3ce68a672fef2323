import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Slice } from '#core/slices.ts'
import { instant, tick } from '#core/time.ts'
import { backUp } from '../../server/store/backup.ts'
import { DATABASE_FILE, openStore, type Store, type StoreOptions } from '../../server/store/open.ts'
import { restore } from '../../server/store/restore.ts'
import { startPostgres, type TemporaryPostgres } from '../support/postgres.ts'

const AT = instant(Date.UTC(2026, 11, 31, 17, 0, 0))
let postgres: TemporaryPostgres
let root: string
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'ps-backup-'))
  postgres = await startPostgres()
})
after(async () => {
  await postgres.stop()
  await rm(root, { recursive: true, force: true })
})
const folder = (): Promise<string> => mkdtemp(join(root, 'd-'))
const place = {
  SQLite: async (): Promise<StoreOptions> => ({ dataDir: await folder() }),
  PostgreSQL: async (): Promise<StoreOptions> => ({ dataDir: await folder(), databaseUrl: await postgres.newDatabase() }),
}

const slice = (sequence: number): Slice => ({
  channel: 'tv',
  sequence,
  from: tick(5_600_000_000 + sequence * 6),
  to: tick(5_600_000_006 + sequence * 6),
  source: { kind: 'asset', package: 'b'.repeat(64), offset: 0, path: 'thời sự/bản tin "sáng".mp4' },
  reason: 'scheduled',
})

async function fill(store: Store): Promise<void> {
  await store.slices.append(Array.from({ length: 1_203 }, (_, sequence) => slice(sequence)))
  await store.schedules<object, object>().replace({ zone: 'Asia/Ho_Chi_Minh' }, { name: 'Đài Mường Sương' })
  await store.assets<{ path: string; facts: object }>().put({ path: 'a.mp4', facts: { ticks: 9 } })
  await store.statistics.addVisits([{ day: '2026-12-31', visits: 12, firstAt: AT }])
  await store.statistics.freezeBefore('2027-01-01')
  await store.statistics.addMinutes('2026-12-31', [{ channel: 'tv', minute: AT, audience: 7 }])
  await store.settings.put('key', { secret: 'ầ\n"' })
}

async function contents(store: Store): Promise<unknown> {
  return [
    await store.slices.between('tv', tick(0), tick(9e9)),
    await store.schedules().read(),
    await store.assets().all(),
    await store.statistics.visitTotals('2026-01-01'),
    await store.statistics.peaksOf('2026-12-31'),
    await store.settings.get('key'),
  ]
}

for (const from of ['SQLite', 'PostgreSQL'] as const) {
  for (const into of ['SQLite', 'PostgreSQL'] as const) {
    test(`a backup of a running station on ${from} restores on ${into} as it was, over what was there`, async () => {
      const [source, target] = [await place[from](), await place[into]()]
      const running = await openStore(source)
      await fill(running)
      const file = await backUp({ ...source, to: await folder(), at: AT })
      const expected = await contents(running)
      await running.slices.append([slice(1_203)])
      await running.close()

      const other = await openStore(target)
      await other.settings.put('other', 'is gone after a restore')
      await other.close()
      const rows = await restore({ file, ...target, at: AT })
      assert.equal(rows.slices, 1_203)
      const restored = await openStore(target)
      assert.deepEqual(await contents(restored), expected)
      assert.equal(await restored.settings.get('other'), undefined)
      assert.deepEqual(await restored.slices.append([slice(1_203)]), { ok: true }, 'and goes on from there')
      await restored.close()
    })
  }
}

describe('backup and restore on SQLite', () => {
  test('a backup is readable by its owner only and leaves nothing else behind', async () => {
    const source = await place.SQLite()
    const store = await openStore(source)
    const to = await folder()
    const file = await backUp({ ...source, to, at: AT })
    assert.deepEqual(await readdir(to), ['phat-song-2026-12-31T170000Z.jsonl.gz'])
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    await store.close()
  })

  test('a restore is refused while the station runs, and changes nothing', async () => {
    const source = await place.SQLite()
    const store = await openStore(source)
    await fill(store)
    const file = await backUp({ ...source, to: await folder(), at: AT })
    await store.settings.put('newer', true)
    await assert.rejects(restore({ file, ...source, at: AT }), { code: 'STORE_UNREACHABLE' })
    assert.equal(await store.settings.get('newer'), true)
    await store.close()
    await restore({ file, ...source, at: AT })
    assert.deepEqual((await readdir(source.dataDir)).sort(), [DATABASE_FILE, `${DATABASE_FILE}.before-restore`])
  })

  test('what is not a whole backup is refused with its reason, and changes nothing', async () => {
    const source = await place.SQLite()
    const store = await openStore(source)
    await fill(store)
    const good = await readFile(await backUp({ ...source, to: await folder(), at: AT }))
    await store.close()
    const lines = gunzipSync(good).toString().trimEnd().split('\n')
    const packed = (some: readonly string[]) => gzipSync(some.join('\n'))
    for (const [bytes, reason] of [
      [good.subarray(0, good.length - 200), /cannot be read/],
      [Buffer.from('not gzip'), /cannot be read/],
      [packed(lines.slice(0, -1)), /has no end/],
      [packed([...lines.slice(0, 1), ...lines.slice(2)]), /"slices" must have 1203 rows and has 703/],
      [packed(['{"format":"other"}']), /first line/],
      [packed([...lines, lines[1] ?? '']), /after its end/],
      [packed([(lines[0] ?? '').replace('0001-ground', '9999-future')]), /9999-future/],
    ] as const) {
      const file = join(await folder(), 'bad.jsonl.gz')
      await writeFile(file, bytes)
      await assert.rejects(restore({ file, ...source, at: AT }), reason)
    }
    const still = await openStore(source)
    assert.equal((await still.slices.last('tv'))?.sequence, 1_202)
    await still.close()
  })

  test('the commands back up and restore, and say what they did', async () => {
    const source = await place.SQLite()
    const store = await openStore(source)
    await fill(store)
    const run = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [...args], {
        cwd: resolve(import.meta.dirname, '../..'),
        env: { DATA_DIR: source.dataDir },
      })
    const { stdout } = await run('server/cli/backup.ts')
    const file = /written to (.*)\n/.exec(stdout)?.[1] ?? ''
    assert.match(file, /backups\/phat-song-.*Z\.jsonl\.gz$/)
    await assert.rejects(run('server/cli/restore.ts', file), /STORE_UNREACHABLE: .*stop the station/)
    await store.close()
    assert.match((await run('server/cli/restore.ts', file)).stdout, /slices +1203 rows/)
    await assert.rejects(run('server/cli/restore.ts'), /npm run restore/)
  })
})
