import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import type { Segment } from '#core/slices.ts'
import { instantOfTick, tickAt, type Instant } from '#core/time.ts'
import type { Clock } from '../clock.ts'
import { ICY_INTERVAL, createIcyWeaver } from './icy.ts'

/** What the endless stream needs of the air: committed segments and their sound. */
export type ListenNeeds = {
  readonly clock: Clock
  channel(
    id: string,
  ):
    | { readonly name: string; readonly description: string; segments(): readonly Segment[]; titleOf(sequence: number): string }
    | undefined
  /** AAC frames of a segment, each behind its ADTS header. */
  sound(channel: string, sequence: number): Promise<Buffer>
  onSegment(request: FastifyRequest, channel: string): void
}

/** A listener hears a segment when the clock says so; this much is sent ahead so that nobody's buffer runs dry. */
const AHEAD_MS = 6_000
const STEP_MS = 250
/** Half a minute of good sound: who is so far behind is not listening any more. */
const MAX_UNSENT_BYTES = 512 * 1024

type Listener = {
  readonly response: ServerResponse
  readonly request: FastifyRequest
  readonly channel: string
  readonly weave: ((sound: Buffer, title: string) => readonly Buffer[]) | undefined
  next: number
}

/** `/listen/:channel.aac`: the channel's sound as one endless ADTS stream with ICY titles. No encoder runs, however many listen. */
export const listenPlugin = fp(
  async (app: FastifyInstance, needs: ListenNeeds) => {
    const { clock } = needs
    const listeners = new Set<Listener>()
    const sounds = new LRUCache<string, Promise<Buffer>>({ max: 64 })

    const soundOf = (channel: string, sequence: number): Promise<Buffer> => {
      const key = `${channel} ${sequence}`
      const known = sounds.get(key)
      if (known) return known
      const made = needs.sound(channel, sequence)
      sounds.set(key, made)
      made.catch(() => sounds.delete(key))
      return made
    }

    async function feed(listener: Listener, at: Instant): Promise<void> {
      const channel = needs.channel(listener.channel)
      if (!channel) return void listener.response.end()
      const segments = channel.segments()
      const first = segments[0]?.sequence ?? 0
      // Whoever was asleep longer than the window goes on with the present.
      if (listener.next < first) listener.next = present(segments, at)
      for (;;) {
        const segment = segments[listener.next - first]
        if (!segment || instantOfTick(segment.from) > at + AHEAD_MS) return
        if (listener.response.writableLength > MAX_UNSENT_BYTES) return void listener.response.destroy()
        const sound = await soundOf(listener.channel, segment.sequence)
        const parts = listener.weave ? listener.weave(sound, channel.titleOf(segment.sequence)) : [sound]
        for (const part of parts) listener.response.write(part)
        listener.next = segment.sequence + 1
        needs.onSegment(listener.request, listener.channel)
      }
    }

    const pacing = clock.every(STEP_MS, async () => {
      const at = clock.now()
      await Promise.all([...listeners].map((listener) => feed(listener, at).catch(() => void listener.response.destroy())))
    })
    app.addHook('preClose', () => {
      pacing.stop()
      for (const { response } of listeners) response.end()
    })

    app.get<{ Params: { channel: string } }>(
      '/listen/:channel(^[a-z\\d-]{1,64}).aac',
      { schema: { tags: ['hls'] } },
      (request, reply) => {
        const channel = needs.channel(request.params.channel)
        if (!channel)
          return reply.code(404).send({ error: 'NOT_FOUND', message: `There is no channel "${request.params.channel}".` })
        const wantsTitles = request.headers['icy-metadata'] === '1'
        reply.hijack()
        const response = reply.raw
        response.writeHead(200, {
          'Content-Type': 'audio/aac',
          'Cache-Control': 'no-store',
          'Access-Control-Allow-Origin': '*',
          // Header values are Latin-1; titles in the stream are UTF-8.
          'icy-name': encodeURI(channel.name),
          'icy-description': encodeURI(channel.description),
          'icy-br': '128',
          ...(wantsTitles ? { 'icy-metaint': String(ICY_INTERVAL) } : {}),
        })
        if (request.method === 'HEAD') return void response.end()
        const listener: Listener = {
          response,
          request,
          channel: request.params.channel,
          weave: wantsTitles ? createIcyWeaver() : undefined,
          next: present(channel.segments(), clock.now()),
        }
        listeners.add(listener)
        response.on('close', () => listeners.delete(listener))
        void feed(listener, clock.now()).catch(() => void response.destroy())
      },
    )
  },
  { name: 'listen' },
)

/** The segment that is on at this instant. */
function present(segments: readonly Segment[], at: Instant): number {
  const now = tickAt(at)
  const found = segments.findLast((segment) => segment.from <= now) ?? segments[0]
  return found?.sequence ?? 0
}
