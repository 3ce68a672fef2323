import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { FastifyPluginCallback } from 'fastify'
import { Type, type Static } from 'typebox'
import { checkHistory } from '#core/conformance.ts'
import type { Instant } from '#core/time.ts'
import { createHlsObserver, type HlsObserver, type HttpAnswer } from './hlsObserver.ts'

const HealthFinding = Type.Object({
  code: Type.String(),
  clause: Type.String(),
  severity: Type.Union([Type.Literal('must'), Type.Literal('should')]),
  url: Type.String(),
  at: Type.Integer(),
  message: Type.String(),
  count: Type.Integer(),
})
export const HlsHealth = Type.Object({
  at: Type.Integer(),
  /** No rule that must be kept is broken. */
  isSound: Type.Boolean(),
  channels: Type.Array(
    Type.Object({
      channel: Type.String(),
      isSound: Type.Boolean(),
      answers: Type.Integer(),
      findings: Type.Array(HealthFinding),
    }),
  ),
})
export type HlsHealth = Static<typeof HlsHealth>

export type HlsHealthNeeds = {
  now(): Instant
  /** Multivariant playlists by channel, absolute paths. */
  channels(): readonly { readonly channel: string; readonly playlist: string }[]
  /** Answers a path as the server itself would; `app.inject` in practice. */
  inject(path: string, headers: Readonly<Record<string, string>>): Promise<InjectedAnswer>
}
export type InjectedAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** Our own addresses, as if from outside; the host never leaves this file. */
const BASE = 'https://localhost'
/** Tells a count of listeners that nobody listens. */
const USER_AGENT = 'PhatSong-health (bot)'
/** A target duration: what a player would do, and a bound on what strangers can make us check. */
const LEAST_PAUSE_MS = 2000
/** Looks kept: a monitor that asks each half minute gets a quarter of an hour of history, one that asks always costs no more. */
const LOOKS = 30

/** `/api/health/hls`: looks at our own playlists as a player would, and tells what the rules say about the last thirty looks. */
export const hlsHealthPlugin: FastifyPluginCallback<HlsHealthNeeds> = (app, needs, done) => {
  const observers = new Map<string, HlsObserver>()
  const looks: Instant[] = []
  let last: { readonly at: Instant; readonly health: Promise<HlsHealth> } | undefined

  const get = async (url: string): Promise<HttpAnswer> => {
    const answer = await needs.inject(url.slice(BASE.length), { 'accept-encoding': 'gzip', 'user-agent': USER_AGENT })
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
    return {
      ...answer,
      headers,
      body: decoded(answer.body, headers['content-encoding']),
      isRedirected: answer.status >= 300 && answer.status < 400,
    }
  }

  async function look(at: Instant): Promise<HlsHealth> {
    const wanted = needs.channels()
    looks.push(at)
    if (looks.length > LOOKS) looks.shift()
    for (const channel of observers.keys()) if (!wanted.some((one) => one.channel === channel)) observers.delete(channel)
    const channels = []
    // One after the other: a check of health must not be a load of its own.
    for (const { channel, playlist } of wanted) {
      const observer = observers.get(channel) ?? createHlsObserver(`${BASE}${playlist}`, { get, now: needs.now })
      observers.set(channel, observer)
      observer.forget(looks[0] ?? at)
      await observer.round()
      const findings = checkHistory(observer.observations()).map((one) => ({ ...one, url: one.url.slice(BASE.length) }))
      const isSound = findings.every((finding) => finding.severity !== 'must')
      channels.push({ channel, isSound, answers: observer.observations().length, findings })
    }
    return { at, isSound: channels.every((one) => one.isSound), channels }
  }

  app.get('/api/health/hls', { schema: { tags: ['health'], response: { 200: HlsHealth } } }, async (_request, reply) => {
    const at = needs.now()
    if (!last || at - last.at >= LEAST_PAUSE_MS) last = { at, health: look(at) }
    return reply.header('cache-control', 'no-store').send(await last.health)
  })
  done()
}

function decoded(body: Uint8Array, encoding: string | undefined): Uint8Array {
  if (encoding === 'gzip') return gunzipSync(body)
  if (encoding === 'br') return brotliDecompressSync(body)
  return body
}
