import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Instant } from '#core/time.ts'

/**
 * A small live origin without a fault: one second of real H.264 per segment, over and over, on a timeline counted from the Unix
 * epoch. Its `faults` may be changed while it runs.
 */
export type Faults = {
  /** Taken from each media sequence, as an encoder that starts anew does. */
  sequenceShift: number
  /** Written over a byte of each picture. */
  spoiltByte: number
  isPlain: boolean
}
const WINDOW = 12
const file = readFileSync(new URL('../core/conformance/h264.mp4', import.meta.url))
const firstMoof = file.indexOf('moof') - 4
const init = file.subarray(0, firstMoof)
const fragment = file.subarray(firstMoof, file.indexOf('moof', firstMoof + 8) - 4)

export function createGoldenOrigin(now: () => Instant): { readonly app: FastifyInstance; readonly faults: Faults } {
  const faults: Faults = { sequenceShift: 0, spoiltByte: 0, isPlain: false }
  const app = Fastify()
  const text = (reply: FastifyReply, lines: readonly string[]) => {
    void reply.headers({
      'content-type': 'application/vnd.apple.mpegurl',
      'cache-control': 'public, max-age=1',
      'access-control-allow-origin': '*',
      ...(!faults.isPlain && { 'content-encoding': 'gzip' }),
    })
    const body = `${lines.join('\n')}\n`
    return faults.isPlain ? body : gzipSync(body)
  }
  const bytes = (reply: FastifyReply, body: Buffer) => {
    void reply.headers({
      'content-type': 'video/mp4',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
    })
    return body
  }

  app.get('/hls/master.m3u8', (_request, reply) =>
    text(reply, [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      ...['high', 'low'].flatMap((name, index) => [
        `#EXT-X-STREAM-INF:BANDWIDTH=${90_000 - index},AVERAGE-BANDWIDTH=${80_000 - index},CODECS="avc1.4d4015",RESOLUTION=64x36,FRAME-RATE=25.000`,
        `${name}/live.m3u8`,
      ]),
    ]),
  )
  app.get('/hls/:variant/live.m3u8', (_request, reply) => {
    const end = Math.floor(now() / 1000)
    const sequences = Array.from({ length: WINDOW }, (_, index) => end - WINDOW + index)
    return text(reply, [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:1',
      `#EXT-X-MEDIA-SEQUENCE:${end - WINDOW - faults.sequenceShift}`,
      '#EXT-X-MAP:URI="init.mp4"',
      ...sequences.flatMap((second) => [
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(second * 1000).toISOString()}`,
        '#EXTINF:1.000,',
        `${second}.m4s`,
      ]),
    ])
  })
  app.get('/hls/:variant/init.mp4', (_request, reply) => bytes(reply, init))
  app.get<{ Params: { second: string } }>('/hls/:variant/:second.m4s', (request, reply) => {
    const segment = Buffer.from(fragment)
    const tfdt = segment.indexOf('tfdt') + 4
    // ffmpeg writes version 1: 64 bits of decode time after version and flags.
    segment.writeBigUInt64BE(BigInt(request.params.second) * 12_800n, tfdt + 4)
    if (faults.spoiltByte) segment[segment.length - 1] = faults.spoiltByte
    return bytes(reply, segment)
  })
  return { app, faults }
}
