import type { IncomingMessage } from 'node:http'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Station } from '#contract/station.ts'
import { airSegment } from '../cmaf/air.ts'
import { buildApp } from '../app.ts'
import { createAudience } from '../audience/audience.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { AssetRecord } from '../library/store.ts'
import { importNewsOnce } from '../news/importNews.ts'
import { createNews } from '../news/news.ts'
import { createPictures } from '../news/pictures.ts'
import { createFastPath } from '../origin/fastPath.ts'
import { createPlaylists } from '../origin/playlists.ts'
import { createSegments } from '../origin/segments.ts'
import { loadRenderer } from '../pages/renderer.ts'
import { createGuide } from '../playout/guide.ts'
import { createPlayout, type Playout } from '../playout/playout.ts'
import { createAdvertisements } from '../portal/advertisements.ts'
import { createSchedules } from '../schedules/schedules.ts'
import type { StationRecord } from '../schedules/store.ts'
import type { Schedule } from '#core/schedule.ts'
import { withJournal } from '../store/journal.ts'
import { openStore } from '../store/open.ts'
import { addressReader } from './addressReader.ts'
import { createPackagingLines } from './announce.ts'
import { domainsOf } from './domains.ts'
import { boundaryWatch } from './boundaries.ts'
import { openMediaDesk } from './mediaDesk.ts'
import { startChores } from './chores.ts'
import { scheduleCopy } from './scheduleCopy.ts'
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
  /** Whether media files are still looked at or packaged. */
  isPackaging(): boolean
  close(): Promise<void>
}

/** The whole station, everything but the listening: opens in the order of need, closes in the reverse order. */
export async function openStation({ config, clock, root, searchPath, print }: StationOptions): Promise<RunningStation> {
  const onTrouble = (message: string, cause?: unknown) =>
    print(`  ! ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`)
  await mkdir(config.dataDir, { recursive: true })
  const copy = scheduleCopy(config.dataDir)
  const store = await openStore({
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    now: clock.now,
    mayBeUnreachable: (await copy.read()) !== undefined,
  })
  const schedules = createSchedules({ store: store.schedules<Schedule, StationRecord>() })
  let current = await schedules.currentOrFirst(config.schedulesDir).catch(copy.insteadOf)
  await copy.keep(current)
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
  // Looking through a folder changes the library a hundred times; the plan follows once a second.
  let isLibraryNew = false
  library.onChange(() => (isLibraryNew = true))

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
  const addressOf = addressReader(config.trustProxy)
  const imported = await importNewsOnce({
    store: store.articles,
    pictures,
    folder: join(config.schedulesDir, 'news'),
    firstStart: clock.now(),
    language: current.station.language,
  }).catch((cause: unknown) => {
    onTrouble('The first articles could not be taken in.', cause)
    return { imported: 0, problems: [] }
  })
  for (const problem of imported.problems) onTrouble(`${problem.file ?? 'news'}: ${problem.message}`)
  const news = createNews({ store: store.articles, at: clock.now })
  const advertisements = await createAdvertisements(join(config.schedulesDir, 'ads'))
  const station = (): Station => advertisements.placed(publicPart(current.station))

  const watches = [
    clock.every(1_000, () => {
      if (isLibraryNew) playout.replan()
      isLibraryNew = false
    }),
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
        void copy.keep(changed).catch((error: unknown) => onTrouble('The copy of the schedule could not be written.', error))
        playout.replan()
        packager.wake()
      },
    }),
  ]
  const chores = startChores({
    clock,
    zone: zone(),
    dvrSeconds: config.dvrSeconds,
    channels: () => schedule().channels.map(({ id }) => id),
    slices,
    playout,
    desk,
    onTrouble,
  })
  const tellJob = createPackagingLines(print)
  packager.onProgress((job) => {
    tellJob(job)
    audience.hub.publish('packaging', { type: 'packaging', jobs: [...packager.jobs()] })
  })
  packager.start()

  const segments = createSegments({
    packages: desk.packages,
    airSegment,
    cacheBytes: config.segmentCacheBytes,
    slate: (form) => desk.house.slate[form],
    onDamage: (id, cause) => {
      onTrouble(`The package ${id.slice(0, 12)}… is damaged; slate airs in its place, and it is made again.`, cause)
      void desk.remake(id).catch((error: unknown) => onTrouble('A damaged package could not be removed.', error))
    },
  })
  const origin = {
    at: clock.now,
    air: playout,
    packages: desk.packages,
    playlists: createPlaylists(),
    segments,
    dvrSeconds: config.dvrSeconds,
    onSegment: (request: IncomingMessage, channel: string) =>
      audience.sawSegment({ channel, address: addressOf(request), userAgent: request.headers['user-agent'] }),
  }
  const app = await buildApp({
    logLevel: config.logLevel,
    trustProxy: config.trustProxy,
    fastPath: createFastPath(origin),
    domains: domainsOf({
      config,
      clock,
      root,
      current: () => current,
      isStoreReachable: () => isStoreReachable,
      renderer: await loadRenderer(join(root, 'web/dist/server/entry-server.js')),
      ...{ desk, playout, guide, audience, origin, segments, news, pictures, advertisements, station },
    }),
  })

  return {
    app,
    name: current.station.name,
    zone: zone(),
    playout,
    isPackaging: () =>
      library.isLooking() || packager.jobs().some(({ state }) => !['ready', 'failed', 'cancelled'].includes(state)),
    async close() {
      await app.close()
      for (const watch of watches) watch.stop()
      chores.stop()
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
