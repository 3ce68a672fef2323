import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import { Type } from 'typebox'
import { TICK_MS, type Instant, type Tick } from '#core/time.ts'

export type ChannelHealth = {
  readonly channel: string
  /** The tick up to which the air is committed; undefined before the first commit. */
  readonly committedUntil: Tick | undefined
  readonly isContinuity: boolean
  readonly audience: number | null
}

export type HealthOptions = {
  readonly at: () => Instant
  readonly channels: () => readonly ChannelHealth[]
  readonly packagingWaiting: () => number
  readonly packagingFailed: () => number
  /** Whether the database answered the last time it was asked. */
  readonly isStoreReachable: () => boolean
}

const State = Type.Object({
  ok: Type.Boolean(),
  channels: Type.Array(Type.Object({ channel: Type.String(), committedSeconds: Type.Number(), isOnAir: Type.Boolean() })),
  database: Type.Boolean(),
})

/** `/healthz`: the process answers. `/readyz`: every channel is on air. `/metrics`: Prometheus text. */
export const healthPlugin = fp(
  async (app: FastifyInstance, options: HealthOptions) => {
    const delay = monitorEventLoopDelay({ resolution: 10 })
    delay.enable()
    app.addHook('onClose', () => {
      delay.disable()
    })

    const stateOf = () => {
      const channels = options.channels().map(({ channel, committedUntil }) => {
        const committedSeconds = committedUntil === undefined ? 0 : (committedUntil * TICK_MS - options.at()) / 1000
        // The listing shows 7.36 s ahead: with less than a second in hand players are about to stall.
        return { channel, committedSeconds, isOnAir: committedSeconds > 1 }
      })
      return { ok: channels.length > 0 && channels.every((one) => one.isOnAir), channels, database: options.isStoreReachable() }
    }

    app.get(
      '/healthz',
      { schema: { tags: ['health'], response: { 200: Type.Object({ ok: Type.Boolean() }) } } },
      async (_request, reply) => {
        reply.header('cache-control', 'no-store')
        return { ok: true }
      },
    )

    app.get('/readyz', { schema: { tags: ['health'], response: { 200: State, 503: State } } }, async (_request, reply) => {
      const state = stateOf()
      return reply
        .header('cache-control', 'no-store')
        .code(state.ok ? 200 : 503)
        .send(state)
    })

    const register = registerOf(options, () => delay.percentile(99) / 1e9)
    app.get('/metrics', { schema: { tags: ['health'] } }, async (_request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .type(register.contentType)
        .send(await register.metrics()),
    )
  },
  { name: 'health' },
)

function registerOf(options: HealthOptions, loopDelaySeconds: () => number): Registry {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const gauge = (name: string, help: string, labelNames: readonly string[], collect: (set: Gauge) => void) =>
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [register],
      collect() {
        collect(this)
      },
    })
  gauge('phatsong_committed_seconds', 'How far ahead of the clock the air is committed.', ['channel'], (set) => {
    for (const one of options.channels())
      set.set(
        { channel: one.channel },
        one.committedUntil === undefined ? 0 : (one.committedUntil * TICK_MS - options.at()) / 1000,
      )
  })
  gauge('phatsong_continuity', '1 while filler or slate stands in for the programme.', ['channel'], (set) => {
    for (const one of options.channels()) set.set({ channel: one.channel }, one.isContinuity ? 1 : 0)
  })
  gauge('phatsong_audience', 'Devices watching or listening, as shown to the public.', ['channel'], (set) => {
    for (const one of options.channels()) if (one.audience !== null) set.set({ channel: one.channel }, one.audience)
  })
  gauge('phatsong_packaging_waiting', 'Files waiting for their package.', [], (set) => set.set(options.packagingWaiting()))
  gauge('phatsong_packaging_failed', 'Files that could not be packaged.', [], (set) => set.set(options.packagingFailed()))
  gauge('phatsong_database_reachable', '1 while the database answers.', [], (set) => set.set(options.isStoreReachable() ? 1 : 0))
  gauge('phatsong_event_loop_delay_p99_seconds', 'Event loop delay, 99th percentile since the start.', [], (set) =>
    set.set(loopDelaySeconds()),
  )
  return register
}
