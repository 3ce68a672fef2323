import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { createTestStation, type TestStation } from '../support/station.ts'
import { makeStationMedia } from '../support/stationMedia.ts'

/** The whole station as `npm start` runs it, in real time, seen by programs that are not ours. */
const WATCH_MS = 40_000
let station: TestStation
let browser: Browser
let base = ''

before(async () => {
  station = createTestStation()
  makeStationMedia(station.mediaDir)
  base = await station.start()
  browser = await launchBrowser()
  const startedMs = performance.now()
  for (;;) {
    const { jobs } = (await (await fetch(`${base}/api/packaging`)).json()) as { jobs: readonly { state: string }[] }
    if (jobs.length > 0 && jobs.every((job) => job.state === 'ready')) break
    assert.ok(performance.now() - startedMs < 240_000, station.output())
    await new Promise((done) => setTimeout(done, 500))
  }
})
after(async () => {
  await browser.close()
  await station.remove()
})

test('hls.js plays over boundaries without a stall or an error, on the clock', async (t) => {
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  await page.goto(`${base}/stats`)
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js') })
  const seen = await page.evaluate(watchChannel, { playlist: '/hls/hinh/master.m3u8', watchMs: WATCH_MS })
  await context.close()
  t.diagnostic(JSON.stringify({ ...seen, offsetsMs: seen.offsetsMs.slice(0, 5) }))
  assert.deepEqual(seen.errors, [])
  assert.equal(seen.stalls, 0)
  assert.ok(seen.boundaries >= 6, `${seen.boundaries} programmes began`)
  assert.ok(seen.playedSeconds > WATCH_MS / 1000 - 3, `${seen.playedSeconds} s were played`)
  assert.ok(
    Math.max(...seen.offsetsMs.map(Math.abs)) < 1_000,
    `off the clock by up to ${Math.max(...seen.offsetsMs.map(Math.abs))} ms`,
  )
})

test('ffmpeg takes the same address over boundaries without a word of complaint', async () => {
  const args = ['-v', 'warning', '-nostdin', '-i', `${base}/hls/hinh/v270/live.m3u8`, '-t', '30', '-f', 'null', '-']
  const { status, stderr } = spawnSync(process.env['FFMPEG_PATH'] || 'ffmpeg', args, { encoding: 'utf8', timeout: 90_000 })
  assert.equal(status, 0, stderr)
  // Its demuxer reads the init section again with each segment and says so of every fMP4 channel.
  const words = stderr.split('\n').filter((line) => line !== '' && !/duplicated MOOV|Last message repeated/.test(line))
  assert.deepEqual(words, [])
})

type Watched = { errors: string[]; stalls: number; boundaries: number; playedSeconds: number; offsetsMs: number[] }
type HlsLike = {
  attachMedia(media: HTMLMediaElement): void
  loadSource(url: string): void
  on(name: string, listener: (name: string, data: { details?: string; type?: string; frag?: { sn: number } }) => void): void
  readonly playingDate: Date | null
  destroy(): void
}

/** Runs in the page. Sits six seconds behind the edge, as HOLD-BACK says; the phase of the grid is taken out by one seek at the start. */
async function watchChannel({ playlist, watchMs }: { playlist: string; watchMs: number }): Promise<Watched> {
  const { Hls } = window as unknown as { Hls: new (settings: object) => HlsLike }
  const video = document.createElement('video')
  video.muted = true
  document.body.append(video)
  const hls = new Hls({ liveSyncDuration: 6 })
  const seen: Watched = { errors: [], stalls: 0, boundaries: 0, playedSeconds: 0, offsetsMs: [] }
  hls.on('hlsError', (_name, data) => seen.errors.push(String(data.details)))
  hls.loadSource(playlist)
  hls.attachMedia(video)
  await video.play()
  await new Promise((done) => setTimeout(done, 2_000))
  const offset = () => Date.now() - (hls.playingDate?.getTime() ?? 0)
  video.currentTime += offset() / 1000
  await new Promise((done) => setTimeout(done, 1_500))
  video.addEventListener('waiting', () => (seen.stalls += 1))
  seen.errors.length = 0
  const from = video.currentTime
  const began = hls.playingDate?.getTime() ?? 0
  for (let passed = 0; passed < watchMs; passed += 500) {
    await new Promise((done) => setTimeout(done, 500))
    seen.offsetsMs.push(Math.round(offset()))
  }
  seen.playedSeconds = video.currentTime - from
  const until = hls.playingDate?.getTime() ?? 0
  // Programmes and the filler between them, as the guide tells them.
  const guide = (await (await fetch(`/api/guide?channel=hinh&from=${began}&to=${until}`)).json()) as {
    entries: { from: number }[]
  }
  seen.boundaries = guide.entries.filter((entry) => began < entry.from && entry.from < until).length
  hls.destroy()
  return seen
}
