import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AUDIENCE_RULES } from '#core/audience.ts'
import { instant } from '#core/time.ts'
import { daysOf } from '#core/visits.ts'
import { createCounting } from '../../server/audience/counting.ts'
import type { ConversationPorts } from '../../server/audience/conversation.ts'
import { createHub } from '../../server/audience/hub.ts'
import { createSessions } from '../../server/audience/secrets.ts'
import { createVisiting } from '../../server/audience/visiting.ts'
import { arrive, connect, createClient, isHidden, leave, sayBeat, type Client, type Kind } from '../support/simulatedAudience.ts'

const CHANNELS = ['tv-1', 'tv-2', 'radio-1', 'radio-2']
const CROWD: Record<Kind, number> = { viewer: 800, tabs: 150, sleeper: 100, hidden: 100, paused: 60, robot: 60, forger: 60 }
const COUNTED: readonly Kind[] = ['viewer', 'tabs', 'sleeper', 'hidden']
const SECONDS = 35 * 60
const STORM_AT = 12 * 60
const RESTART_AT = 20 * 60
const DOWN_SECONDS = 6
/** From here on nobody changes anything: the count must come to rest on the truth. */
const CALM_AT = 30 * 60
/** The clock crosses the turn of the year in the middle. */
const START = instant(Date.parse('2026-12-31T23:44:00+07:00'))
/** A change is counted at the latest when the lease runs out, as of the next second. */
const LAG = AUDIENCE_RULES.leaseMs / 1000 + 1

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function memoryStore() {
  const settings = new Map<string, string>()
  return {
    settings: {
      get: async <T>(key: string) => (settings.has(key) ? (JSON.parse(settings.get(key) ?? '') as T) : undefined),
      put: async (key: string, value: unknown) => void settings.set(key, JSON.stringify(value)),
      putIfAbsent: async <T>(key: string, value: T) => {
        if (!settings.has(key)) settings.set(key, JSON.stringify(value))
        return JSON.parse(settings.get(key) ?? '') as T
      },
      remove: async (key: string) => void settings.delete(key),
    },
    statistics: {
      addVisits: async () => undefined,
      visitTotals: async () => ({ days: [], visits: 0, since: undefined }),
      freezeBefore: async () => undefined,
      addMinutes: async () => undefined,
      pruneMinutes: async () => undefined,
    },
  }
}

for (const seed of [1, 2]) {
  test(`a crowd of ${Object.values(CROWD).reduce((a, b) => a + b)} is counted right to 1 % within 45 s, through a reconnect storm and a restart (seed ${seed})`, async () => {
    const random = randomOf(seed)
    const chance = (p: number) => random() < p && !isCalm
    const pick = () => CHANNELS[Math.floor(random() * CHANNELS.length)] ?? ''
    const store = memoryStore()
    let now = START
    const complain = (what: string) => assert.fail(what)
    const start = async (): Promise<ConversationPorts> => {
      const hub = createHub()
      const channels = () => CHANNELS
      const dayOf = daysOf('Asia/Ho_Chi_Minh')
      const counting = await createCounting(
        { ...store, channels, dayOf, publish: (message) => hub.publish('audience', message), complain },
        now,
      )
      const visiting = await createVisiting({ ...store, zone: 'Asia/Ho_Chi_Minh', complain }, now)
      return {
        now: () => now,
        hub,
        counting,
        visiting,
        channels,
        isStaff: () => false,
        sessions: createSessions(Buffer.alloc(32, 7)),
      }
    }
    let ports = await start()
    let [isUp, isCalm] = [true, false]
    const clients = Object.entries(CROWD).flatMap(([kind, count], group) =>
      Array.from({ length: count }, (_, index) => createClient(kind as Kind, group * 1000 + index)),
    )
    const isHere = (client: Client) => client.tabs.some((tab) => tab.socket ?? tab.reconnectAt)

    /** Something happens to the client in this second. */
    const live = (client: Client) => {
      if (!isHere(client)) {
        if (chance(1 / 120) && isUp) arrive(client, pick(), () => ports)
        return
      }
      if (client.isPlaying) client.media += 1
      if (chance(1 / 600)) leave(client, client.kind === 'sleeper' || chance(0.3) ? 'crash' : 'bye', now)
      else if (chance(1 / 400) && client.kind !== 'paused' && !isHidden(client, now)) {
        client.channel = pick()
        for (const tab of client.tabs) sayBeat(client, tab, now)
      } else if (chance(1 / 400) && client.kind === 'viewer') {
        client.isPlaying = !client.isPlaying
        for (const tab of client.tabs) sayBeat(client, tab, now)
      }
      for (const tab of client.tabs) {
        if (tab.socket && tab.dueAt <= now) sayBeat(client, tab, now)
        else if (tab.reconnectAt && tab.reconnectAt <= now && isUp) {
          tab.reconnectAt = 0
          connect(client, tab, ports)
        }
      }
    }
    /** All sockets break at once; each page waits up to 30 s, as full jitter does. */
    const dropAll = (fromNow: number) => {
      for (const client of clients) {
        for (const tab of client.tabs) {
          if (!tab.socket) continue
          tab.socket.close()
          tab.socket = undefined
          tab.reconnectAt = now + fromNow * 1000 + 500 + random() * 29_500
        }
      }
    }
    /** What each device really plays, since when, and until when it played others. */
    const plays = new Map<Client, { channel: string; since: number; readonly until: Map<string, number> }>()
    const observe = (second: number) => {
      for (const client of clients) {
        const isCounted = COUNTED.includes(client.kind) && (client.isPlaying || now < client.graceUntil)
        const channel = isCounted ? client.channel : ''
        const known = plays.get(client) ?? { channel: '', since: second, until: new Map<string, number>() }
        plays.set(client, known)
        if (known.channel !== channel) Object.assign(known, { channel, since: second })
        known.until.set(channel, second)
      }
    }
    /**
     * Every change is to be seen within 45 s: those who played it all the time since then must be counted, those who did not play it
     * at all must not.
     */
    const truths = (second: number): Map<string, { low: number; exact: number; high: number }> => {
      const all = new Map(CHANNELS.map((channel) => [channel, { low: 0, exact: 0, high: 0 }]))
      for (const one of plays.values()) {
        const own = all.get(one.channel)
        if (own) own.exact += 1
        if (own && one.since <= second - LAG) own.low += 1
        for (const [channel, until] of one.until) {
          const played = all.get(channel)
          if (played && until >= second - LAG) played.high += 1
        }
      }
      return all
    }
    const onSite = (): number =>
      clients.filter(
        ({ kind, lastBeatAt }) => kind !== 'robot' && lastBeatAt !== undefined && lastBeatAt > now - AUDIENCE_RULES.onlineMs,
      ).length

    let [checked, largest] = [0, 0]
    for (let second = 0; second < SECONDS; second += 1) {
      now = instant(START + second * 1000)
      if (second === STORM_AT) dropAll(0)
      if (second === RESTART_AT) {
        // Killed: what counts is the snapshot of some seconds ago.
        isUp = false
        dropAll(DOWN_SECONDS)
      }
      if (second === RESTART_AT + DOWN_SECONDS) {
        ports = await start()
        isUp = true
      }
      isCalm = second >= CALM_AT
      for (const client of clients) live(client)
      observe(second)
      if (!isUp) continue
      ports.counting.tick(now)
      await Promise.resolve()

      const { online, channels } = ports.counting.counts()
      if (second < AUDIENCE_RULES.leaseMs / 1000) {
        assert.equal(online, null, 'warming up')
        continue
      }
      for (const [channel, { low, exact, high }] of truths(second)) {
        const reported = channels[channel] ?? -1
        const off = Math.max(low - reported, reported - high, second >= CALM_AT + 150 ? Math.abs(reported - exact) : 0)
        checked += 1
        largest = Math.max(largest, reported)
        assert.ok(reported >= 0)
        assert.ok(
          off <= Math.max(1, high / 100),
          `${channel} at ${second} s: reported ${reported}, truth ${exact}, within 45 s ${low} to ${high}`,
        )
      }
      assert.ok(online !== null && online >= Math.max(...Object.values(channels).map(Number)))
      const away = second >= RESTART_AT && second < RESTART_AT + 400
      if (!away)
        assert.ok(
          Math.abs(online - onSite()) <= Math.max(1, onSite() / 100),
          `online at ${second} s: ${online}, truth ${onSite()}`,
        )
    }
    assert.ok(checked > 7_000 && largest > 100, 'the crowd is large')
  })
}
