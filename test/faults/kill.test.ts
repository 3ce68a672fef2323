import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChannelList } from '#contract/channels.ts'
import { instant } from '#core/time.ts'
import { httpGet } from '../../server/cli/httpGet.ts'
import { createTestStation, type TestStation } from '../support/station.ts'
import { makeStationMedia } from '../support/stationMedia.ts'
import { createStrictClient } from '../support/strictClient.ts'

const KILLS = 20
/** Milliseconds on air before each kill: somewhere in a commit, a boundary, a request. */
const lifeMs = (round: number): number => 400 + ((round * 7_919) % 1_700)
let station: TestStation
let base = ''

before(async () => {
  station = createTestStation()
  makeStationMedia(station.mediaDir)
  base = await station.start()
  await eventually(async () => {
    const { jobs } = (await (await fetch(`${base}/api/packaging`)).json()) as { jobs: readonly { state: string }[] }
    return jobs.length > 0 && jobs.every((job) => job.state === 'ready')
  }, 240_000)
})
after(() => station.remove())

async function eventually(isTrue: () => Promise<boolean>, withinMs: number): Promise<void> {
  const startedMs = performance.now()
  while (!(await isTrue())) {
    assert.ok(performance.now() - startedMs < withinMs, station.output())
    await new Promise((done) => setTimeout(done, 200))
  }
}

/** The rule of `STATION_FILES`: ten seconds even, seven odd, three of nothing. */
const scheduledAt = (ms: number): string | null => {
  const second = (ms / 1000) % 20
  return second < 10 ? 'chan' : second < 17 ? 'le' : null
}

test(`after ${KILLS} kills the playlists go on where they were, byte for byte, with the right programme`, async (t) => {
  const client = createStrictClient(`${base}/hls/hinh/v270/live.m3u8`, {
    get: httpGet,
    now: () => instant(Date.now()),
    pauseMs: 300,
  })
  const answeredMs: number[] = []
  let newest = -1
  for (let round = 0; round < KILLS; round += 1) {
    const bornMs = performance.now()
    await client.pollUntil(() => performance.now() - bornMs > lifeMs(round), 60_000)
    await station.kill()
    const killedMs = performance.now()
    assert.equal(await station.start(), base)
    assert.equal((await fetch(`${base}/hls/hinh/v270/live.m3u8`)).status, 200)
    answeredMs.push(Math.round(performance.now() - killedMs))
    await client.poll()
    const sequences = [...client.newest().values()]
    assert.ok(Math.min(...sequences) >= newest, `the newest segment fell from ${newest} to ${Math.min(...sequences)}`)
    newest = Math.max(...sequences)
    const list = (await (await fetch(`${base}/api/channels`)).json()) as ChannelList
    for (const channel of list.channels) {
      // On the grid a boundary is up to half a tick away from its second.
      const around = [list.at - 320, list.at, list.at + 320].map(scheduledAt)
      assert.ok(around.includes(channel.now.programme), `${channel.now.programme} is on at ${(list.at / 1000) % 20}`)
    }
  }
  await client.poll()
  answeredMs.sort((a, b) => a - b)
  t.diagnostic(`from the kill to the playlist: median ${answeredMs[KILLS / 2]} ms, worst ${answeredMs.at(-1)} ms`)
  // A server that is dead lists nothing, and lists what it owes at once when it is back.
  client.assertSound(['stale', 'updated-early'])
})

const listed = async (): Promise<readonly string[]> =>
  (await (await fetch(`${base}/hls/tieng/a128/live.m3u8`)).text()).match(/\d+\.m4s/g) ?? []

test('SIGTERM ends the server cleanly, and what it committed is there at the next start', async () => {
  const before = await listed()
  assert.equal(await station.stop(), 0)
  await station.start()
  const now = await listed()
  const shared = before.filter((segment) => now.includes(segment))
  assert.ok(shared.length > 20, `${shared.length} segments are in both playlists`)
})
