import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test, type TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { AUDIO_SAMPLES_PER_TICK, instant, plusMs } from '#core/time.ts'
import { createFastPath } from '../../server/origin/fastPath.ts'
import { originPlugin } from '../../server/origin/plugin.ts'
import { originFixture } from '../support/originFixture.ts'

const AT = instant(Date.UTC(2027, 2, 12, 12, 42, 8))

async function origin(t: TestContext) {
  const fixture = originFixture(AT)
  const app = Fastify()
  await app.register(originPlugin, fixture.options)
  t.after(() => app.close())
  return { ...fixture, get: (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers }) }
}

test('the media playlist lists what is committed and due, with the headers players need', async (t) => {
  const { get } = await origin(t)
  const answer = await get('/hls/song-nui/a128/live.m3u8')
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['content-type'], 'application/vnd.apple.mpegurl')
  assert.match(String(answer.headers['cache-control']), /max-age=1\b/)
  assert.equal(answer.headers['access-control-allow-origin'], '*')
  assert.match(answer.body, /#EXT-X-SERVER-CONTROL:HOLD-BACK=6\.0/)
  // 300 ticks before now the first segment starts; listed up to now + 23 ticks: floor(323 / 6) segments, the last is 752.
  assert.match(answer.body, /\n752\.m4s\n$/)
  assert.doesNotMatch(answer.body, /DISCONTINUITY/)
})

test('all renditions of a channel tell the same text', async (t) => {
  const { get } = await origin(t)
  assert.equal((await get('/hls/song-nui/a64/live.m3u8')).body, (await get('/hls/song-nui/a128/live.m3u8')).body)
})

test('a playlist is compressed for those who can read it and is not sent twice to those who have it', async (t) => {
  const { get } = await origin(t)
  const plain = await get('/hls/song-nui/a128/live.m3u8')
  const zipped = await get('/hls/song-nui/a128/live.m3u8', { 'accept-encoding': 'gzip' })
  assert.equal(zipped.headers['content-encoding'], 'gzip')
  assert.equal(gunzipSync(zipped.rawPayload).toString(), plain.body)
  const again = await get('/hls/song-nui/a128/live.m3u8', { 'if-none-match': String(plain.headers['etag']) })
  assert.equal(again.statusCode, 304)
})

test('the playlist changes when the next segment is due, and only then', async (t) => {
  const { get, clock } = await origin(t)
  const first = await get('/hls/song-nui/a128/live.m3u8')
  clock.at = plusMs(AT, 100)
  assert.equal((await get('/hls/song-nui/a128/live.m3u8')).body, first.body)
  clock.at = plusMs(AT, 1_920)
  assert.match((await get('/hls/song-nui/a128/live.m3u8')).body, /\n753\.m4s\n$/)
})

test('?window= widens the playlist up to what is kept', async (t) => {
  const { get } = await origin(t)
  const live = await get('/hls/song-nui/a128/live.m3u8')
  const wide = await get('/hls/song-nui/a128/live.m3u8?window=7200')
  assert.equal(live.body.match(/EXTINF/g)?.length, 33)
  assert.equal(wide.body.match(/EXTINF/g)?.length, 53)
  assert.match((await get('/hls/song-nui/master.m3u8?window=7200')).body, /live\.m3u8\?window=7200/)
  assert.equal((await get('/hls/song-nui/a128/live.m3u8?window=-1')).statusCode, 400)
})

test('a segment is cut from its package onto the clock of the channel, once for all who ask', async (t) => {
  const { get, reads, segments } = await origin(t)
  const [one, two] = await Promise.all([get('/hls/song-nui/a128/705.m4s'), get('/hls/song-nui/a128/705.m4s')])
  assert.equal(one.body, `a a128 5+1 #705 @${(segments[5]?.from ?? 0) * AUDIO_SAMPLES_PER_TICK} ×90`)
  assert.equal(two.body, one.body)
  assert.equal((await get('/hls/song-nui/a128/705.m4s')).body, one.body)
  assert.equal(reads.length, 1)
  assert.match(String(one.headers['cache-control']), /immutable/)
  assert.equal(one.headers['content-type'], 'audio/mp4')
})

test('a damaged package airs as slate under the same address, and the damage is told', async (t) => {
  const { get, damages } = await origin(t)
  const answer = await get('/hls/song-nui/a128/745.m4s')
  assert.equal(answer.statusCode, 200)
  assert.match(answer.body, /^5 a128 .* #745 /)
  assert.equal(damages.length, 1)
})

for (const url of [
  '/hls/song-nui/a128/699.m4s',
  '/hls/song-nui/a128/99999.m4s',
  '/hls/song-nui/v720/live.m3u8',
  '/hls/nobody/master.m3u8',
  '/hls/song-nui/a128/x.m4s',
]) {
  test(`${url} is not there, and caches forget that soon`, async (t) => {
    const { get } = await origin(t)
    const answer = await get(url)
    assert.equal(answer.statusCode, 404)
    if (answer.headers['cache-control']) assert.match(String(answer.headers['cache-control']), /max-age=1\b/)
  })
}

test('HEAD tells what GET would', async (t) => {
  const fixture = originFixture(AT)
  const app = Fastify()
  await app.register(originPlugin, fixture.options)
  t.after(() => app.close())
  const answer = await app.inject({ method: 'HEAD', url: '/hls/song-nui/a128/live.m3u8' })
  assert.equal(answer.statusCode, 200)
  assert.ok(Number(answer.headers['content-length']) > 1_000)
})

test('the fast path answers like the routes do', async (t) => {
  const { options } = originFixture(AT)
  const fastPath = createFastPath(options)
  let isFast = true
  const taken: boolean[] = []
  const app = Fastify({
    serverFactory: (handler) =>
      createServer((request, response) => {
        const isTaken = isFast && fastPath(request, response)
        taken.push(isTaken)
        if (!isTaken) handler(request, response)
      }),
  })
  await app.register(originPlugin, options)
  t.after(() => app.close())
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const read = async (path: string, fast: boolean) => {
    isFast = fast
    const answer = await fetch(base + path)
    const names = [
      'content-type',
      'cache-control',
      'etag',
      'access-control-allow-origin',
      'content-encoding',
      'vary',
      'x-content-type-options',
    ]
    return { status: answer.status, headers: names.map((name) => [name, answer.headers.get(name)]), body: await answer.text() }
  }
  await read('/hls/song-nui/a128/705.m4s', false)
  for (const path of ['/hls/song-nui/a128/705.m4s', '/hls/song-nui/a64/live.m3u8']) {
    assert.deepEqual(await read(path, true), await read(path, false))
    assert.deepEqual(taken.slice(-2), [true, false])
  }
  await read('/hls/song-nui/a128/999.m4s', true)
  assert.equal(taken.at(-1), false)
})
