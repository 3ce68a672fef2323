import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import type { AudienceMessage } from '#contract/socket.ts'
import { instant } from '#core/time.ts'
import { createAudience, type Audience } from '../../server/audience/audience.ts'
import { textFrame } from '../../server/audience/frames.ts'
import { audiencePlugin } from '../../server/audience/plugin.ts'
import { manualClock } from '../support/manualClock.ts'
import type { Row } from './row.ts'

const CHANNELS = Array.from({ length: 50 }, (_, index) => `channel-${index}`)
/** Fewer flushes in all than the silence after which sockets are pinged: these clients only listen. */
const ROUNDS = 5
const DELAY_ROUNDS = 15

/** What it costs to tell every page that 50 channels changed in a second. */
export async function benchAudience({ sockets = 2_000 }: { sockets?: number } = {}): Promise<readonly Row[]> {
  const { app, audience } = await start()
  const raw: Duplex[] = []
  app.server.on('upgrade', (_request, socket) => raw.push(socket))
  const { port } = app.server.address() as AddressInfo
  const clients = fork(join(import.meta.dirname, 'audienceClients.ts'), [String(port), String(sockets)], { stdio: 'inherit' })
  try {
    await once(clients, 'message')
    if (raw.length !== sockets || audience.hub.size() !== sockets)
      throw new Error(`Only ${audience.hub.size()} sockets are open.`)
    const quiet = () => drained(app)
    // Once around before anything is measured.
    await coalesced(audience, 0)
    await separately(app, 0)
    await quiet()

    const [merged, single, separate] = [new Array<number>(), new Array<number>(), new Array<number>()]
    for (let round = 1; round <= ROUNDS; round += 1) {
      merged.push(await cpuMs(() => coalesced(audience, round), quiet))
      single.push(await cpuMs(() => framedOnce(raw, round), quiet))
      separate.push(await cpuMs(() => separately(app, round), quiet))
    }
    const delays = monitorEventLoopDelay({ resolution: 1 })
    delays.enable()
    for (let round = 0; round < DELAY_ROUNDS; round += 1) {
      await coalesced(audience, round)
      await wait(100)
    }
    delays.disable()
    if (audience.hub.size() !== sockets) throw new Error(`Only ${audience.hub.size()} sockets were left at the end.`)
    const p99 = delays.percentile(99) / 1e6
    const us = (values: readonly number[]) => `${((median(values) * 1000) / sockets).toFixed(1)} µs a socket`
    return [
      cheaper(`50 changes to ${sockets} sockets: one frame against ws.send of each`, separate, merged, us),
      cheaper(`50 changes to ${sockets} sockets: one frame against one for each, made once`, single, merged, us),
      {
        name: `event loop delay p99 while they go out to ${sockets} sockets`,
        value: p99,
        target: 50,
        unit: 'ms, at most',
        isGood: p99 <= 50,
        note: `max ${(delays.max / 1e6).toFixed(0)} ms`,
      },
    ]
  } finally {
    await end(clients)
    await app.close()
  }
}

function cheaper(
  name: string,
  usual: readonly number[],
  ours: readonly number[],
  us: (values: readonly number[]) => string,
): Row {
  const value = median(usual) / median(ours)
  return { name, value, target: 30, unit: '× cheaper', isGood: value >= 30, note: `${us(usual)} against ${us(ours)}` }
}

/** Each channel changes; then the second is over. */
async function coalesced(audience: Audience, round: number): Promise<void> {
  for (const [index, channel] of CHANNELS.entries()) audience.hub.publish('audience', change(channel, index + round))
  await audience.hub.flush()
}

async function framedOnce(raw: readonly Duplex[], round: number): Promise<void> {
  for (const [index, channel] of CHANNELS.entries()) {
    const frame = textFrame(JSON.stringify(change(channel, index + round)))
    for (const socket of raw) socket.write(frame)
  }
}

/** As it is usually done. */
async function separately(app: FastifyInstance, round: number): Promise<void> {
  for (const [index, channel] of CHANNELS.entries()) {
    const text = JSON.stringify(change(channel, index + round))
    for (const socket of app.websocketServer.clients) socket.send(text)
  }
}

const change = (channel: string, count: number): AudienceMessage => ({
  type: 'audience',
  asOf: 1_790_000_000_000 + count,
  online: 10_000 + count,
  channels: { [channel]: count },
})

/** CPU of this process until all of it has left. */
async function cpuMs(work: () => Promise<void>, quiet: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  await quiet()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

async function drained(app: FastifyInstance): Promise<void> {
  while ([...app.websocketServer.clients].some((socket) => socket.bufferedAmount > 0)) await wait(5)
}

async function start(): Promise<{ app: FastifyInstance; audience: Audience }> {
  // Nothing but the bench makes time pass.
  const clock = manualClock(instant(1_790_000_000_000))
  const settings = {
    get: async () => undefined,
    put: async () => undefined,
    putIfAbsent: async <T>(_key: string, value: T) => value,
    remove: async () => undefined,
  }
  const statistics = {
    addVisits: async () => undefined,
    visitTotals: async () => ({ days: [], visits: 0, since: undefined }),
    freezeBefore: async () => undefined,
    addMinutes: async () => undefined,
    pruneMinutes: async () => undefined,
  }
  const channels = () => CHANNELS
  const audience = await createAudience({ clock, settings, statistics, zone: 'Asia/Ho_Chi_Minh', channels })
  const app = Fastify()
  await app.register(audiencePlugin, { audience, zone: 'Asia/Ho_Chi_Minh', channels, socketsPerAddress: 20_000 })
  await app.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 })
  return { app, audience }
}

async function end(clients: ChildProcess): Promise<void> {
  if (clients.exitCode !== null) return
  const gone = once(clients, 'exit')
  clients.disconnect()
  await gone
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

if (import.meta.main) console.table(await benchAudience({ sockets: Number(process.argv[2] ?? 2_000) }))
