import assert from 'node:assert/strict'
import { get, type IncomingMessage } from 'node:http'
import { test, type TestContext } from 'node:test'
import Fastify from 'fastify'
import type { Segment } from '#core/slices.ts'
import { instant, plusMs, tick, tickAt, type Instant } from '#core/time.ts'
import { ICY_INTERVAL, createIcyWeaver, icyBlock } from '../../server/listen/icy.ts'
import { listenPlugin } from '../../server/listen/plugin.ts'

const AT = instant(Date.UTC(2027, 0, 1))
const SEGMENT_BYTES = 5_000

/** Reads `ICY` bytes back: sound, and the titles in order. */
function unwoven(bytes: Buffer): { sound: Buffer; titles: string[] } {
  const sound: Buffer[] = []
  const titles: string[] = []
  let at = 0
  while (at < bytes.length) {
    sound.push(bytes.subarray(at, at + ICY_INTERVAL))
    at += ICY_INTERVAL
    const length = (bytes[at] ?? 0) * 16
    if (length > 0)
      titles.push(
        bytes
          .subarray(at + 1, at + 1 + length)
          .toString()
          .replace(/\0+$/, ''),
      )
    at += 1 + length
  }
  return { sound: Buffer.concat(sound), titles }
}

test('sound woven with titles comes apart into the same sound and each title once', () => {
  const weave = createIcyWeaver()
  const pieces = Array.from({ length: 20 }, (_, index) => Buffer.alloc(3_000 + index * 100, index))
  const woven = Buffer.concat(pieces.flatMap((piece, index) => weave(piece, index < 10 ? 'Thời sự' : 'Ca nhạc')))
  const { sound, titles } = unwoven(woven)
  assert.deepEqual(sound, Buffer.concat(pieces).subarray(0, sound.length))
  assert.deepEqual(titles, ["StreamTitle='Thời sự';", "StreamTitle='Ca nhạc';"])
})

test('no title can end its own quotes, and none is longer than a block', () => {
  const block = icyBlock("a';StreamUrl='http://x';\r\n" + 'ễ'.repeat(5_000))
  assert.equal((block[0] ?? 0) * 16 + 1, block.length)
  assert.equal(block.toString().match(/'/g)?.length, 2)
})

async function station(t: TestContext) {
  const start = tick(tickAt(AT) - 30)
  const segments: readonly Segment[] = Array.from({ length: 40 }, (_, index) => ({
    sequence: 100 + index,
    from: tick(start + index * 6),
    ticks: 6,
    offset: 0,
  }))
  let now: Instant = AT
  let step: (() => void | Promise<void>) | undefined
  const made: number[] = []
  const app = Fastify()
  await app.register(listenPlugin, {
    clock: {
      now: () => now,
      every: (_ms, work) => {
        step = work
        return { stop: () => undefined }
      },
    },
    channel: (id) =>
      id === 'song-nui' ? { name: 'Sóng Núi', description: '', segments: () => segments, titleOf: () => 'Dân ca' } : undefined,
    sound: async (_channel, sequence) => {
      made.push(sequence)
      return Buffer.alloc(SEGMENT_BYTES, sequence)
    },
    onSegment: () => undefined,
  })
  t.after(() => app.close())
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  return { base, made, pass: async (ms: number) => ((now = plusMs(now, ms)), await step?.()) }
}

/** Opens the stream; `until` resolves when so many bytes have come. */
async function listen(t: TestContext, url: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((done) => get(url, { headers }, done))
  t.after(() => response.destroy())
  let bytes = Buffer.alloc(0)
  const waiting = new Set<() => void>()
  response.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    for (const check of waiting) check()
  })
  const until = (count: number) =>
    new Promise<Buffer>((done) => {
      const check = () => {
        if (bytes.length < count) return
        waiting.delete(check)
        done(bytes)
      }
      waiting.add(check)
      check()
    })
  return { response, until }
}

test('a listener gets what is on now and six seconds ahead at once, then each segment as its time comes', async (t) => {
  const { base, pass } = await station(t)
  const { response, until } = await listen(t, `${base}/listen/song-nui.aac`)
  assert.equal(response.headers['content-type'], 'audio/aac')
  // Segment 105 began at AT; four begin within six seconds of it.
  const burst = await until(4 * SEGMENT_BYTES)
  assert.deepEqual([burst[0], burst.at(-1)], [105, 108])
  await pass(1_920)
  const more = await until(5 * SEGMENT_BYTES)
  assert.equal(more.at(-1), 109)
  assert.equal(more.length, 5 * SEGMENT_BYTES)
})

test('who asks for titles gets them, and the sound is made once for all', async (t) => {
  const { base, made } = await station(t)
  const plain = await listen(t, `${base}/listen/song-nui.aac`)
  const titled = await listen(t, `${base}/listen/song-nui.aac`, { 'Icy-MetaData': '1' })
  assert.equal(titled.response.headers['icy-metaint'], String(ICY_INTERVAL))
  const [sound, woven] = await Promise.all([plain.until(4 * SEGMENT_BYTES), titled.until(4 * SEGMENT_BYTES)])
  assert.match(woven.subarray(ICY_INTERVAL, ICY_INTERVAL + 60).toString(), /StreamTitle='Dân ca'/)
  assert.deepEqual(woven.subarray(0, ICY_INTERVAL), sound.subarray(0, ICY_INTERVAL))
  assert.deepEqual(made, [105, 106, 107, 108])
})

test('a channel that is not there is refused', async (t) => {
  const { base } = await station(t)
  assert.equal((await fetch(`${base}/listen/nobody.aac`)).status, 404)
})
