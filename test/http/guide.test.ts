import assert from 'node:assert/strict'
import { test } from 'node:test'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Guide } from '#contract/channels.ts'
import { plusMs, type Instant, type Span } from '#core/time.ts'
import { StationError } from '../../server/errors.ts'
import { guidePlugin } from '../../server/guide/plugin.ts'
import { AT, CHANNELS, ENTRIES } from '../support/goldenGuide.ts'
import { dtdFaults, parseXml } from '../support/xmltvDtd.ts'

async function station({ isLimited = false } = {}): Promise<{
  app: FastifyInstance
  asked: { span: Span; channel: string | undefined }[]
  pass(ms: number): void
}> {
  let at: Instant = AT
  const asked: { span: Span; channel: string | undefined }[] = []
  const app = Fastify()
  app.setErrorHandler((error, _request, reply) =>
    reply
      .code(error instanceof StationError && error.code === 'NOT_FOUND' ? 404 : 400)
      .send({ error: 'refused', message: (error as Error).message }),
  )
  // As in the whole app, where only the API is limited unless a route says otherwise.
  if (isLimited) await app.register(rateLimit, { max: 600, allowList: (request) => !request.url.startsWith('/api/') })
  await app.register(guidePlugin, {
    at: () => at,
    zone: () => 'Asia/Ho_Chi_Minh',
    station: () => ({ name: 'Đài Mường Sương' }),
    channels: (now: Instant) => ({ at: now, channels: [...CHANNELS] }),
    nowNext: () => CHANNELS.map(({ id, now, next, continuity }) => ({ channel: id, now, next, continuity })),
    guide: async (span: Span, _at: Instant, channel?: string): Promise<Guide> => {
      asked.push({ span, channel })
      const entries = ENTRIES.filter(
        (one) => one.to > span.from && one.from < span.to && (channel === undefined || one.channel === channel),
      )
      return { from: span.from, to: span.to, zone: 'Asia/Ho_Chi_Minh', entries }
    },
    baseUrl: ({ protocol, host }) => `${protocol}://${host}`,
    categoryName: (category) => category,
  })
  return { app, asked, pass: (ms) => (at = plusMs(at, ms)) }
}

test('/api/channels and /api/now-next answer as the contract says, with short caching and an ETag', async () => {
  const { app } = await station()
  for (const path of ['/api/channels', '/api/now-next', '/api/guide', '/guide.xml', '/channels.m3u', '/guide/fm-98.ics']) {
    const answer = await app.inject(path)
    assert.equal(answer.statusCode, 200, path)
    assert.match(String(answer.headers['cache-control']), /^public, max-age=\d+$/)
    const tag = String(answer.headers.etag)
    assert.match(tag, /^W\/"/)
    assert.equal((await app.inject({ url: path, headers: { 'if-none-match': tag } })).statusCode, 304, path)
    const head = await app.inject({ url: path, method: 'HEAD' })
    assert.deepEqual([head.statusCode, head.body, head.headers['content-type']], [200, '', answer.headers['content-type']])
  }
  assert.equal((await app.inject('/api/channels')).json<{ channels: unknown[] }>().channels.length, 2)
})

test('/api/guide: the next day without words, else the span that was asked for', async () => {
  const { app, asked } = await station()
  await app.inject('/api/guide')
  await app.inject(`/api/guide?from=${AT}&to=2026-03-02T07:00:00%2B07:00&channel=fm-98`)
  const day = { from: AT, to: plusMs(AT, 86_400_000) }
  assert.deepEqual(asked, [
    { span: day, channel: undefined },
    { span: day, channel: 'fm-98' },
  ])
})

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['from=yesterday', /^from must be epoch milliseconds or ISO 8601 with an offset, found "yesterday"/],
  ['from=2026-03-01T07:00:00', /^from must be/],
  ['from=999999999999999999', /^from must be/],
  ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', /^to must be after from/],
  ['from=2026-03-01T00:00:00Z&to=2026-03-17T00:00:00Z', /^to must be at most 15 days after from, found 16 days/],
  ['from=2099-03-01T00:00:00Z', /^to must be at most 16 days ahead of now/],
  ['channel=../etc', /channel/],
]
for (const [query, words] of REFUSED)
  test(`/api/guide?${query} is refused by the name of its field`, async () => {
    const { app, asked } = await station()
    const answer = await app.inject(`/api/guide?${query}`)
    assert.equal(answer.statusCode, 400)
    assert.match(answer.json<{ message: string }>().message, words)
    assert.deepEqual(asked, [])
  })

test('a channel that does not exist is not found', async () => {
  const { app } = await station()
  assert.equal((await app.inject('/api/guide?channel=kenh-la')).statusCode, 404)
  assert.equal((await app.inject('/guide/kenh-la.ics')).statusCode, 404)
})

test('/guide.xml is valid XMLTV under the address that it was asked by, and written once a minute', async () => {
  const { app, asked, pass } = await station()
  const answer = await app.inject({ url: '/guide.xml', headers: { host: 'phat.example' } })
  assert.equal(answer.headers['content-type'], 'application/xml; charset=utf-8')
  const root = parseXml(answer.body)
  assert.deepEqual(dtdFaults(root), [])
  assert.equal(root.attributes['source-info-url'], 'http://phat.example/')
  await app.inject({ url: '/guide.xml', headers: { host: 'phat.example' } })
  assert.equal(asked.length, 1)
  pass(60_000)
  await app.inject({ url: '/guide.xml', headers: { host: 'phat.example' } })
  assert.equal(asked.length, 2)
})

test('/channels.m3u points to the guide and to playlists', async () => {
  const { app } = await station()
  const answer = await app.inject({ url: '/channels.m3u', headers: { host: 'phat.example' } })
  assert.equal(answer.headers['content-type'], 'audio/x-mpegurl; charset=utf-8')
  assert.match(answer.body, /^#EXTM3U x-tvg-url="http:\/\/phat\.example\/guide\.xml"/)
  assert.match(answer.body, /^http:\/\/phat\.example\/hls\/muong-suong-1\/master\.m3u8$/m)
})

test('/guide/:channel.ics: the channel’s airings, or one programme’s with a reminder', async () => {
  const { app } = await station()
  const whole = (await app.inject('/guide/muong-suong-1.ics')).body
  assert.equal(whole.split('BEGIN:VEVENT').length - 1, 2)
  const one = (await app.inject('/guide/muong-suong-1.ics?programme=ca-nhac')).body
  assert.equal(one.split('BEGIN:VEVENT').length - 1, 1)
  assert.match(one, /TRIGGER:-PT5M/)
})

test('the calendars are written once a minute, and one address may not ask without end', async () => {
  const { app, asked } = await station({ isLimited: true })
  const answers = []
  for (let request = 0; request < 61; request += 1) answers.push((await app.inject('/guide/fm-98.ics')).statusCode)
  assert.deepEqual([answers.filter((status) => status === 200).length, answers.at(-1) === 200], [60, false])
  assert.equal(asked.length, 1)
})
