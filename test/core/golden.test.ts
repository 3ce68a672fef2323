import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { guideOf } from '#core/guide.ts'
import { createLocalTime, wallOfText } from '#core/localTime.ts'
import { createPlanner } from '#core/planner.ts'
import type { Library } from '#core/library.ts'
import type { Schedule, Slot } from '#core/schedule.ts'
import { instant, instantOfTick, tickAt } from '#core/time.ts'
import { CHANNEL, PROGRAMMES, assetOf, channelOf, cronOf, libraryOf, slotOf } from '../support/randomSchedule.ts'

/** Plans as people read them, reviewed as text. After a change that is meant: `UPDATE_GOLDEN=1 npm test`. */
const FOLDER = join(import.meta.dirname, 'golden')

async function assertGolden(name: string, text: string): Promise<void> {
  const file = join(FOLDER, `${name}.txt`)
  if (process.env.UPDATE_GOLDEN) await writeFile(file, text)
  assert.equal(text, await readFile(file, 'utf8'))
}

type Scene = { readonly schedule: Schedule; readonly library: Library; readonly from: string; readonly to: string }

function planText({ schedule, library, from, to }: Scene): string {
  const local = createLocalTime(schedule.zone)
  const tickOf = (text: string) => tickAt(local.instantsOf(wallOfText(text) ?? 0).first)
  const timeline = createPlanner(schedule).timelineOf({ channel: CHANNEL, library, span: { from: tickOf(from), to: tickOf(to) } })
  const timeOf = (at: number) => new Date(local.wallOf(instant(at))).toISOString().slice(5, 21).replace('T', ' ')
  const items = timeline.items.map(({ from: start, to: end, source, airing, reason }) =>
    [
      timeOf(instantOfTick(start)),
      `${end - start}`.padStart(6),
      (airing?.slot ?? '–').padEnd(12),
      `${source.path}${source.offset ? `+${source.offset}` : ''}`.padEnd(20),
      reason === 'scheduled' ? '' : `${source.kind}: ${reason}`,
    ]
      .join('  ')
      .trimEnd(),
  )
  const guide = guideOf({ channel: channelOf(), slices: [], timeline, at: instantOfTick(timeline.from) }).map(
    (entry) => `${timeOf(entry.from)}  ${timeOf(entry.to)}  ${entry.title}`,
  )
  return [`${from} – ${to} ${schedule.zone}`, '', ...items, '', ...guide, ''].join('\n')
}

const scheduleOf = (zone: string, slots: readonly (Partial<Slot> & { readonly id: string })[]): Schedule => ({
  zone,
  channels: [channelOf()],
  programmes: PROGRAMMES,
  slots: slots.map((slot) => slotOf({ title: slot.id, ...slot })),
})
/** Ticks of so many seconds. */
const ticks = (seconds: number) => Math.round((seconds * 1000) / 320)

const library = libraryOf([
  assetOf('thoi-su/sang.mp4', ticks(620)),
  assetOf('phim/dai.mp4', ticks(3700)),
  assetOf('phim/ngan.mp4', ticks(3400)),
  ...[1, 2, 3].map((number) => assetOf(`ca-nhac/${number}.mp4`, ticks(170 + number * 20))),
  ...[1, 2].map((number) => assetOf(`nen/${number}.mp4`, ticks(400 * number))),
  assetOf('dong-ho/dong-ho.mp4', ticks(60)),
])

test('an evening with every start and end policy', async () => {
  const schedule = scheduleOf('Asia/Ho_Chi_Minh', [
    {
      id: 'ca-nhac',
      when: cronOf('30 18 * * *'),
      durationSeconds: 1740,
      play: { kind: 'folder', path: 'ca-nhac', order: 'in-order' },
      end: { kind: 'fill' },
    },
    { id: 'dong-ho', when: cronOf('59 18 * * *'), durationSeconds: 60, play: { kind: 'file', path: 'dong-ho/dong-ho.mp4' } },
    {
      id: 'thoi-su',
      when: cronOf('0 19 * * *'),
      durationSeconds: 600,
      play: { kind: 'newest', programme: 'thoi-su' },
      end: { kind: 'run-over', upToSeconds: 60 },
    },
    {
      id: 'phim',
      when: cronOf('10 19 * * *'),
      durationSeconds: 3600,
      play: { kind: 'file', path: 'phim/dai.mp4' },
      start: { kind: 'after-previous' },
      end: { kind: 'run-over', upToSeconds: 300 },
    },
    {
      id: 'phim-2',
      when: cronOf('10 20 * * *'),
      durationSeconds: 3600,
      play: { kind: 'file', path: 'phim/ngan.mp4' },
      start: { kind: 'soft', withinSeconds: 90 },
    },
    {
      id: 'ban-tin',
      when: cronOf('0 21 * * *'),
      durationSeconds: 300,
      play: { kind: 'folder', path: 'chua-co', order: 'shuffle' },
      priority: 1,
    },
  ])
  await assertGolden('evening', planText({ schedule, library, from: '2026-12-31T18:50', to: '2026-12-31T21:20' }))
})

test('a night when clocks are set back, in Berlin', async () => {
  const schedule = scheduleOf('Europe/Berlin', [
    {
      id: 'gio',
      when: cronOf('0 * * * *'),
      durationSeconds: 60,
      play: { kind: 'file', path: 'dong-ho/dong-ho.mp4' },
      priority: 1,
    },
    { id: 'dem', when: cronOf('30 2 * * *'), durationSeconds: 3600, play: { kind: 'folder', path: 'phim', order: 'in-order' } },
  ])
  await assertGolden('clocks-back', planText({ schedule, library, from: '2026-10-25T01:55', to: '2026-10-25T04:05' }))
})

test('a night when clocks are set forward, in New York', async () => {
  const schedule = scheduleOf('America/New_York', [
    {
      id: 'gio',
      when: cronOf('0 * * * *'),
      durationSeconds: 60,
      play: { kind: 'file', path: 'dong-ho/dong-ho.mp4' },
      priority: 1,
    },
    { id: 'dem', when: cronOf('30 2 * * *'), durationSeconds: 1800, play: { kind: 'folder', path: 'phim', order: 'in-order' } },
  ])
  await assertGolden('clocks-forward', planText({ schedule, library, from: '2026-03-08T01:55', to: '2026-03-08T04:05' }))
})

test('over midnight into a new year', async () => {
  const schedule = scheduleOf('Asia/Ho_Chi_Minh', [
    {
      id: 'nhac-dem',
      when: cronOf('0 22 * * *'),
      durationSeconds: 4 * 3600,
      play: { kind: 'folder', path: 'ca-nhac', order: 'shuffle' },
      end: { kind: 'fill' },
    },
    {
      id: 'giao-thua',
      when: { kind: 'once', at: '2026-12-31T23:59:50' },
      durationSeconds: 60,
      play: { kind: 'file', path: 'dong-ho/dong-ho.mp4' },
      priority: 5,
    },
  ])
  await assertGolden('new-year', planText({ schedule, library, from: '2026-12-31T23:50', to: '2027-01-01T00:10' }))
})
