import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Station } from '#contract/station.ts'
import { instantOfTick, type Instant } from '#core/time.ts'
import { airSegment } from '../cmaf/air.ts'
import { buildApp } from '../app.ts'
import { createAudience } from '../audience/audience.ts'
import { audiencePlugin } from '../audience/plugin.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { hlsHealthPlugin } from '../guide/hlsHealth.ts'
import { guidePlugin } from '../guide/plugin.ts'
import { healthPlugin } from '../health/plugin.ts'
import type { AssetRecord } from '../library/store.ts'
import { importNewsOnce } from '../news/importNews.ts'
import { createNews } from '../news/news.ts'
import { createPictures } from '../news/pictures.ts'
import { newsPlugin } from '../news/plugin.ts'
import { createFastPath } from '../origin/fastPath.ts'
import { createPlaylists } from '../origin/playlists.ts'
import { originPlugin } from '../origin/plugin.ts'
import { createSegments } from '../origin/segments.ts'
import { pagesPlugin } from '../pages/pages.ts'
import { loadRenderer } from '../pages/renderer.ts'
import { createGuide } from '../playout/guide.ts'
import { createPlayout, type Playout } from '../playout/playout.ts'
import { createAdvertisements } from '../portal/advertisements.ts'
import { portalPlugin } from '../portal/plugin.ts'
import { createSchedules } from '../schedules/schedules.ts'
import type { StationRecord, StoredSchedule } from '../schedules/store.ts'
import type { Schedule } from '#core/schedule.ts'
import { withJournal } from '../store/journal.ts'
import { openStore } from '../store/open.ts'
import { vi } from '../../web/src/words/vi.ts'
import { createPackagingLines } from './announce.ts'
import { boundaryWatch } from './boundaries.ts'
import { openMediaDesk } from './mediaDesk.ts'
import { scheduleWatch } from './scheduleWatch.ts'

export type StationOptions = {
  readonly config: Config
  readonly clock: Clock
  /** Folder of the program, where `web/dist` is. */
  readonly root: string
  /** `PATH` of the process: where ffmpeg is looked for. */
  readonly searchPath: string
  readonly print: (line: string) => void
}

export type RunningStation = {
  readonly app: FastifyInstance
  readonly name: string
  readonly zone: string
  readonly playout: Playout
  close(): Promise<void>
}

/** The whole station, everything but the listening: opens in the order of need, closes in the reverse order. */
export async function openStation({ config, clock, root, searchPath, print }: StationOptions): Promise<RunningStation> {
  const onTrouble = (message: string, cause?: unknown) =>
    print(`  ! ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`)
  const store = await openStore({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, now: clock.now })
  const schedules = createSchedules({ store: store.schedules<Schedule, StationRecord>() })
  let current: StoredSchedule = await schedules.currentOrFirst(config.schedulesDir)
  const schedule = () => current.schedule
  const zone = () => current.schedule.zone

  let isStoreReachable = true
  const slices = await withJournal(store.slices, config.dataDir, {
    onAway: (isAway, cause) => {
      isStoreReachable = !isAway
      onTrouble(
        isAway ? 'The database does not answer; the air goes on from this machine.' : 'The database answers again.',
        cause,
      )
    },
  })
  const desk = await openMediaDesk({ config, clock, store: store.assets<AssetRecord>(), schedule, searchPath, onTrouble })
  const { library, packager } = desk
  await library.start()

  const playout = createPlayout({ clock, schedule, library: library.snapshot, slices, dvrSeconds: config.dvrSeconds, onTrouble })
  await playout.start()
  library.onChange(playout.replan)

  const audience = await createAudience({
    clock,
    settings: store.settings,
    statistics: store.statistics,
    zone: zone(),
    channels: () => schedule().channels.map((channel) => channel.id),
    carriedOver: current.station.visits?.carriedOver,
    complain: onTrouble,
  })
  const guide = createGuide({
    channels: playout.channels,
    committed: playout.committed,
    plan: playout.plan,
    between: slices.between,
    audience: (channel) => audience.counts().channels[channel] ?? null,
    zone,
  })

  const pictures = createPictures(join(config.dataDir, 'pictures'))
  const imported = await importNewsOnce({
    store: store.articles,
    pictures,
    folder: join(config.schedulesDir, 'news'),
    firstStart: clock.now(),
    language: current.station.language,
  })
  for (const problem of imported.problems) onTrouble(`${problem.file ?? 'news'}: ${problem.message}`)
  const news = createNews({ store: store.articles, at: clock.now })
  const advertisements = await createAdvertisements(join(config.schedulesDir, 'ads'))
  const station = (): Station => advertisements.placed(publicPart(current.station))

  const watches = [
    boundaryWatch({
      clock,
      nowNext: guide.nowNext,
      publish: (channels, at) => audience.hub.publish('now-playing', { type: 'now-playing', at, channels: [...channels] }),
    }),
    scheduleWatch({
      clock,
      read: schedules.current,
      known: () => current.version,
      take: (changed) => {
        current = changed
        playout.replan()
        packager.wake()
      },
    }),
  ]
  const tellJob = createPackagingLines(print)
  packager.onProgress((job) => {
    tellJob(job)
    audience.hub.publish('packaging', { type: 'packaging', jobs: [job] })
  })
  packager.start()

  const playlists = createPlaylists()
  const segments = createSegments({
    packages: desk.packages,
    airSegment,
    cacheBytes: config.segmentCacheBytes,
    slate: (form) => desk.house.slate[form],
    onDamage: (id, cause) => onTrouble(`The package ${id.slice(0, 12)}… is damaged; slate airs in its place.`, cause),
  })
  const origin = { at: clock.now, air: playout, packages: desk.packages, playlists, segments, dvrSeconds: config.dvrSeconds }
  const sawSegment = (channel: string, address: string, userAgent: string | undefined) =>
    audience.sawSegment({ channel, address, userAgent })
  const baseUrl = (request: { readonly protocol: string; readonly host: string }) =>
    config.publicUrl ?? `${request.protocol}://${request.host}`
  const categoryName = (category: string) => (vi.categories as { readonly [id: string]: string })[category] ?? category
  const renderer = await loadRenderer(join(root, 'web/dist/server/entry-server.js'))

  const app = await buildApp({
    logLevel: config.logLevel,
    trustProxy: config.trustProxy,
    fastPath: createFastPath({
      ...origin,
      onSegment: ({ socket, headers }, channel) => sawSegment(channel, socket.remoteAddress ?? '', headers['user-agent']),
    }),
    domains: [
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
          packagingWaiting: () => packager.jobs().filter(({ state }) => state === 'waiting').length,
          packagingFailed: () => packager.jobs().filter(({ state }) => state === 'failed').length,
          isStoreReachable: () => isStoreReachable,
        }),
      (app) =>
        app.register(originPlugin, {
          ...origin,
          onSegment: ({ socket, headers }, channel) => sawSegment(channel, socket.remoteAddress ?? '', headers['user-agent']),
        }),
      (app) =>
        app.register(guidePlugin, {
          at: clock.now,
          zone,
          station,
          channels: guide.channels,
          nowNext: guide.nowNext,
          guide: guide.guide,
          baseUrl,
          categoryName,
        }),
      (app) =>
        app.register(hlsHealthPlugin, {
          now: clock.now,
          channels: () => playout.channels().map(({ id }) => ({ channel: id, playlist: `/hls/${id}/master.m3u8` })),
          inject: async (url, headers) => {
            const answer = await app.inject({ url, headers: { ...headers } })
            return { status: answer.statusCode, headers: answer.headers as Record<string, string>, body: answer.rawPayload }
          },
        }),
      (app) =>
        app.register(audiencePlugin, {
          audience,
          zone: zone(),
          channels: () => schedule().channels.map((channel) => channel.id),
        }),
      (app) =>
        app.register(newsPlugin, {
          news,
          pictures,
          station,
          baseUrl,
          categoryName,
          pages: () => [
            '/',
            '/guide',
            '/programmes',
            '/news',
            '/stats',
            ...schedule().channels.map(({ id, kind }) => `/${kind}/${id}`),
            ...schedule().programmes.map(({ id }) => `/programmes/${id}`),
          ],
        }),
      (app) => app.register(portalPlugin, { station, advertisements }),
      (app) =>
        app.register(pagesPlugin, {
          at: clock.now,
          zone: zone(),
          station,
          channels: () => guide.channels(clock.now()),
          guide: (from: Instant, to: Instant) => guide.guide({ from, to }, clock.now()),
          articles: news.articles,
          article: news.article,
          programmes: () => schedule().programmes,
          programme: (id: string) => schedule().programmes.find((programme) => programme.id === id) ?? null,
          statistics: audience.visitStatistics,
          onVisit: (request) => void audience.recordVisit(request),
          publicUrl: config.publicUrl ?? null,
          clientDir: join(root, 'web/dist/client'),
          renderer,
        }),
    ],
  })

  return {
    app,
    name: current.station.name,
    zone: zone(),
    playout,
    async close() {
      await app.close()
      for (const watch of watches) watch.stop()
      playout.stop()
      await desk.close()
      await slices.close()
      await store.close()
    },
  }
}

function publicPart({ visits: _visits, ...station }: StationRecord): Station {
  return station
}
