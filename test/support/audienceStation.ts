import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { WebSocket, type ClientOptions } from 'ws'
import type { BeatMessage, ServerMessage } from '#contract/socket.ts'
import { createAudience, type Audience, type AudienceOptions } from '../../server/audience/audience.ts'
import { audiencePlugin, type AudiencePluginOptions } from '../../server/audience/plugin.ts'
import type { Store } from '../../server/store/open.ts'
import type { ManualClock } from './manualClock.ts'

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0'
export const CHANNELS = ['tv', 'radio']
export const ZONE = 'Asia/Ho_Chi_Minh'

export type AudienceStation = {
  readonly app: FastifyInstance
  readonly audience: Audience
  readonly origin: string
  page(over?: PageOptions): Promise<Page>
}
type PageOptions = {
  readonly device?: string
  readonly tab?: string
  readonly session?: string
  readonly topics?: readonly 'packaging'[]
} & ClientOptions

/** The real counting and sockets on loopback, with a clock that the test moves. */
export async function startAudience(
  { clock, store, ...options }: { clock: ManualClock; store: Pick<Store, 'settings' | 'statistics'> } & Partial<AudienceOptions>,
  plugin: Partial<AudiencePluginOptions> = {},
): Promise<AudienceStation> {
  const channels = () => CHANNELS
  const { settings, statistics } = store
  const audience = await createAudience({ clock, settings, statistics, zone: ZONE, channels, ...options })
  const app = Fastify({ trustProxy: ['127.0.0.1'] })
  await app.register(audiencePlugin, { audience, zone: ZONE, channels, ...plugin })
  // What the pages do with each page that is asked for.
  app.get('/', async (request: FastifyRequest) => ({ isNew: audience.recordVisit(request) }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return { app, audience, origin, page: (over) => openPage(origin, over) }
}

export type Page = {
  readonly socket: WebSocket
  readonly messages: ServerMessage[]
  readonly session: () => string
  /** The next message of the type that was not waited for yet. */
  next<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>>
  beat(over?: Partial<BeatMessage>): Promise<void>
  send(message: unknown): void
  /** Resolves when the server has dealt with everything sent before. */
  settled(): Promise<void>
  close(): Promise<void>
}

export async function openPage(origin: string, over: PageOptions = {}): Promise<Page> {
  const { device = 'device-0123456789', tab = 'tab-01234567', session, topics, ...client } = over
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, {
    ...client,
    headers: { 'user-agent': BROWSER, origin, ...client.headers },
  })
  const messages: ServerMessage[] = []
  const waiting: ((message: ServerMessage) => void)[] = []
  const taken = new Set<ServerMessage>()
  socket.on('message', (bytes) => {
    const message = JSON.parse(bytes.toString()) as ServerMessage
    messages.push(message)
    for (const hear of [...waiting]) hear(message)
  })
  const next: Page['next'] = (type) => {
    type Wanted = Extract<ServerMessage, { type: typeof type }>
    const isWanted = (message: ServerMessage): message is Wanted => message.type === type && !taken.has(message)
    const take = (message: Wanted): Wanted => {
      taken.add(message)
      return message
    }
    const there = messages.find(isWanted)
    if (there) return Promise.resolve(take(there))
    return new Promise((resolve) => {
      const hear = (message: ServerMessage) => {
        if (!isWanted(message)) return
        waiting.splice(waiting.indexOf(hear), 1)
        resolve(take(message))
      }
      waiting.push(hear)
    })
  }
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', device, tab, ...(session && { session }), ...(topics && { topics }) }))
  const welcome = await next('welcome')
  // The server answers pings in order with what it was sent before.
  const settled = async () => {
    const answered = new AbortController()
    const { signal } = answered
    socket.ping()
    const closed = once(socket, 'close', { signal }).then(([code]) =>
      Promise.reject(new Error(`The server closed the socket: ${code}.`)),
    )
    await Promise.race([once(socket, 'pong', { signal }), closed]).finally(() => answered.abort())
  }
  const beat = async (one: Partial<BeatMessage> = {}) => {
    const calm = { channel: 'tv', state: 'playing', mediaSeconds: 0, isHidden: false, isMuted: false }
    socket.send(JSON.stringify({ type: 'beat', ...calm, ...one }))
    await settled()
  }
  return {
    socket,
    messages,
    session: () => welcome.session,
    next,
    beat,
    send: (message) => socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    settled,
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return
      const gone = once(socket, 'close')
      socket.terminate()
      await gone
    },
  }
}
