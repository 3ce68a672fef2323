import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { guideOf } from '#core/guide.ts'
import type { Library } from '#core/library.ts'
import { onAir } from '#core/onAir.ts'
import { createPlanner } from '#core/planner.ts'
import type { Schedule } from '#core/schedule.ts'
import { segmentsOf, slicesOf } from '#core/slicing.ts'
import type { Slice } from '#core/slices.ts'
import { instantOfTick, nearestTick, plusTicks, tick, tickAt, type Tick } from '#core/time.ts'
import type { Item, Timeline } from '#core/timeline.ts'
import { CHANNEL, RUNS, anyInstant, anyLibrary, anySchedule, channelOf, slatePackage } from '../support/randomSchedule.ts'

const SPAN_TICKS = 20_000
const anyPlan = fc.record({ schedule: anySchedule, library: anyLibrary, at: anyInstant })
type Case = { readonly schedule: Schedule; readonly library: Library; readonly at: number }

const spanOf = (from: Tick, ticks = SPAN_TICKS) => ({ from, to: plusTicks(from, ticks) })
const planOf = ({ schedule, library, at }: Case): Timeline =>
  createPlanner(schedule).timelineOf({ channel: CHANNEL, library, span: spanOf(tickAt(at as never)) })

function ticksIn(library: Library): Map<string, number> {
  const lengths = new Map([[slatePackage.id, slatePackage.ticks]])
  for (const { tv } of library.assets) if (tv) lengths.set(tv.id, tv.ticks)
  return lengths
}

test('a plan has exactly one item at every tick, touching, from its first tick to its last', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const timeline = planOf(plan)
      let edge = timeline.from
      for (const item of timeline.items) {
        assert.equal(item.from, edge)
        assert.ok(item.to > item.from)
        edge = item.to
      }
      assert.equal(edge, timeline.to)
    }),
    { numRuns: RUNS },
  )
})

test('every item starts where a GOP starts and stays inside its package', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const lengths = ticksIn(plan.library)
      for (const { from, to, source } of planOf(plan).items) {
        assert.equal(source.offset % 6, 0)
        assert.ok(source.offset >= 0 && source.offset + (to - from) <= (lengths.get(source.package) ?? 0))
      }
    }),
    { numRuns: RUNS },
  )
})

test('a single tick is left alone only where the clip before it has no more to play', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const lengths = ticksIn(plan.library)
      const { items } = planOf(plan)
      for (const [index, item] of items.entries()) {
        const before = items[index - 1]
        if (item.to - item.from > 1 || !before || keyOf(before) !== keyOf(item)) continue
        assert.equal(before.source.offset + (before.to - before.from), lengths.get(before.source.package))
      }
    }),
    { numRuns: RUNS },
  )
})

test('the guide and what is on air agree at every tick', () => {
  fc.assert(
    fc.property(anyPlan, fc.nat(), (plan, cut) => {
      const timeline = planOf(plan)
      const slices = slicesOf(timeline, { tick: timeline.from, sequence: 7 }, plusTicks(timeline.from, cut % SPAN_TICKS))
      const guide = guideOf({ channel: channelOf(), slices, timeline, at: instantOfTick(timeline.from) })
      let index = 0
      for (const item of timeline.items) {
        for (const at of [item.from, tick(item.to - 1)]) {
          while ((guide[index]?.to ?? 0) <= instantOfTick(at)) index++
          const entry = guide[index]
          assert.ok(entry && entry.from <= instantOfTick(at))
          const { airing } = onAir(timeline, instantOfTick(at))
          assert.equal(entry.id.split('+')[0]?.split('@')[0], airing?.slot ?? 'gap')
          if (airing) assert.equal(entry.scheduledFrom, airing.scheduledFrom)
        }
      }
      assert.equal(new Set(guide.map(({ id }) => id)).size, guide.length)
      for (const [place, entry] of guide.entries()) if (place > 0) assert.equal(entry.from, guide[place - 1]?.to)
    }),
    { numRuns: RUNS },
  )
})

test('planning a span in parts, each from the committed edge of the one before, gives the plan of the whole', () => {
  fc.assert(
    fc.property(anyPlan, fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 4 }), (plan, steps) => {
      const planner = createPlanner(plan.schedule)
      const whole = planOf(plan)
      let edge = { tick: whole.from, sequence: 0 }
      let timeline = whole
      let slice: Slice | undefined
      for (const step of steps) {
        const slices = slicesOf(timeline, edge, plusTicks(edge.tick, step))
        slice = slices.at(-1) ?? slice
        if (!slice || slice.to >= whole.to) return
        edge = { tick: slice.to, sequence: slice.sequence + segmentsOf(slice).length }
        timeline = planner.timelineOf({
          channel: CHANNEL,
          library: plan.library,
          span: { from: edge.tick, to: whole.to },
          committed: { tick: edge.tick, slice },
        })
        assert.deepEqual(timeline.items, itemsFrom(whole, edge.tick))
      }
    }),
    { numRuns: RUNS },
  )
})

test('a hard start that nothing of a higher priority covers is on air within 160 ms', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const timeline = planOf(plan)
      const planner = createPlanner(plan.schedule)
      const span = { from: instantOfTick(timeline.from), to: instantOfTick(timeline.to) }
      const all = planner.occurrencesOf(CHANNEL, { from: (span.from - 200_000_000) as never, to: span.to })
      for (const { slot, from } of all) {
        if (slot.start.kind !== 'hard' || slot.durationSeconds < 2) continue
        const at = nearestTick(from)
        if (at < timeline.from || at >= timeline.to) continue
        assert.ok(Math.abs(instantOfTick(at) - from) <= 160)
        const item = onAir(timeline, instantOfTick(at))
        if (item.airing?.slot === slot.id) {
          assert.equal(item.airing.from, at)
          continue
        }
        const other = plan.schedule.slots.find(({ id }) => id === item.airing?.slot)
        assert.ok(other, 'nothing is on air at a hard start')
        const isEqualAndTogether = other.priority === slot.priority && item.airing?.from === at
        assert.ok(other.priority > slot.priority || isEqualAndTogether, `${other.id} stands in the way of ${slot.id}`)
      }
    }),
    { numRuns: RUNS },
  )
})

test('sequences are consecutive and segments touch, 6 ticks each but for the end of an item', () => {
  fc.assert(
    fc.property(anyPlan, fc.integer({ min: 1, max: 400 }), (plan, step) => {
      const timeline = planOf(plan)
      let edge = { tick: timeline.from, sequence: 100 }
      for (let round = 0; round < 20 && edge.tick < timeline.to; round++) {
        const until = plusTicks(edge.tick, step)
        for (const slice of slicesOf(timeline, edge, until)) {
          const item = onAir(timeline, instantOfTick(slice.from))
          for (const segment of segmentsOf(slice)) {
            assert.equal(segment.sequence, edge.sequence)
            assert.equal(segment.from, edge.tick)
            assert.equal(segment.offset % 6, 0)
            edge = { tick: plusTicks(segment.from, segment.ticks), sequence: segment.sequence + 1 }
            if (edge.tick < item.to) assert.equal(segment.ticks, 6)
            else if (item.to - item.from > 1) assert.ok(segment.ticks >= 2 && segment.ticks <= 7)
          }
        }
        assert.ok(edge.tick >= Math.min(until, timeline.to))
      }
    }),
    { numRuns: RUNS },
  )
})

const keyOf = ({ airing }: Item): string => (airing ? `${airing.slot}@${airing.scheduledFrom}` : 'gap')

function itemsFrom(timeline: Timeline, from: Tick): Item[] {
  return timeline.items
    .filter((item) => item.to > from)
    .map((item) =>
      item.from >= from ? item : { ...item, from, source: { ...item.source, offset: item.source.offset + from - item.from } },
    )
}
