import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { instant, plusMs, type Instant } from '#core/time.ts'
import { systemClock } from '../../server/clock.ts'
import { hlsHealthPlugin, type HlsHealth } from '../../server/guide/hlsHealth.ts'
import { createGoldenOrigin } from '../support/goldenOrigin.ts'
import { createStrictClient } from '../support/strictClient.ts'

function fakeTime() {
  let at = instant(Date.parse('2026-03-01T00:00:00Z'))
  return {
    now: (): Instant => at,
    pass: (ms: number) => {
      at = plusMs(at, ms)
    },
  }
}

function client() {
  const time = fakeTime()
  let stoppedAt: Instant | undefined
  const { app, faults } = createGoldenOrigin(() => stoppedAt ?? time.now())
  const strict = createStrictClient('http://localhost/hls/master.m3u8', {
    now: time.now,
    get: async (url) => {
      const answer = await app.inject({ url: new URL(url).pathname, headers: { 'accept-encoding': 'gzip' } })
      const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(answer.rawPayload) : answer.rawPayload
      return { status: answer.statusCode, headers, body, isRedirected: false }
    },
  })
  const watch = async (polls: number) => {
    for (let poll = 0; poll < polls; poll += 1) {
      await strict.poll()
      time.pass(1000)
    }
  }
  const stop = () => {
    stoppedAt = time.now()
  }
  return { strict, faults, watch, stop }
}

test('a strict client finds nothing in a sound origin, and reads its segments', async () => {
  const { strict, watch } = client()
  await watch(8)
  strict.assertSound()
  assert.equal(strict.newest().size, 2)
  assert.deepEqual(
    strict.findings().filter((one) => one.code.startsWith('segment') || one.code.startsWith('init')),
    [],
  )
})

test('a strict client sees an encoder that starts its numbers anew', async () => {
  const { strict, faults, watch } = client()
  await watch(3)
  faults.sequenceShift = 100
  await watch(3)
  assert.throws(() => strict.assertSound(), /sequence-fell \(RFC 8216 §4\.3\.3\.2\)/)
})

test('a strict client sees a listed segment that changes its bytes', async () => {
  const { strict, faults, watch } = client()
  await watch(4)
  faults.spoiltByte = 7
  await watch(4)
  assert.throws(() => strict.assertSound(), /bytes-changed/)
  strict.assertSound(['bytes-changed'])
})

test('a strict client sees a playlist that stands still', async () => {
  const { strict, watch, stop } = client()
  await watch(2)
  strict.assertSound()
  stop()
  await watch(3)
  assert.throws(() => strict.assertSound(), /stale \(RFC 8216 §6\.2\.2\)/)
})

test('/api/health/hls is sound, tells a breach with its clause, and looks at most once in a target duration', async () => {
  const time = fakeTime()
  const { app: origin, faults } = createGoldenOrigin(time.now)
  let looks = 0
  const app = Fastify()
  await app.register(hlsHealthPlugin, {
    now: time.now,
    channels: () => [{ channel: 'muong-suong-1', playlist: '/hls/master.m3u8' }],
    inject: async (url, headers) => {
      looks += 1
      const answer = await origin.inject({ url, headers })
      return { status: answer.statusCode, headers: answer.headers, body: answer.rawPayload }
    },
  })
  const ask = async () => (await app.inject('/api/health/hls')).json<HlsHealth>()

  const first = await ask()
  assert.equal(first.isSound, true, JSON.stringify(first))
  const asked = looks
  assert.deepEqual(await ask(), first)
  assert.equal(looks, asked)

  faults.isPlain = true
  time.pass(2000)
  const second = await ask()
  assert.equal(second.isSound, false)
  const [finding] = second.channels[0]?.findings ?? []
  assert.deepEqual([finding?.code, finding?.clause, finding?.severity], ['not-compressed', 'A10.1', 'must'])
  assert.match(finding?.url ?? '', /^\/hls\//)
})

test('npm run conform: ends with 0 on a sound origin, 1 on a broken one, 2 on a wrong call', async (t) => {
  const { app, faults } = createGoldenOrigin(systemClock.now)
  t.after(() => app.close())
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const conform = async (...args: string[]) => {
    const child = spawn(process.execPath, ['server/cli/conform.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const code = new Promise<number | null>((resolve) => child.once('close', resolve))
    return { out: await text(child.stdout), errors: await text(child.stderr), code: await code }
  }
  const sound = await conform(`${address}/hls/master.m3u8`, '--for', '2s')
  assert.equal(sound.code, 0, sound.out)
  assert.match(sound.out, /should target-six \(A7\.5\)/)

  faults.isPlain = true
  const broken = await conform(`${address}/hls/master.m3u8`, '--for', '1s', '--json')
  assert.equal(broken.code, 1, broken.errors)
  assert.equal((JSON.parse(broken.out) as { code: string }[])[0]?.code, 'not-compressed')

  assert.equal((await conform('muong-suong.m3u8')).code, 2)
  const wrong = await conform(address, '--for', 'soon')
  assert.equal(wrong.code, 2)
  assert.match(wrong.errors, /--for is "soon"/)
})
