import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { instant } from '#core/time.ts'
import { httpGet } from '../../server/cli/httpGet.ts'
import { startPostgres, type TemporaryPostgres } from '../support/postgres.ts'
import { createTestStation, type TestStation } from '../support/station.ts'
import { makeStationMedia } from '../support/stationMedia.ts'
import { createStrictClient, type StrictClient } from '../support/strictClient.ts'

/** The air survives the rest: a station on PostgreSQL whose database goes away, stays away over a restart, and comes back. */
let postgres: TemporaryPostgres
let station: TestStation
let url = ''
let base = ''
let client: StrictClient

before(async () => {
  postgres = await startPostgres()
  url = await postgres.newDatabase()
  station = createTestStation()
  makeStationMedia(station.mediaDir)
  base = await station.start({ DATABASE_URL: url })
  client = createStrictClient(`${base}/hls/tieng/master.m3u8`, { get: httpGet, now: () => instant(Date.now()), pauseMs: 500 })
  await until(async () => {
    const { jobs } = (await (await fetch(`${base}/api/packaging`)).json()) as { jobs: readonly { state: string; form: string }[] }
    return jobs.some((job) => job.form === 'radio') && jobs.every((job) => job.form === 'tv' || job.state === 'ready')
  }, 120_000)
})
after(async () => {
  await station.remove()
  await postgres.stop()
})

async function until(isTrue: () => Promise<boolean>, withinMs: number): Promise<void> {
  const startedMs = performance.now()
  while (!(await isTrue())) {
    assert.ok(performance.now() - startedMs < withinMs, station.output())
    await new Promise((done) => setTimeout(done, 300))
  }
}

const newest = () => Math.max(...client.newest().values())
const grows = async (by: number): Promise<void> => {
  const from = newest()
  await client.pollUntil(() => newest() >= from + by, 60_000)
}
const isDatabaseThere = async () => ((await (await fetch(`${base}/readyz`)).json()) as { database: boolean }).database

test('while the database is away the channel goes on, and says so', async () => {
  await client.poll()
  await postgres.crash()
  await grows(6)
  await until(async () => !(await isDatabaseThere()), 20_000)
  assert.equal((await fetch(`${base}/readyz`)).status, 200)
})

test('killed and started without its database it goes on where it was, with its packages', async () => {
  const before = newest()
  await station.kill()
  await station.start({ DATABASE_URL: url })
  await grows(3)
  assert.ok(newest() > before)
  const { channels } = (await (await fetch(`${base}/api/channels`)).json()) as {
    channels: readonly { id: string; continuity: string | null; now: { programme: string | null } }[]
  }
  const radio = channels.find(({ id }) => id === 'tieng')
  assert.notEqual(radio?.continuity, 'slate')
})

test('when the database is back it gets what it missed, in order', async () => {
  await postgres.start()
  await until(isDatabaseThere, 30_000)
  await grows(2)
  client.assertSound(['stale', 'updated-early'])
})
