import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import { instant, instantOfTick } from '#core/time.ts'
import { openStation, type RunningStation } from '../../server/composition/station.ts'
import { configFrom } from '../../server/config.ts'
import { manualClock, type ManualClock } from '../support/manualClock.ts'
import { createTestStation, type TestStation } from '../support/station.ts'
import { MEDIA_FILES, makeStationMedia } from '../support/stationMedia.ts'
import { createStrictClient, type StrictClient } from '../support/strictClient.ts'

/** The whole server on a clock of the test's own: twenty minutes on air take some seconds. */
const AT = instant(Date.UTC(2027, 2, 12, 12, 30))
const WATCHED_MS = 20 * 60_000
let folder: TestStation
let station: RunningStation
let clock: ManualClock
let client: StrictClient

const answerOf = async (url: string) => {
  const answer = await station.app.inject({ url: url.replace('http://station', ''), headers: { 'accept-encoding': 'gzip' } })
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(answer.rawPayload) : answer.rawPayload
  return { status: answer.statusCode, headers, body, isRedirected: false }
}

before(async () => {
  folder = createTestStation()
  makeStationMedia(folder.mediaDir)
  clock = manualClock(AT)
  const config = configFrom(
    { DATA_DIR: folder.dataDir, MEDIA_DIR: folder.mediaDir, SCHEDULES_DIR: join(folder.folder, 'schedules'), LOG_LEVEL: 'error' },
    folder.folder,
  )
  const lines: string[] = []
  const packaged = new Promise<void>((done) => {
    const print = (line: string) => {
      lines.push(line)
      if (lines.filter((one) => /^ {2}(ready|FAILED)/.test(one)).length === MEDIA_FILES) done()
    }
    void openStation({
      config,
      clock,
      root: join(import.meta.dirname, '../..'),
      searchPath: process.env['PATH'] ?? '',
      print,
    }).then((opened) => {
      station = opened
    })
  })
  await packaged
  assert.deepEqual(
    lines.filter((line) => line.includes('FAILED')),
    [],
  )
  client = createStrictClient('http://station/hls/hinh/master.m3u8', { get: answerOf, now: clock.now })
  // Past what was committed before the packages were there.
  await clock.advance(60_000)
  for (let passed = 0; passed < WATCHED_MS; passed += 1_000) {
    await clock.advance(1_000)
    // As often as a strict player would; the boxes of every segment are read.
    if (passed % 2_000 === 0 && passed < 120_000) await client.poll()
  }
})
after(async () => {
  await station.close()
  await folder.remove()
})

/** What a player would have downloaded of one rendition over the last `seconds`, as one file. */
async function captured(channel: string, rendition: string, seconds: number) {
  const base = `http://station/hls/${channel}/${rendition}/`
  const playlist = (await answerOf(`${base}live.m3u8?window=${seconds}`)).body.toString()
  const segments = [...playlist.matchAll(/^(\d+\.m4s)$/gm)].map((match) => match[1] ?? '')
  const parts = [(await answerOf(`${base}init.mp4`)).body]
  for (const segment of segments) {
    const answer = await answerOf(base + segment)
    assert.equal(answer.status, 200, segment)
    parts.push(answer.body)
  }
  const file = join(folder.folder, `${channel}-${rendition}.mp4`)
  writeFileSync(file, Buffer.concat(parts))
  const ticks = [...playlist.matchAll(/EXTINF:([\d.]+)/g)].reduce(
    (sum, match) => sum + Math.round((Number(match[1]) * 1000) / 320),
    0,
  )
  return { file, ticks, playlist }
}

/** Presentation times of all frames that really decode, in units of the track. */
function framesOf(file: string, stream: 'v' | 'a'): readonly number[] {
  const args = ['-v', 'error', '-select_streams', stream, '-show_entries', 'frame=pts', '-of', 'csv=p=0', file]
  const { status, stdout, stderr } = spawnSync(process.env['FFPROBE_PATH'] || 'ffprobe', args, {
    encoding: 'utf8',
    maxBuffer: 64e6,
  })
  assert.equal(status, 0, stderr)
  assert.equal(stderr, '')
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(line.replace(',', '')))
}

test('over more than fifty boundaries of different files no frame is missing, doubled or late, and sound ends with picture', async () => {
  const picture = await captured('hinh', 'v270', 900)
  const sound = await captured('hinh', 'a128', 900)
  const boundaries = station.playout
    .committed('hinh')
    .filter((slice, index, all) => index > 0 && slice.source.path !== all[index - 1]?.source.path)
  assert.ok(boundaries.length >= 50, `${boundaries.length} boundaries`)
  const video = framesOf(picture.file, 'v')
  const audio = framesOf(sound.file, 'a')
  assert.equal(video.length, picture.ticks * 8)
  assert.equal(audio.length, sound.ticks * 15)
  assert.ok(video.every((pts, index) => index === 0 || pts - (video[index - 1] ?? 0) === 512))
  assert.ok(audio.every((pts, index) => index === 0 || pts - (audio[index - 1] ?? 0) === 1024))
  // The drift between picture and sound, at the beginning and at the end.
  const seconds = (pts: number | undefined, rate: number) => (pts ?? 0) / rate
  assert.equal(seconds(video[0], 12_800), seconds(audio[0], 48_000))
  assert.equal(seconds((video.at(-1) ?? 0) + 512, 12_800), seconds((audio.at(-1) ?? 0) + 1024, 48_000))
})

test('radio channels join the same way', async () => {
  const sound = await captured('tieng', 'a64', 900)
  const audio = framesOf(sound.file, 'a')
  assert.equal(audio.length, sound.ticks * 15)
  assert.ok(audio.every((pts, index) => index === 0 || pts - (audio[index - 1] ?? 0) === 1024))
})

test('a hundred hard starts of a hundred are at most 160 ms from the schedule', () => {
  const starts = ['hinh', 'tieng'].flatMap((channel) =>
    station.playout
      .committed(channel)
      .filter(
        (slice, index, all) =>
          slice.airing?.from === slice.from && slice.airing.scheduledFrom !== all[index - 1]?.airing?.scheduledFrom,
      )
      .map((slice) => Math.abs(instantOfTick(slice.from) - (slice.airing?.scheduledFrom ?? 0))),
  )
  assert.ok(starts.length >= 100, `${starts.length} starts`)
  assert.ok(Math.max(...starts) <= 160, `the worst is ${Math.max(...starts)} ms off`)
})

test('a strict client that watched two minutes finds nothing that must not be', () => {
  client.assertSound()
})

test('playlist, guide and as-run tell the same programme at every second', async () => {
  const { playlist } = await captured('hinh', 'a64', 300)
  const guide = (
    await station.app.inject({ url: `/api/guide?channel=hinh&from=${clock.now() - 300_000}&to=${clock.now() + 20_000}` })
  ).json() as {
    entries: { from: number; to: number; title: string }[]
  }
  const ranges = [...playlist.matchAll(/START-DATE="([^"]+)",PLANNED-DURATION=([\d.]+).*?X-TITLE="([^"]+)"/g)]
  assert.ok(ranges.length > 20)
  for (const [, date = '', , title] of ranges.slice(1)) {
    const from = Date.parse(date)
    assert.equal(guide.entries.find((entry) => entry.from <= from && from < entry.to)?.title, title, date)
  }
})
