import { EventEmitter } from 'node:events'
import type { FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { AUDIENCE_RULES } from '#core/audience.ts'
import type { Instant } from '#core/time.ts'
import { converse, type ConversationPorts } from '../../server/audience/conversation.ts'
import { BROWSER } from './audienceStation.ts'

export type Kind = 'viewer' | 'tabs' | 'sleeper' | 'hidden' | 'paused' | 'robot' | 'forger'

/** What one browser does, seen from outside: the truth that the count is held against. */
export type Client = {
  readonly kind: Kind
  readonly device: string
  readonly address: string
  readonly tabs: Tab[]
  channel: string
  isPlaying: boolean
  /** Media seconds, while it really plays. */
  media: number
  arrivedAt: number
  lastBeatAt: Instant | undefined
  /** A hidden one that vanished: the published rule gives it this long. */
  graceUntil: number
}
type Tab = {
  readonly id: string
  session: string | undefined
  socket: PageSocket | undefined
  dueAt: number
  reconnectAt: number
}

/** The server's end of a page's socket, without a network. */
class PageSocket extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  readonly received: { type: string; session?: string }[] = []
  send(text: string) {
    this.received.push(JSON.parse(text))
  }
  close() {
    if (this.readyState !== 1) return
    this.readyState = 3
    this.emit('close')
  }
  terminate() {
    this.close()
  }
  say(message: unknown) {
    if (this.readyState === 1) this.emit('message', Buffer.from(JSON.stringify(message)), false)
  }
}

/** A listener looks at the page for a while, then at something else. */
const LOOKS_MS = 40_000
export const isHidden = (client: Client, at: Instant): boolean => client.kind === 'hidden' && at - client.arrivedAt >= LOOKS_MS

export function createClient(kind: Kind, index: number): Client {
  const tabs = kind === 'tabs' ? 2 + (index % 2) : 1
  return {
    kind,
    device: `device-${kind}-${index}-0123456789`,
    address: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    tabs: Array.from({ length: tabs }, (_, n) => ({
      id: `tab-${n}-01234567`,
      session: undefined,
      socket: undefined,
      dueAt: 0,
      reconnectAt: 0,
    })),
    channel: '',
    isPlaying: false,
    media: 1_000 + index,
    arrivedAt: 0,
    lastBeatAt: undefined,
    graceUntil: 0,
  }
}

/** Opens the client's page (or pages) and begins. */
export function arrive(client: Client, channel: string, ports: () => ConversationPorts): void {
  client.channel = channel
  client.arrivedAt = ports().now()
  client.isPlaying = client.kind !== 'paused' && client.kind !== 'forger'
  for (const tab of client.tabs) connect(client, tab, ports())
}

export function connect(client: Client, tab: Tab, ports: ConversationPorts): void {
  const socket = new PageSocket()
  const userAgent = client.kind === 'robot' ? 'Googlebot/2.1 (+http://www.google.com/bot.html)' : BROWSER
  const request = { ip: client.address, headers: { 'user-agent': userAgent }, raw: { socket: undefined } }
  tab.socket = socket
  converse(ports, socket as unknown as WebSocket, request as unknown as FastifyRequest)
  socket.say({ type: 'hello', device: client.device, tab: tab.id, ...(tab.session && { session: tab.session }) })
  tab.session = socket.received.findLast(({ type }) => type === 'welcome')?.session
  sayBeat(client, tab, ports.now())
}

/** As the page does: at once when something changes, then each 15 s, or 60 s where nobody looks. */
export function sayBeat(client: Client, tab: Tab, at: Instant): void {
  const state = client.kind === 'forger' || client.isPlaying ? 'playing' : 'paused'
  tab.socket?.say({
    type: 'beat',
    channel: client.channel,
    state,
    mediaSeconds: client.media,
    isHidden: isHidden(client, at),
    isMuted: false,
  })
  if (tab.socket?.readyState !== 1) return
  client.lastBeatAt = at
  const isSlow = isHidden(client, at) || state !== 'playing'
  tab.dueAt = at + (isSlow ? AUDIENCE_RULES.hiddenBeatSeconds : AUDIENCE_RULES.beatSeconds) * 1000
}

export function leave(client: Client, how: 'bye' | 'crash', at: Instant): void {
  for (const tab of client.tabs) {
    if (how === 'bye') tab.socket?.say({ type: 'bye' })
    // A crashed one's socket may stay open for long; nobody counts by sockets.
    if (how === 'bye') tab.socket?.close()
    tab.socket = undefined
    tab.reconnectAt = 0
  }
  if (how === 'crash' && isHidden(client, at) && client.lastBeatAt !== undefined) {
    client.graceUntil = Math.max(at, client.lastBeatAt + AUDIENCE_RULES.hiddenLeaseMs)
  }
  client.isPlaying = false
}
