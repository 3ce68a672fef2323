import fc from 'fast-check'
import type { Asset, Library, PackagedForm } from '#core/library.ts'
import type { Channel, EndPolicy, Play, Programme, Schedule, Slot, StartPolicy } from '#core/schedule.ts'
import { instant } from '#core/time.ts'

/** Random stations for laws about planning. Sizes and lengths are odd on purpose; `FC_RUNS=10000` for a long night. */
/** The gate tries the same cases each time; `FC_SEED` and `FC_RUNS` try others. */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_270_312) })

export const RUNS = Number(process.env.FC_RUNS ?? 1000)

export const CHANNEL = 'muong-suong'
export const PROGRAMMES: readonly Programme[] = ['thoi-su', 'ca-nhac', 'phim'].map((id) => ({
  id,
  title: `Chương trình ${id}`,
  description: `Giới thiệu ${id}`,
  language: 'vi',
  category: id,
}))

const FOLDERS = ['thoi-su', 'ca-nhac', 'phim', 'nen']
export const slatePackage: PackagedForm = { id: 'f'.repeat(64), ticks: 48 }

export const packageNamed = (name: string): string => Buffer.from(name).toString('hex').padEnd(64, '0').slice(-64)

export function assetOf(path: string, ticks: number | null, facts: Partial<Asset> = {}): Asset {
  const folder = path.slice(0, path.lastIndexOf('/'))
  return {
    path,
    title: path,
    addedAt: instant(0),
    tags: [folder],
    programme: folder,
    isMissing: false,
    ...(ticks === null ? {} : { tv: { id: packageNamed(path), ticks } }),
    ...facts,
  }
}

export const libraryOf = (assets: readonly Asset[]): Library => ({
  assets: assets.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  slate: { tv: slatePackage, radio: slatePackage },
})

export const channelOf = (facts: Partial<Channel> = {}): Channel => ({
  id: CHANNEL,
  kind: 'tv',
  name: 'Mường Sương 1',
  strapline: 'Tổng hợp',
  language: 'vi',
  mark: 'ms1',
  order: 1,
  filler: { kind: 'folder', path: 'nen', order: 'shuffle' },
  ...facts,
})

export const slotOf = (facts: Partial<Slot> & { readonly id: string }): Slot => ({
  channel: CHANNEL,
  programme: 'thoi-su',
  when: { kind: 'cron', cron: '0 7 * * *', excluded: [] },
  durationSeconds: 1800,
  play: { kind: 'folder', path: 'thoi-su', order: 'in-order' },
  start: { kind: 'hard' },
  end: { kind: 'cut' },
  priority: 0,
  isRepeat: false,
  ...facts,
})

export const cronOf = (cron: string): Slot['when'] => ({ kind: 'cron', cron, excluded: [] })

const anyAsset = (folder: string) =>
  fc
    .record({
      name: fc.integer({ min: 1, max: 30 }),
      ticks: fc.option(
        fc.oneof(
          { weight: 1, arbitrary: fc.integer({ min: 2, max: 40 }) },
          { weight: 5, arbitrary: fc.integer({ min: 60, max: 6000 }) },
        ),
        { nil: null, freq: 6 },
      ),
      addedAt: fc.integer({ min: 0, max: 1000 }),
    })
    .map(({ name, ticks, addedAt }) =>
      assetOf(`${folder}/${name}.mp4`, ticks, { addedAt: instant(addedAt), isMissing: ticks === null && addedAt % 2 === 0 }),
    )

export const anyLibrary: fc.Arbitrary<Library> = fc
  .tuple(...FOLDERS.map((folder) => fc.uniqueArray(anyAsset(folder), { maxLength: 6, selector: (asset) => asset.path })))
  .map((folders) => libraryOf(folders.flat()))

const anyPlay: fc.Arbitrary<Play> = fc.oneof(
  fc.record({ kind: fc.constant('file' as const), path: fc.constantFrom(...FOLDERS.map((folder) => `${folder}/1.mp4`)) }),
  fc.record({
    kind: fc.constant('folder' as const),
    path: fc.constantFrom(...FOLDERS),
    order: fc.constantFrom('in-order' as const, 'shuffle' as const),
  }),
  fc.record({
    kind: fc.constant('tag' as const),
    tag: fc.constantFrom(...FOLDERS),
    order: fc.constantFrom('in-order' as const, 'shuffle' as const),
  }),
  fc.record({ kind: fc.constant('newest' as const), programme: fc.constantFrom('thoi-su', 'phim') }),
)

const seconds = fc.integer({ min: 0, max: 900 })
const anyStart: fc.Arbitrary<StartPolicy> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'hard' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('soft' as const), withinSeconds: seconds }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'after-previous' as const }) },
)
const anyEnd: fc.Arbitrary<EndPolicy> = fc.oneof(
  fc.constant({ kind: 'cut' as const }),
  fc.record({ kind: fc.constant('run-over' as const), upToSeconds: seconds }),
  fc.constant({ kind: 'fill' as const }),
)

const anyCron = fc
  .record({
    minute: fc.oneof(fc.integer({ min: 0, max: 59 }).map(String), fc.constantFrom('*/15', '*/20', '7,37', '0')),
    hour: fc.oneof(fc.integer({ min: 0, max: 23 }).map(String), fc.constantFrom('*', '*/2', '18-22', '*/3')),
    day: fc.constantFrom('*', '*', '*', '1-15', 'L', '29'),
    weekday: fc.constantFrom('*', '*', '*', '1-5', 'SAT,SUN', 'FRI#2'),
    second: fc.option(fc.integer({ min: 0, max: 59 }), { nil: null }),
  })
  .map(({ second, minute, hour, day, weekday }) => `${second === null ? '' : `${second} `}${minute} ${hour} ${day} * ${weekday}`)

const anySlot = fc.record({
  programme: fc.constantFrom(...PROGRAMMES.map(({ id }) => id)),
  when: anyCron.map(cronOf),
  durationSeconds: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 60, max: 14_400 })),
  play: anyPlay,
  start: anyStart,
  end: anyEnd,
  priority: fc.constantFrom(0, 0, 0, 1, 2),
  isRepeat: fc.boolean(),
})

const ZONES = ['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'America/Havana']

/**
 * Slots that wait "however late" come once a day: a queue that never empties, because more is scheduled to wait than there is time for,
 * may reach back over any number of days.
 */
const patient = (slot: Pick<Slot, 'start' | 'when' | 'durationSeconds'>, index: number) =>
  slot.start.kind === 'after-previous'
    ? {
        when: cronOf(`${slot.durationSeconds % 60} ${(index * 7) % 24} * * *`),
        durationSeconds: Math.min(slot.durationSeconds, 3600),
      }
    : {}

export const anySchedule: fc.Arbitrary<Schedule> = fc
  .record({ zone: fc.constantFrom(...ZONES), slots: fc.array(anySlot, { maxLength: 8 }) })
  .map(({ zone, slots }) => ({
    zone,
    channels: [channelOf()],
    programmes: PROGRAMMES,
    slots: slots.map((slot, index) => slotOf({ ...slot, ...patient(slot, index), id: `o-${index}` })),
  }))

const DAYS = ['2026-03-29', '2026-10-25', '2026-11-01', '2028-02-29', '2026-02-28', '2026-12-31', '2026-07-15', '2026-04-05']
/** Somewhere around a leap day, a month's or year's end, a change of clocks or an ordinary day. */
export const anyInstant = fc
  .record({ day: fc.constantFrom(...DAYS), ms: fc.integer({ min: -43_200_000, max: 129_600_000 }) })
  .map(({ day, ms }) => instant(Date.parse(`${day}T00:00:00Z`) + ms))
