import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Clip } from '#core/material.ts'
import { materialOf } from '#core/material.ts'
import { createPlanner } from '#core/planner.ts'
import type { Play, Schedule, Slot } from '#core/schedule.ts'
import { orderedTape, shuffledTape, startingPlace } from '#core/tape.ts'
import { instant, nearestTick, plusTicks, tickAt } from '#core/time.ts'
import { CHANNEL, PROGRAMMES, RUNS, assetOf, channelOf, cronOf, libraryOf, slotOf } from '../support/randomSchedule.ts'

const clipsOf = (ticks: readonly number[]): Clip[] =>
  ticks.map((each, index) => ({ path: `f/${index}.mp4`, package: `${index}`, ticks: each }))
const anyClips = fc.array(fc.integer({ min: 2, max: 500 }), { minLength: 1, maxLength: 40 }).map(clipsOf)

test('a shuffle plays at least half of the list before anything comes again, round after round', () => {
  fc.assert(
    fc.property(anyClips, fc.string(), (clips, seed) => {
      const tape = shuffledTape(clips, seed)
      const last = new Map<string, number>()
      for (let place = 0; place < tape.period * 2; place++) {
        const { path } = tape.clipAt(place)
        const before = last.get(path)
        if (before !== undefined) assert.ok(place - before > clips.length / 2, `${path} again after ${place - before}`)
        last.set(path, place)
      }
      for (let round = 0; round * clips.length < tape.period; round++) {
        const names = clips.map((_, index) => tape.clipAt(round * clips.length + index).path)
        assert.equal(new Set(names).size, clips.length)
      }
    }),
    { numRuns: RUNS },
  )
})

test('an occurrence begins on the list where the one before stopped', () => {
  fc.assert(
    fc.property(anyClips, fc.boolean(), fc.integer({ min: 1, max: 4000 }), (clips, isShuffled, ticks) => {
      const tape = isShuffled ? shuffledTape(clips, 'o') : orderedTape(clips)
      let place = 0
      for (let ordinal = 0; ordinal < 60; ordinal++) {
        assert.equal(startingPlace(tape, ordinal, ticks), place % tape.period)
        for (let left = ticks; left > 0; place++) left -= tape.clipAt(place).ticks
      }
    }),
    { numRuns: RUNS / 4 },
  )
})

test('adding a file to a shuffled folder leaves the order of the others within their halves', () => {
  const clips = clipsOf(Array.from({ length: 21 }, (_, index) => index + 2))
  const namesOf = (tape: ReturnType<typeof shuffledTape>, count: number) =>
    Array.from({ length: count }, (_, place) => tape.clipAt(place).path)
  const before = namesOf(shuffledTape(clips.slice(0, 20), 'o'), 20)
  const after = namesOf(shuffledTape(clips, 'o'), 21).filter((path) => path !== 'f/20.mp4')
  const inOrder = before.filter(
    (path, place) => after.indexOf(path) >= (place === 0 ? 0 : after.indexOf(before[place - 1] ?? '')),
  )
  assert.ok(inOrder.length >= 16, `${inOrder.length} of 20 kept their order`)
})

test('folders are heard in the order people read: 2 before 10', () => {
  const library = libraryOf(
    ['phim/tap-10.mp4', 'phim/tap-2.mp4', 'phim/tap-1.mp4', 'phim khac/tap-3.mp4'].map((path) => assetOf(path, 10)),
  )
  const material = materialOf({ kind: 'folder', path: 'phim', order: 'in-order' }, 'tv', library)
  assert.deepEqual(material.kind === 'list' && material.clips.map(({ path }) => path), [
    'phim/tap-1.mp4',
    'phim/tap-2.mp4',
    'phim/tap-10.mp4',
  ])
})

test('the newest is the one added last that can air', () => {
  const library = libraryOf([
    assetOf('thoi-su/a.mp4', 10, { addedAt: instant(1) }),
    assetOf('thoi-su/b.mp4', 10, { addedAt: instant(3) }),
    assetOf('thoi-su/c.mp4', null, { addedAt: instant(5) }),
  ])
  const material = materialOf({ kind: 'newest', programme: 'thoi-su' }, 'tv', library)
  assert.equal(material.kind === 'single' && material.clip.path, 'thoi-su/b.mp4')
})

test('what cannot air says why', () => {
  const library = libraryOf([
    assetOf('phim/a.mp4', null),
    assetOf('cu/a.mp4', null, { isMissing: true }),
    assetOf('tin/a.mp4', 10),
  ])
  const reasonOf = (play: Play, kind: 'tv' | 'radio' = 'tv') => {
    const material = materialOf(play, kind, library)
    return material.kind === 'none' ? material.reason : 'plays'
  }
  assert.equal(reasonOf({ kind: 'file', path: 'phim/a.mp4' }), 'not-packaged')
  assert.equal(reasonOf({ kind: 'folder', path: 'cu', order: 'shuffle' }), 'missing')
  assert.equal(reasonOf({ kind: 'file', path: 'phim/b.mp4' }), 'no-media')
  assert.equal(reasonOf({ kind: 'tag', tag: 'tin', order: 'in-order' }), 'plays')
  assert.equal(reasonOf({ kind: 'tag', tag: 'tin', order: 'in-order' }, 'radio'), 'not-packaged')
})

const episodes = libraryOf([1, 2, 3, 4, 5].map((number) => assetOf(`phim/tap-${number}.mp4`, 5000 + number)))
const seriesOf = (slot: Partial<Slot>): Schedule => ({
  zone: 'Asia/Ho_Chi_Minh',
  channels: [channelOf()],
  programmes: PROGRAMMES,
  slots: [
    slotOf({
      id: 'phim',
      when: cronOf('0 20 * * *'),
      durationSeconds: 1600,
      play: { kind: 'folder', path: 'phim', order: 'in-order' },
      ...slot,
    }),
  ],
})
const heardOn = (schedule: Schedule, day: string) => {
  const from = nearestTick(instant(Date.parse(`${day}T20:00:00+07:00`)))
  const timeline = createPlanner(schedule).timelineOf({
    channel: CHANNEL,
    library: episodes,
    span: { from, to: plusTicks(from, 5000) },
  })
  return timeline.items.map(({ source }) => source.path)
}

test('a series begins with its first episode on its first day and goes on day by day, over month ends and leap days', () => {
  const schedule = seriesOf({ when: { kind: 'cron', cron: '0 20 * * *', validFrom: '2028-02-27', excluded: ['2028-03-01'] } })
  assert.deepEqual(
    ['2028-02-27', '2028-02-28', '2028-02-29', '2028-03-02', '2028-03-03', '2028-03-04'].map((day) => heardOn(schedule, day)[0]),
    [1, 2, 3, 4, 5, 1].map((number) => `phim/tap-${number}.mp4`),
  )
})

test('what is entered late plays from where it would be, snapped down to a GOP, and ends when it would have', () => {
  const schedule = seriesOf({ when: { kind: 'cron', cron: '0 20 * * *', validFrom: '2026-11-24', excluded: [] } })
  const start = nearestTick(instant(Date.parse('2026-11-24T20:00:00+07:00')))
  for (const late of [1, 5, 6, 7, 100, 2999]) {
    const from = plusTicks(start, late)
    const [item] = createPlanner(schedule).timelineOf({
      channel: CHANNEL,
      library: episodes,
      span: { from, to: plusTicks(from, 9000) },
    }).items
    assert.equal(item?.source.offset, Math.floor(late / 6) * 6)
    assert.equal(item?.to, start + 5000)
  }
})

test('filler is the same whenever it is asked for, and does not play one clip twice in a row', () => {
  const library = libraryOf([1, 2, 3, 4].map((number) => assetOf(`nen/${number}.mp4`, 90 + number * 7)))
  const planner = createPlanner({ ...seriesOf({}), slots: [] })
  const from = tickAt(instant(Date.parse('2026-11-24T01:00:00Z')))
  const all = planner.timelineOf({ channel: CHANNEL, library, span: { from, to: plusTicks(from, 40_000) } }).items
  for (const [index, item] of all.entries()) {
    assert.equal(item.reason, 'gap')
    if (index > 0 && item.source.offset === 0) assert.notEqual(item.source.path, all[index - 1]?.source.path)
  }
  for (const offset of [1, 777, 20_000]) {
    const [item] = planner.timelineOf({
      channel: CHANNEL,
      library,
      span: { from: plusTicks(from, offset), to: plusTicks(from, offset + 50) },
    }).items
    const whole = all.find((other) => other.from <= from + offset && from + offset < other.to)
    assert.equal(item?.source.path, whole?.source.path)
  }
})

test('without filler the slate loops', () => {
  const planner = createPlanner({ ...seriesOf({}), slots: [] })
  const from = tickAt(instant(Date.parse('2026-11-24T01:00:00Z')))
  const { items } = planner.timelineOf({ channel: CHANNEL, library: libraryOf([]), span: { from, to: plusTicks(from, 480) } })
  assert.ok(items.every(({ source, reason }) => source.kind === 'slate' && source.path === 'slate' && reason === 'gap'))
})
