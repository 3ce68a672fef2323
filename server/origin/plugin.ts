import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { multivariantPlaylist } from '#core/playlist.ts'
import { isVideo, renditionsOf, type RenditionId } from '#core/ladder.ts'
import type { Instant } from '#core/time.ts'
import { factsOf } from './bandwidth.ts'
import { COMMON_HEADERS, IMMUTABLE, PLAYLIST_CACHE, PLAYLIST_TYPE, codingOf, segmentType } from './headers.ts'
import { playlistAnswer, windowTicksOf, type PlaylistAnswer, type Playlists } from './playlists.ts'
import type { Air, AiredChannel, Packages } from './ports.ts'
import { segmentPath, type Segments } from './segments.ts'

export type OriginOptions = {
  readonly at: () => Instant
  readonly air: Air
  readonly packages: Packages
  readonly playlists: Playlists
  readonly segments: Segments
  readonly dvrSeconds: number
  /** A request for a segment by a player that may send no beats. */
  readonly onSegment?: (request: IncomingMessage, channel: string) => void
}

type ChannelParams = { Params: { channel: string }; Querystring: { window?: number } }
type RenditionParams = { Params: { channel: string; rendition: string }; Querystring: { window?: number } }
type SegmentParams = { Params: { channel: string; rendition: string; file: string } }

const windowQuery = { type: 'object', properties: { window: { type: 'integer', minimum: 0, maximum: 86_400 } } } as const

/** `/hls/…`: playlists, init sections and segments, all from memory (RFC 8216; addresses in docs/addresses.md). */
export const originPlugin = fp(
  async (app: FastifyInstance, { at, air, packages, playlists, segments, dvrSeconds, onSegment }: OriginOptions) => {
    app.addHook('onRequest', async (request, reply) => {
      if (!request.url.startsWith('/hls/')) return
      reply.headers(COMMON_HEADERS)
    })

    app.options('/hls/*', { schema: { hide: true } }, async (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'GET, HEAD, OPTIONS')
        .header('access-control-allow-headers', '*')
        .header('access-control-max-age', '86400')
        .code(204)
        .send(),
    )

    app.get<ChannelParams>(
      '/hls/:channel/master.m3u8',
      { schema: { querystring: windowQuery, tags: ['hls'] } },
      async (request, reply) => {
        const aired = air.channel(request.params.channel)
        if (!aired) return notThere(reply)
        const { window } = request.query
        return sendPlaylist(request, reply, await multivariant(aired, window === undefined ? '' : `?window=${window}`))
      },
    )

    app.get<RenditionParams>(
      '/hls/:channel/:rendition/live.m3u8',
      { schema: { querystring: windowQuery, tags: ['hls'] } },
      async (request, reply) => {
        const aired = air.channel(request.params.channel)
        if (!aired || !renditionOf(aired, request.params.rendition)) return notThere(reply)
        return sendPlaylist(request, reply, playlists.media(aired, at(), windowTicksOf(request.query.window, dvrSeconds)))
      },
    )

    app.get<RenditionParams>('/hls/:channel/:rendition/init.mp4', { schema: { tags: ['hls'] } }, async (request, reply) => {
      const aired = air.channel(request.params.channel)
      const rendition = aired && renditionOf(aired, request.params.rendition)
      if (!rendition) return notThere(reply)
      const bytes = await packages.houseInit(rendition)
      return reply
        .header('cache-control', IMMUTABLE)
        .type(isVideo(rendition) ? 'video/mp4' : 'audio/mp4')
        .send(bytes)
    })

    app.get<SegmentParams>(
      '/hls/:channel/:rendition/:file(^\\d{1,15}\\.m4s$)',
      { schema: { tags: ['hls'] } },
      async (request, reply) => {
        const { channel, file } = request.params
        const aired = air.channel(channel)
        const rendition = aired && renditionOf(aired, request.params.rendition)
        if (!aired || !rendition) return notThere(reply)
        const sequence = Number.parseInt(file, 10)
        // Committed but not yet listed segments may be fetched early by a cache; they are as immutable as the listed ones.
        const found = aired.sliceOf(sequence)
        if (!found) return notThere(reply)
        onSegment?.(request.raw, channel)
        const bytes =
          segments.cachedAt(segmentPath(channel, rendition, sequence))?.bytes ??
          (await segments.get(aired.channel, rendition, found))
        return reply.header('cache-control', IMMUTABLE).type(segmentType(rendition)).send(bytes)
      },
    )

    async function multivariant(aired: AiredChannel, query: string): Promise<PlaylistAnswer> {
      const { kind, language } = aired.channel
      const around = [...aired.packagesAround(at())]
      const read = await Promise.allSettled(around.map(async ([id, ticks]) => ({ index: await packages.indexOf(id), ticks })))
      const known = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      const text = multivariantPlaylist({ kind, language, facts: factsOf(known, renditionsOf(kind)), query })
      return playlistAnswer(text, at())
    }
  },
  { name: 'origin' },
)

const renditionOf = (aired: AiredChannel, name: string): RenditionId | undefined =>
  renditionsOf(aired.channel.kind).find((id) => id === name)

function sendPlaylist(request: FastifyRequest, reply: FastifyReply, answer: PlaylistAnswer) {
  reply.header('cache-control', PLAYLIST_CACHE).header('etag', answer.etag).header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === answer.etag) return reply.code(304).send()
  const coding = codingOf(request.headers['accept-encoding'] as string | undefined)
  if (coding !== 'identity') reply.header('content-encoding', coding)
  return reply.type(PLAYLIST_TYPE).send(answer.body(coding))
}

/** Not there yet or no longer: a cache may remember that only for a moment. */
const notThere = (reply: FastifyReply) =>
  reply
    .code(404)
    .header('cache-control', 'public, max-age=1')
    .send({ error: 'NOT_FOUND', message: 'There is nothing at this address now.' })
