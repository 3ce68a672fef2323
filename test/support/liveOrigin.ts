import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { WebSocketServer } from 'ws'
import type { BeatMessage, ClientMessage, ServerMessage } from '#contract/socket.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import type { Segment, Slice } from '#core/slices.ts'
import { instant, instantOfTick, SEGMENT_TICKS, tick, tickAt } from '#core/time.ts'
import { airSegment } from '../../server/cmaf/air.ts'
import { createPlaylists } from '../../server/origin/playlists.ts'
import { originPlugin, type OriginOptions } from '../../server/origin/plugin.ts'
import type { AiredChannel } from '../../server/origin/ports.ts'
import { createSegments } from '../../server/origin/segments.ts'
import { pagesPlugin } from '../../server/pages/pages.ts'
import { loadRenderer } from '../../server/pages/renderer.ts'
import { LOOP_TICKS, type LiveMedia } from './liveOriginMedia.ts'
import { CHANNELS, channelAt, entriesBetween, portsOf } from './liveOriginStation.ts'

/** The built web app; another build can be tried without touching the one that runs. */
const DIST = process.env['WEB_DIST'] ?? join(import.meta.dirname, '../../web/dist')
const DVR_SECONDS = 7_200
const AHEAD_SECONDS = 60

export type LiveOrigin = {
  readonly address: string
  /** What pages asked for under `/hls/`, newest last. */
  readonly requests: readonly string[]
  readonly heard: readonly ClientMessage[]
  beats(): readonly BeatMessage[]
  say(message: ServerMessage): void
  start(): Promise<void>
  /** Ends every connection, as a killed server does; `start` listens on the same port again. */
  stop(): Promise<void>
}

export type LiveOriginOptions = {
  readonly media: LiveMedia
  /** The station's clock minus this machine's: visitors' devices are wrong by that much. */
  readonly skewMs?: number
}

/** The real origin and the real pages over two packages that go round for ever, with a socket that listens. */
export async function startLiveOrigin({ media, skewMs = 0 }: LiveOriginOptions): Promise<LiveOrigin> {
  const now = () => Date.now() + skewMs
  const port = await freePort()
  const requests: string[] = []
  const heard: ClientMessage[] = []
  const renderer = await loadRenderer(join(DIST, 'server/entry-server.js'))
  const segments = createSegments({
    packages: media.packages,
    airSegment,
    cacheBytes: 64_000_000,
    slate: (form) => media[form],
    onDamage: (id, cause) => {
      throw new Error(`package ${id} is damaged`, { cause })
    },
  })
  const aired = new Map(CHANNELS.map(({ id, kind }) => [id, roundAndRound(id, kind, media[kind], now)]))
  let running: { readonly app: FastifyInstance; readonly sockets: WebSocketServer } | undefined

  async function start() {
    const app = Fastify({ forceCloseConnections: true })
    app.addHook('onRequest', async ({ url }) => void (url.startsWith('/hls/') && requests.push(url)))
    const options: OriginOptions = {
      at: () => instant(now()),
      air: { channel: (id) => aired.get(id) },
      packages: media.packages,
      segments,
      playlists: createPlaylists(),
      dvrSeconds: DVR_SECONDS,
    }
    await app.register(originPlugin, options)
    await app.register(pagesPlugin, portsOf(now, { clientDir: join(DIST, 'client'), renderer }))
    app.get('/api/guide', async (request) => {
      const { from, to } = request.query as { from: string; to: string }
      const entries = CHANNELS.flatMap(({ id }) => entriesBetween(id, Number(from), Number(to)))
      return { from: Number(from), to: Number(to), zone: 'Asia/Ho_Chi_Minh', entries }
    })
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    app.post('/api/bye', async (request, reply) => {
      heard.push(JSON.parse(String(request.body)) as ClientMessage)
      return reply.code(204).send()
    })
    await app.ready()
    const sockets = new WebSocketServer({ server: app.server, path: '/ws' })
    sockets.on('connection', (socket) => {
      const send = (message: ServerMessage) => socket.send(JSON.stringify(message))
      send({ type: 'welcome', session: 'session', beatSeconds: 15, hiddenBeatSeconds: 60, at: now() })
      send({ type: 'audience', asOf: now(), online: 1947, channels: { ms1: 1284, fm: 342 } })
      socket.on('message', (text) => heard.push(JSON.parse(String(text)) as ClientMessage))
    })
    await app.listen({ host: '127.0.0.1', port })
    running = { app, sockets }
  }

  await start()
  return {
    address: `http://127.0.0.1:${port}`,
    requests,
    heard,
    beats: () => heard.filter((message) => message.type === 'beat'),
    say(message) {
      for (const socket of running?.sockets.clients ?? []) socket.send(JSON.stringify(message))
    },
    start,
    async stop() {
      for (const socket of running?.sockets.clients ?? []) socket.terminate()
      running?.sockets.close()
      await running?.app.close()
      running = undefined
    },
  }
}

/** Segment k airs ticks [6k, 6k + 6), from where in the package its tick stands modulo the package's length. */
function roundAndRound(id: string, kind: 'tv' | 'radio', index: PackageIndex, now: () => number): AiredChannel {
  if (index.ticks !== LOOP_TICKS) throw new Error(`the package has ${index.ticks} ticks, not ${LOOP_TICKS}`)
  const segmentOf = (sequence: number): Segment => ({
    sequence,
    from: tick(sequence * SEGMENT_TICKS),
    ticks: SEGMENT_TICKS,
    offset: (sequence * SEGMENT_TICKS) % LOOP_TICKS,
  })
  const sequenceAt = (at: number) => Math.floor(tickAt(instant(at)) / SEGMENT_TICKS)
  const facts = channelAt({ id, kind, name: id, mark: id }, now())
  return {
    channel: {
      id,
      kind,
      name: facts.name,
      strapline: '',
      language: 'vi',
      mark: id,
      order: 1,
      filler: { kind: 'folder', path: 'nen', order: 'shuffle' },
    },
    segments: () => {
      const first = sequenceAt(now() - DVR_SECONDS * 1000)
      const last = sequenceAt(now() + AHEAD_SECONDS * 1000)
      return Array.from({ length: last - first + 1 }, (_, i) => segmentOf(first + i))
    },
    sliceOf(sequence) {
      const segment = segmentOf(sequence)
      if (instantOfTick(segment.from) > now() + AHEAD_SECONDS * 1000) return undefined
      const slice: Slice = {
        channel: id,
        sequence,
        from: segment.from,
        to: tick(segment.from + SEGMENT_TICKS),
        source: { kind: 'asset', package: index.id, offset: segment.offset, path: 'film.mkv' },
        reason: 'scheduled',
      }
      return { slice, segment }
    },
    airings: () => [],
    packagesAround: () => new Map([[index.id, index.ticks]]),
  }
}

/** A port that stays ours through a restart. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return address.port
}
