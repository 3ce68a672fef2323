import etag from '@fastify/etag'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { ChannelList, Guide, NowNext } from '#contract/channels.ts'
import { icsOf } from '#core/ical.ts'
import { m3u } from '#core/m3u.ts'
import { plusMs, type Instant, type Span } from '#core/time.ts'
import { xmltv } from '#core/xmltv.ts'
import { StationError } from '../errors.ts'
import { DAY_MS, spanOf } from './span.ts'

/** What the guide's addresses need of the station. */
export type GuideNeeds = {
  at(): Instant
  /** IANA name. */
  zone(): string
  station(): { readonly name: string }
  channels(at: Instant): ChannelList
  nowNext(at: Instant): readonly NowNext[]
  /** Entries that overlap the span, by channel and time. */
  guide(span: Span, at: Instant, channel?: string): Promise<Guide>
  /** Where this request reached the station, `https://…` without a slash at the end. */
  baseUrl(request: { readonly protocol: string; readonly host: string }): string
  /** A category's words; its id where it has none. */
  categoryName(category: string): string
}

/** XMLTV tells some of today, for players that start in the middle, and a week ahead. */
const XMLTV_BACK_MS = 6 * 3_600_000
const XMLTV_AHEAD_MS = 7 * DAY_MS
const CALENDAR_AHEAD_MS = 14 * DAY_MS
const REMIND_MINUTES = 5
/** Players and calendars ask a few times an hour. */
const EXPORTS_PER_MINUTE = 60

const ChannelId = Type.String({ pattern: '^[a-z0-9-]{1,64}$' })
const ProgrammeId = Type.String({ pattern: '^[a-z0-9-]{1,128}$' })

/** `/api/channels`, `/api/guide`, `/api/now-next`, `/guide.xml`, `/channels.m3u`, `/guide/:channel.ics`: all from one timeline. */
export async function guidePlugin(instance: FastifyInstance, needs: GuideNeeds): Promise<void> {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  await app.register(etag, { weak: true })
  // Planning and writing weeks of guide is work: each text is made once a minute. Host and programme are a visitor's words, so the
  // number kept is bounded, and so is how often one address may ask.
  const written = new LRUCache<string, Promise<string>>({ max: 32 })
  const config = { rateLimit: { max: EXPORTS_PER_MINUTE, timeWindow: '1 minute', allowList: [] } }

  function once(at: Instant, what: string, write: () => Promise<string>): Promise<string> {
    const key = `${Math.floor(at / 60_000)} ${what}`
    const text = written.get(key) ?? write()
    written.set(key, text)
    // A guide that could not be told now is asked for again, not remembered.
    text.catch(() => written.delete(key))
    return text
  }

  app.get('/api/channels', { schema: { tags: ['guide'], response: { 200: ChannelList } } }, async (_request, reply) => {
    fresh(reply, 2)
    return needs.channels(needs.at())
  })

  app.get(
    '/api/now-next',
    { schema: { tags: ['guide'], response: { 200: Type.Object({ at: Type.Integer(), channels: Type.Array(NowNext) }) } } },
    async (_request, reply) => {
      const at = needs.at()
      fresh(reply, 5)
      return { at, channels: [...needs.nowNext(at)] }
    },
  )

  app.get(
    '/api/guide',
    {
      schema: {
        tags: ['guide'],
        querystring: Type.Object({
          from: Type.Optional(Type.String({ maxLength: 40 })),
          to: Type.Optional(Type.String({ maxLength: 40 })),
          channel: Type.Optional(ChannelId),
        }),
        response: { 200: Guide },
      },
    },
    async ({ query }, reply) => {
      const at = needs.at()
      const span = spanOf(query, at)
      if (query.channel !== undefined) channelOf(query.channel, at)
      fresh(reply, 30)
      return needs.guide(span, at, query.channel)
    },
  )

  app.get('/guide.xml', { config, schema: { tags: ['guide'] } }, async (request, reply) => {
    const at = needs.at()
    const baseUrl = needs.baseUrl(request)
    fresh(reply, 300).type('application/xml; charset=utf-8')
    return once(at, `xml ${baseUrl}`, () => xmltvText(at, baseUrl))
  })

  app.get('/channels.m3u', { schema: { tags: ['guide'] } }, async (request, reply) => {
    fresh(reply, 300).type('audio/x-mpegurl; charset=utf-8')
    return m3u(needs.channels(needs.at()).channels, needs.baseUrl(request))
  })

  app.get(
    '/guide/:channel.ics',
    {
      config,
      schema: {
        tags: ['guide'],
        params: Type.Object({ channel: ChannelId }),
        querystring: Type.Object({ programme: Type.Optional(ProgrammeId) }),
      },
    },
    async (request, reply) => {
      const { params, query } = request
      const at = needs.at()
      const channel = channelOf(params.channel, at)
      const baseUrl = needs.baseUrl(request)
      fresh(reply, 300).type('text/calendar; charset=utf-8').header('content-disposition', `inline; filename="${channel.id}.ics"`)
      return once(at, `ics ${channel.id} ${query.programme ?? ''} ${baseUrl}`, async () => {
        const { entries } = await needs.guide({ from: at, to: plusMs(at, CALENDAR_AHEAD_MS) }, at, channel.id)
        return icsOf({
          channel,
          entries: entries.filter((entry) => query.programme === undefined || entry.programme === query.programme),
          at,
          baseUrl,
          remindMinutes: query.programme === undefined ? null : REMIND_MINUTES,
        })
      })
    },
  )

  async function xmltvText(at: Instant, baseUrl: string): Promise<string> {
    const span = { from: plusMs(at, -XMLTV_BACK_MS), to: plusMs(at, XMLTV_AHEAD_MS) }
    const { entries, zone } = await needs.guide(span, at)
    const { channels } = needs.channels(at)
    return xmltv({ station: needs.station(), zone, channels, entries, baseUrl, categoryName: needs.categoryName })
  }

  function channelOf(id: string, at: Instant) {
    const channel = needs.channels(at).channels.find((one) => one.id === id)
    if (!channel) throw new StationError('NOT_FOUND', `There is no channel "${id}".`)
    return channel
  }
}

function fresh(reply: FastifyReply, seconds: number): FastifyReply {
  return reply.headers({ 'cache-control': `public, max-age=${seconds}`, 'access-control-allow-origin': '*' })
}
