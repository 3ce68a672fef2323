import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Library } from '#core/library.ts'
import { createPlanner } from '#core/planner.ts'
import type { Schedule, Slot } from '#core/schedule.ts'
import { segmentsOf, slicesOf } from '#core/slicing.ts'
import type { Slice } from '#core/slices.ts'
import { instant, nearestTick, plusTicks, type Tick } from '#core/time.ts'
import type { Timeline } from '#core/timeline.ts'
import {
  CHANNEL,
  PROGRAMMES,
  RUNS,
  anyInstant,
  anyLibrary,
  anySchedule,
  assetOf,
  channelOf,
  cronOf,
  libraryOf,
  slotOf,
} from '../support/randomSchedule.ts'

/** What a listener hears when the schedule or the library changes while something is on. */

const scheduleOf = (slots: readonly Slot[]): Schedule => ({
  zone: 'Asia/Ho_Chi_Minh',
  channels: [channelOf()],
  programmes: PROGRAMMES,
  slots,
})
const start = nearestTick(instant(Date.parse('2026-11-24T07:00:00+07:00')))
const music = slotOf({
  id: 'nhac',
  durationSeconds: 3600,
  play: { kind: 'folder', path: 'ca-nhac', order: 'shuffle' },
  end: { kind: 'fill' },
})
const songs = (count: number) => Array.from({ length: count }, (_, index) => assetOf(`ca-nhac/${index}.mp3`, 500 + 13 * index))

type State = { readonly schedule: Schedule; readonly library: Library }
type Air = { readonly slices: readonly Slice[]; readonly edge: Tick }

const planOf = ({ schedule, library }: State, { slices, edge }: Air, ticks = 20_000): Timeline =>
  createPlanner(schedule).timelineOf({
    channel: CHANNEL,
    library,
    span: { from: edge, to: plusTicks(edge, ticks) },
    committed: { tick: edge, slice: slices.at(-1) },
  })

function airedOn({ slices, edge }: Air, state: State, ticks: number): Air {
  const last = slices.at(-1)
  const sequence = last ? last.sequence + segmentsOf(last).length : 0
  const more = slicesOf(planOf(state, { slices, edge }), { tick: edge, sequence }, plusTicks(edge, ticks))
  return { slices: [...slices, ...more], edge: more.at(-1)?.to ?? edge }
}
const begun: Air = { slices: [], edge: start }

test('a song that is on plays to its end when other songs arrive, and the next begins at its beginning', () => {
  const before = { schedule: scheduleOf([music]), library: libraryOf(songs(4)) }
  const after = { ...before, library: libraryOf(songs(9)) }
  for (const ticks of [1, 200, 700, 1300, 2600]) {
    const air = airedOn(begun, before, ticks)
    const running = air.slices.at(-1)
    assert.ok(running)
    const [first, second] = planOf(after, air).items
    const ticksOf = 500 + 13 * Number(/\d+/.exec(running.source.path)?.[0])
    const isOver = running.source.offset + running.to - running.from === ticksOf
    assert.equal(first?.source.path === running.source.path, !isOver)
    assert.equal(first?.source.offset, isOver ? 0 : running.source.offset + running.to - running.from)
    if (!isOver) assert.equal((first?.source.offset ?? 0) + (first?.to ?? 0) - (first?.from ?? 0), ticksOf)
    assert.equal(second?.source.offset, 0)
  }
})

test('a bulletin that is on is read to its end when a newer one arrives', () => {
  const bulletin = slotOf({ id: 'tin', play: { kind: 'newest', programme: 'thoi-su' } })
  const old = assetOf('thoi-su/a.mp4', 3000, { addedAt: instant(1) })
  const before = { schedule: scheduleOf([bulletin]), library: libraryOf([old]) }
  const air = airedOn(begun, before, 600)
  const [item] = planOf(
    { ...before, library: libraryOf([old, assetOf('thoi-su/b.mp4', 4000, { addedAt: instant(2) })]) },
    air,
  ).items
  assert.deepEqual([item?.source.path, item?.source.offset, item?.to], ['thoi-su/a.mp4', 600, start + 3000])
})

test('a package that becomes ready in the middle is taken up where it would be by then', () => {
  const slot = slotOf({ id: 'phim', play: { kind: 'file', path: 'phim/a.mp4' } })
  const before = { schedule: scheduleOf([slot]), library: libraryOf([assetOf('phim/a.mp4', null)]) }
  const air = airedOn(begun, before, 100)
  assert.deepEqual(
    [air.slices[0]?.source.kind, air.slices[0]?.reason, air.slices[0]?.airing?.slot],
    ['slate', 'not-packaged', 'phim'],
  )
  const [item] = planOf({ ...before, library: libraryOf([assetOf('phim/a.mp4', 5000)]) }, air).items
  const late = air.edge - start
  assert.deepEqual([item?.from, item?.source.offset, item?.to], [air.edge, late - (late % 6), start + 5000])
})

test('a file that vanishes leaves its time to filler', () => {
  const slot = slotOf({ id: 'phim', play: { kind: 'file', path: 'phim/a.mp4' } })
  const before = { schedule: scheduleOf([slot]), library: libraryOf([assetOf('phim/a.mp4', 5000), assetOf('nen/a.mp4', 300)]) }
  const air = airedOn(begun, before, 100)
  const gone = libraryOf([assetOf('phim/a.mp4', null, { isMissing: true }), assetOf('nen/a.mp4', 300)])
  const [item] = planOf({ ...before, library: gone }, air).items
  assert.deepEqual([item?.source.kind, item?.reason, item?.airing?.slot, item?.from], ['filler', 'missing', 'phim', air.edge])
})

test('a slot that is taken out ends at the next uncommitted tick; one that is put in begins there', () => {
  const before = { schedule: scheduleOf([music]), library: libraryOf([...songs(4), assetOf('phim/a.mp4', 9000)]) }
  const air = airedOn(begun, before, 700)
  const film = slotOf({ id: 'phim', play: { kind: 'file', path: 'phim/a.mp4' } })
  const [gap] = planOf({ ...before, schedule: scheduleOf([]) }, air).items
  assert.deepEqual([gap?.from, gap?.airing, gap?.reason], [air.edge, undefined, 'gap'])
  const [item] = planOf({ ...before, schedule: scheduleOf([film]) }, air).items
  const late = air.edge - start
  assert.deepEqual([item?.airing?.slot, item?.source.offset], ['phim', late - (late % 6)])
})

test('what began late stays where it began, even if the library of now would have let it begin on time', () => {
  const show = slotOf({
    id: 'truoc',
    when: cronOf('30 6 * * *'),
    play: { kind: 'file', path: 'phim/a.mp4' },
    end: { kind: 'run-over', upToSeconds: 300 },
  })
  const film = slotOf({ id: 'phim', play: { kind: 'file', path: 'phim/b.mp4' }, start: { kind: 'after-previous' } })
  const longShow = assetOf('phim/a.mp4', 5625 + 200)
  const before = { schedule: scheduleOf([show, film]), library: libraryOf([longShow, assetOf('phim/b.mp4', 3000)]) }
  const air = airedOn(airedOn(begun, before, 200), before, 60)
  assert.equal(air.slices.at(-1)?.airing?.from, start + 200)
  const shorter = libraryOf([assetOf('phim/a.mp4', 5000), assetOf('phim/b.mp4', 3000)])
  const [item] = planOf({ ...before, library: shorter }, air).items
  assert.deepEqual(
    [item?.source.path, item?.source.offset, item?.to, item?.airing?.from],
    ['phim/b.mp4', air.edge - start - 200, start + 3200, start + 200],
  )
})

test('after an outage the plan goes on as if it had been on air', () => {
  const state = { schedule: scheduleOf([music]), library: libraryOf(songs(4)) }
  const whole = planOf(state, begun)
  const air = airedOn(begun, state, 300)
  const edge = plusTicks(air.edge, 6 * 400)
  const later = planOf(state, { slices: air.slices, edge })
  const expected = whole.items.find((item) => item.from <= edge && edge < item.to)
  const offset = expected ? edge - expected.from + expected.source.offset : -1
  assert.deepEqual([later.items[0]?.source.path, later.items[0]?.source.offset], [expected?.source.path, offset - (offset % 6)])
})

test('whatever is edited while on air, the plan stays whole and inside its packages', () => {
  const anyState = fc.record({ schedule: anySchedule, library: anyLibrary })
  fc.assert(
    fc.property(
      anyInstant,
      fc.array(fc.record({ state: anyState, ticks: fc.integer({ min: 1, max: 3000 }) }), { minLength: 2, maxLength: 4 }),
      (at, steps) => {
        let air: Air = { slices: [], edge: nearestTick(at) }
        for (const { state, ticks } of steps) {
          const timeline = planOf(state, air, 6000)
          let edge: Tick = air.edge
          for (const item of timeline.items) {
            assert.equal(item.from, edge)
            assert.equal(item.source.offset % 6, 0)
            const asset = state.library.assets.find(({ path }) => path === item.source.path)
            assert.ok(item.source.offset + item.to - item.from <= (asset?.tv?.ticks ?? state.library.slate.tv.ticks))
            edge = item.to
          }
          assert.equal(edge, timeline.to)
          air = airedOn(air, state, ticks)
        }
      },
    ),
    { numRuns: RUNS / 5 },
  )
})
