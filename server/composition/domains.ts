import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import type { Station } from '#contract/station.ts'
import type { Instant } from '#core/time.ts'
import type { AppOptions } from '../app.ts'
import type { Audience } from '../audience/audience.ts'
import { audiencePlugin } from '../audience/plugin.ts'
import type { Clock } from '../clock.ts'
import { adtsOf } from '../cmaf/adtsSegment.ts'
import type { Config } from '../config.ts'
import { hlsHealthPlugin } from '../guide/hlsHealth.ts'
import { guidePlugin } from '../guide/plugin.ts'
import { healthPlugin } from '../health/plugin.ts'
import { listenPlugin } from '../listen/plugin.ts'
import type { News } from '../news/news.ts'
import type { Pictures } from '../news/pictures.ts'
import { newsPlugin } from '../news/plugin.ts'
import { originPlugin, type OriginOptions } from '../origin/plugin.ts'
import type { Segments } from '../origin/segments.ts'
import { packagingPlugin } from '../packager/plugin.ts'
import { pagesPlugin } from '../pages/pages.ts'
import type { PageRenderer } from '../pages/ports.ts'
import type { StationGuide } from '../playout/guide.ts'
import type { Playout } from '../playout/playout.ts'
import type { Advertisements } from '../portal/advertisements.ts'
import { portalPlugin } from '../portal/plugin.ts'
import type { StoredSchedule } from '../schedules/store.ts'
import { vi } from '../../web/src/words/vi.ts'
import type { MediaDesk } from './mediaDesk.ts'

export type StationParts = {
  readonly config: Config
  readonly clock: Clock
  readonly root: string
  readonly current: () => StoredSchedule
  readonly isStoreReachable: () => boolean
  readonly renderer: PageRenderer
  readonly desk: MediaDesk
  readonly playout: Playout
  readonly guide: StationGuide
  readonly audience: Audience
  readonly origin: OriginOptions
  readonly segments: Segments
  readonly news: News
  readonly pictures: Pictures
  readonly advertisements: Advertisements
  readonly station: () => Station
}

/** Every domain with what it needs of the others, in the order in which routes are tried and closed. */
export function domainsOf(parts: StationParts): AppOptions['domains'] {
  const { config, clock, current, playout, guide, audience, desk, origin, news, station } = parts
  const zone = current().schedule.zone
  const baseUrl = (request: Pick<FastifyRequest, 'protocol' | 'host'>) =>
    config.publicUrl ?? `${request.protocol}://${request.host}`
  const categoryName = (category: string) => (vi.categories as { readonly [id: string]: string })[category] ?? category
  const channelIds = () => current().schedule.channels.map((channel) => channel.id)

  return [
    (app) =>
      app.register(healthPlugin, {
        at: clock.now,
        channels: () =>
          guide.nowNext(clock.now()).map(({ channel, continuity }) => ({
            channel,
            committedUntil: playout.channel(channel)?.edge()?.tick,
            isContinuity: continuity !== null,
            audience: audience.counts().channels[channel] ?? null,
          })),
        packagingWaiting: () => desk.packager.jobs().filter(({ state }) => state === 'waiting').length,
        packagingFailed: () => desk.packager.jobs().filter(({ state }) => state === 'failed').length,
        isStoreReachable: parts.isStoreReachable,
      }),
    (app) => app.register(originPlugin, origin),
    (app) =>
      app.register(listenPlugin, {
        clock,
        channel: (id) => {
          const aired = playout.channel(id)
          if (!aired) return undefined
          const { name, strapline } = aired.channel
          const titleOf = (sequence: number) => aired.sliceOf(sequence)?.slice.airing?.title ?? name
          return { name, description: strapline, segments: aired.segments, titleOf }
        },
        sound: async (id, sequence) => {
          const aired = playout.channel(id)
          const found = aired?.sliceOf(sequence)
          if (!aired || !found) throw new RangeError(`Segment ${sequence} of ${id} is not there any more.`)
          return adtsOf(await parts.segments.get(aired.channel, 'a128', found))
        },
        onSegment: (request, channel) => origin.onSegment?.(request.raw, channel),
      }),
    (app) =>
      app.register(guidePlugin, {
        at: clock.now,
        zone: () => current().schedule.zone,
        channels: guide.channels,
        nowNext: guide.nowNext,
        guide: guide.guide,
        ...{ station, baseUrl, categoryName },
      }),
    (app) =>
      app.register(hlsHealthPlugin, {
        now: clock.now,
        channels: () => channelIds().map((channel) => ({ channel, playlist: `/hls/${channel}/master.m3u8` })),
        inject: async (url, headers) => {
          const answer = await app.inject({ url, headers: { ...headers } })
          return { status: answer.statusCode, headers: answer.headers as Record<string, string>, body: answer.rawPayload }
        },
      }),
    (app) =>
      app.register(packagingPlugin, {
        packager: desk.packager,
        refused: () =>
          desk.library.records().flatMap(({ path, refusal }) => (refusal ? [{ path, reason: refusal.message }] : [])),
      }),
    (app) => app.register(audiencePlugin, { audience, zone, channels: channelIds }),
    (app) =>
      app.register(newsPlugin, {
        pages: () => [
          ...['/', '/guide', '/programmes', '/news', '/stats'],
          ...current().schedule.channels.map(({ id, kind }) => `/${kind}/${id}`),
          ...current().schedule.programmes.map(({ id }) => `/programmes/${id}`),
        ],
        pictures: parts.pictures,
        ...{ news, station, baseUrl, categoryName },
      }),
    (app) => app.register(portalPlugin, { station, advertisements: parts.advertisements }),
    (app) =>
      app.register(pagesPlugin, {
        at: clock.now,
        zone,
        station,
        channels: () => guide.channels(clock.now()),
        guide: (from: Instant, to: Instant) => guide.guide({ from, to }, clock.now()),
        articles: news.articles,
        article: news.article,
        programmes: () => current().schedule.programmes,
        programme: (id: string) => current().schedule.programmes.find((programme) => programme.id === id) ?? null,
        statistics: audience.visitStatistics,
        onVisit: (request) => void audience.recordVisit(request),
        publicUrl: config.publicUrl ?? null,
        clientDir: join(parts.root, 'web/dist/client'),
        renderer: parts.renderer,
      }),
  ]
}
