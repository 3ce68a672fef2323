import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { NowNext } from '#contract/channels.ts'
import type { PackagingMessage } from '#contract/socket.ts'
import { instant } from '#core/time.ts'
import { openStore, type Store } from '../../server/store/open.ts'
import { startAudience, type AudienceStation, type Page } from '../support/audienceStation.ts'
import { manualClock, type ManualClock } from '../support/manualClock.ts'

const START = instant(Date.UTC(2026, 5, 1, 5, 0, 0))
const MINUTE = 60_000

describe('socket', { timeout: 60_000 }, () => {
  let root: string
  let store: Store
  let clock: ManualClock
  let station: AudienceStation
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'ps-socket-'))
  })
  after(() => rm(root, { recursive: true, force: true }))
  beforeEach(async () => {
    store = await openStore({ dataDir: await mkdtemp(join(root, 's-')) })
    clock = manualClock(START)
    station = await startAudience({ clock, store }, { allowedOrigins: ['https://friend.example'], socketsPerAddress: 3 })
    // Past the warm-up.
    await clock.advance(MINUTE)
  })
  afterEach(async () => {
    await station.app.close()
    await store.close()
  })

  /** Beats for `seconds`, a beat each 15 s, time and media moving together. */
  const play = async (page: Page, seconds: number, from = 0) => {
    for (let s = 0; s <= seconds; s += 15) {
      await page.beat({ mediaSeconds: from + s })
      if (s < seconds) await clock.advance(15_000)
    }
    await clock.advance(1_000)
  }
  /** How a socket ends for what is sent. */
  const endOf = async (page: Page, sent: unknown): Promise<[number, string]> => {
    const closed = once(page.socket, 'close')
    page.send(sent)
    const [code, reason] = (await closed) as [number, Buffer]
    return [code, reason.toString()]
  }
  const refusalOf = async (headers: Record<string, string>): Promise<string> => {
    const error = await station.page({ headers }).then(
      async (page) => {
        await page.close()
        return 'none'
      },
      (reason: unknown) => String(reason),
    )
    return error
  }

  test('greets a page, gives it the counts, and tells it when they change, not when they do not', async () => {
    const page = await station.page()
    const welcome = page.messages.find((message) => message.type === 'welcome')
    assert.ok(welcome)
    assert.deepEqual(
      { ...welcome, session: '' },
      { type: 'welcome', session: '', beatSeconds: 15, hiddenBeatSeconds: 60, at: clock.now() },
    )
    const first = await page.next('audience')
    assert.deepEqual([first.online, first.channels], [0, { tv: 0, radio: 0 }])
    await play(page, 30)
    await page.settled()
    const told = page.messages.filter((message) => message.type === 'audience').slice(1)
    assert.deepEqual(
      told.map(({ online, channels }) => [online, channels]),
      [
        [1, {}],
        [1, { tv: 1 }],
      ],
    )
    assert.deepEqual(station.audience.counts(), { online: 1, channels: { tv: 1, radio: 0 }, asOf: clock.now() })
    await page.close()
    await clock.advance(46_000)
    assert.equal(station.audience.counts().channels['tv'], 0)
  })

  test('a channel that does not exist counts for the site only', async () => {
    const page = await station.page()
    for (const mediaSeconds of [0, 15, 30]) {
      await page.beat({ channel: 'no-such-channel', mediaSeconds })
      await clock.advance(15_000)
    }
    assert.deepEqual(station.audience.counts(), { online: 1, channels: { tv: 0, radio: 0 }, asOf: clock.now() })
    await page.close()
  })

  test('what many publish in a second comes as one message of each kind, newest last', async () => {
    const page = await station.page()
    const nowNext = (channel: string, continuity: NowNext['continuity']) => ({ channel, continuity }) as NowNext
    for (let n = 0; n < 50; n += 1) {
      station.audience.hub.publish('audience', { type: 'audience', asOf: n, online: n, channels: { [`c${n % 5}`]: n } })
    }
    station.audience.hub.publish('now-playing', {
      type: 'now-playing',
      at: 1,
      channels: [nowNext('tv', null), nowNext('radio', null)],
    })
    station.audience.hub.publish('now-playing', { type: 'now-playing', at: 2, channels: [nowNext('tv', 'filler')] })
    const before = page.messages.length
    await clock.advance(1_000)
    await page.settled()
    assert.deepEqual(page.messages.slice(before), [
      { type: 'audience', asOf: 49, online: 49, channels: { c0: 45, c1: 46, c2: 47, c3: 48, c4: 49 } },
      { type: 'now-playing', at: 2, channels: [nowNext('tv', 'filler'), nowNext('radio', null)] },
    ])
    const late = await station.page({ device: 'device-of-a-late-one' })
    assert.deepEqual((await late.next('now-playing')).channels, [nowNext('tv', 'filler'), nowNext('radio', null)])
    await page.close()
    await late.close()
  })

  test('long messages are framed right', async () => {
    const page = await station.page()
    for (const size of [1, 120, 126, 60_000, 70_000]) {
      const channels = { ['đ'.repeat(size)]: size }
      station.audience.hub.publish('audience', { type: 'audience', asOf: 0, online: 0, channels })
      await clock.advance(1_000)
      await page.settled()
      assert.deepEqual(page.messages.at(-1), { type: 'audience', asOf: 0, online: 0, channels })
    }
    await page.close()
  })

  test('packaging is told to those who ask for it, and what it said last at once', async () => {
    const message: PackagingMessage = { type: 'packaging', jobs: [] }
    const page = await station.page()
    station.audience.hub.publish('packaging', message)
    await clock.advance(1_000)
    const desk = await station.page({ topics: ['packaging'] })
    assert.deepEqual(await desk.next('packaging'), message)
    assert.ok(!page.messages.some(({ type }) => type === 'packaging'))
    await page.close()
    await desk.close()
  })

  test('pages of other sites are refused, ours and friends are not', async () => {
    assert.match(await refusalOf({ origin: 'https://elsewhere.example' }), /403/)
    assert.match(await refusalOf({ origin: 'null' }), /403/)
    assert.equal(await refusalOf({ origin: 'https://friend.example' }), 'none')
    assert.equal(await refusalOf({ host: 'station.example', origin: 'https://station.example' }), 'none')
  })

  test('one address has so many sockets and no more, behind a proxy too', async () => {
    const pages = await Promise.all([1, 2, 3].map(() => station.page({ headers: { 'x-forwarded-for': '203.0.113.7' } })))
    assert.match(await refusalOf({ 'x-forwarded-for': '203.0.113.7' }), /429/)
    assert.equal(await refusalOf({ 'x-forwarded-for': '203.0.113.8' }), 'none')
    await pages[0]?.close()
    // The server hears of it a moment later.
    while (station.audience.hub.size() > 2) await new Promise(setImmediate)
    assert.equal(await refusalOf({ 'x-forwarded-for': '203.0.113.7' }), 'none')
    await Promise.all(pages.map((page) => page.close()))
  })

  test('what is not a message of the contract ends the conversation', async () => {
    for (const [sent, code] of [
      ['not json', 1008],
      [{ type: 'unknown' }, 1008],
      [{ type: 'beat', channel: 'tv', state: 'playing', mediaSeconds: -1, isHidden: false, isMuted: false }, 1008],
      [{ type: 'hello', device: 'another-device-id', tab: 'tab-01234567' }, 1008],
      [Buffer.from([1, 2, 3]), 1003],
      ['x'.repeat(5_000), 1009],
    ] as const) {
      const page = await station.page()
      assert.equal((await endOf(page, sent))[0], code, JSON.stringify(sent).slice(0, 60))
    }
  })

  test('a page that chatters is shut up', async () => {
    const page = await station.page()
    const closed = once(page.socket, 'close')
    for (let n = 0; n < 100; n += 1) page.send({ type: 'bye' })
    assert.deepEqual((await closed)[0], 1008)
  })

  test('a page that leaves says so: by the socket, or by a beacon with its session', async () => {
    for (const leave of [
      (page: Page) => page.send({ type: 'bye' }),
      (page: Page) => post({ type: 'bye', session: page.session() }, 'text/plain;charset=UTF-8'),
      (page: Page) => post({ type: 'bye', session: page.session(), device: 'x', tab: 'y' }, 'application/json'),
    ]) {
      const page = await station.page()
      await play(page, 15)
      assert.equal(station.audience.counts().channels['tv'], 1)
      const forged = page.session().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      await post({ type: 'bye', session: forged }, 'text/plain')
      await clock.advance(1_000)
      assert.equal(station.audience.counts().channels['tv'], 1, 'a forged session moves nothing')
      await leave(page)
      await page.settled()
      await clock.advance(1_000)
      assert.equal(station.audience.counts().channels['tv'], 0)
      await page.close()
    }
    assert.equal((await post('nonsense', 'text/plain')).statusCode, 204)
  })
  const post = (body: unknown, type: string) =>
    station.app.inject({ method: 'POST', url: '/api/bye', payload: JSON.stringify(body), headers: { 'content-type': type } })

  test('a restart changes no number: counts are there at once and sessions go on', async () => {
    const page = await station.page()
    await play(page, 30)
    await station.app.close()
    await clock.advance(5_000)
    station = await startAudience({ clock, store })
    const again = await station.page({ session: page.session() })
    const first = await again.next('audience')
    assert.deepEqual([first.online, first.channels], [1, { tv: 1, radio: 0 }])
    await play(again, 60, 40)
    assert.deepEqual(station.audience.counts().channels, { tv: 1, radio: 0 })
    const end = (session: string) => session.split('.').slice(0, 2)
    assert.deepEqual(end(again.session()), end(page.session()))
    await again.close()
  })

  test('a session of another device is not taken over', async () => {
    const page = await station.page()
    const other = await station.page({ device: 'another-device-01', session: page.session() })
    assert.notEqual(other.session().split('.')[1], page.session().split('.')[1])
    await page.close()
    await other.close()
  })

  test('robots and staff see the counts and are none of them', async () => {
    await station.app.close()
    station = await startAudience({ clock, store }, { isStaff: (request) => request.headers['x-staff'] === 'yes' })
    await clock.advance(MINUTE)
    const robot = await station.page({ headers: { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' } })
    const staff = await station.page({ device: 'device-of-the-staff', headers: { 'x-staff': 'yes' } })
    await play(robot, 30)
    await play(staff, 30)
    assert.deepEqual(station.audience.counts(), { online: 0, channels: { tv: 0, radio: 0 }, asOf: clock.now() })
    await robot.close()
    await staff.close()
  })

  test('a silent socket is asked whether it lives, and ended when it does not answer', async () => {
    const dead = await station.page({ autoPong: false })
    const alive = await station.page({ device: 'device-that-lives' })
    const pinged = once(alive.socket, 'ping')
    const ended = once(dead.socket, 'close')
    await clock.advance(25_000)
    await pinged
    await alive.settled()
    await clock.advance(25_000)
    await ended
    await alive.settled()
    assert.equal(alive.socket.readyState, alive.socket.OPEN)
    assert.equal(station.audience.hub.size(), 1)
    await alive.close()
  })

  test('a setting of the clock ends no socket and drops no viewer', async () => {
    for (const step of [-3_600_000, 3_600_000]) {
      const page = await station.page()
      await play(page, 30)
      clock.set(instant(clock.now() + step))
      await clock.advance(1_000)
      assert.deepEqual(station.audience.counts().channels, { tv: 1, radio: 0 })
      await play(page, 60, 32)
      assert.deepEqual(station.audience.counts().channels, { tv: 1, radio: 0 })
      await page.close()
    }
  })

  test('a page that does not read is dropped before it costs memory', async () => {
    const port = Number(new URL(station.origin).port)
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
    )
    await once(socket, 'readable')
    // More than the kernel's buffers take, long before silence alone would end it.
    const channels = { ['x'.repeat(900_000)]: 1 }
    for (let n = 0; n < 40 && station.audience.hub.size() > 0; n += 1) {
      station.audience.hub.publish('audience', { type: 'audience', asOf: n, online: n, channels })
      await clock.advance(1_000)
      await new Promise(setImmediate)
    }
    const left = station.audience.hub.size()
    socket.destroy()
    assert.equal(left, 0)
  })

  test('a channel that is taken off the schedule loses its count on the pages', async () => {
    let channels = ['tv', 'radio']
    await station.app.close()
    station = await startAudience({ clock, store, channels: () => channels })
    await clock.advance(MINUTE)
    const page = await station.page()
    assert.deepEqual((await page.next('audience')).channels, { tv: 0, radio: 0 })
    channels = ['tv']
    await clock.advance(1_000)
    assert.deepEqual((await page.next('audience')).channels, { radio: null })
    await page.close()
  })

  test('/api/audience says the counts and the rules they are counted by', async () => {
    const { body, headers } = await station.app.inject('/api/audience')
    assert.deepEqual(JSON.parse(body), {
      asOf: clock.now(),
      online: 0,
      channels: { tv: 0, radio: 0 },
      rules: { leaseSeconds: 45, hiddenLeaseSeconds: 120, onlineSeconds: 300, devicesPerAddress: 200, visitIdleMinutes: 30 },
    })
    assert.equal(headers['cache-control'], 'public, max-age=1')
  })
})
