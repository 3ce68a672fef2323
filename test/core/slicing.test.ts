import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onAir } from '#core/onAir.ts'
import { segmentsOf, slicesOf } from '#core/slicing.ts'
import { instant, instantOfTick, tick } from '#core/time.ts'
import type { Item, Timeline } from '#core/timeline.ts'

const item = (from: number, to: number, offset = 0): Item => ({
  from: tick(from),
  to: tick(to),
  source: { kind: 'asset', package: 'a', offset, path: 'a.mp4' },
  reason: 'scheduled',
})
const timeline = (...items: readonly Item[]): Timeline => ({
  channel: 'k',
  from: items[0]?.from ?? tick(0),
  to: items.at(-1)?.to ?? tick(0),
  items,
})
const cut = (whole: Timeline, from: number, until: number) =>
  slicesOf(whole, { tick: tick(from), sequence: 10 }, tick(until)).map((slice) => [
    slice.from,
    slice.to,
    slice.sequence,
    slice.source.offset,
  ])
const lengths = (whole: Timeline, from: number, until: number) =>
  slicesOf(whole, { tick: tick(from), sequence: 10 }, tick(until)).flatMap((slice) => segmentsOf(slice).map(({ ticks }) => ticks))

test('a slice is made of whole segments and reaches at least as far as asked', () => {
  assert.deepEqual(cut(timeline(item(0, 100)), 0, 1), [[0, 6, 10, 0]])
  assert.deepEqual(cut(timeline(item(0, 100)), 0, 13), [[0, 18, 10, 0]])
  assert.deepEqual(cut(timeline(item(0, 100, 24)), 18, 20), [[18, 24, 10, 42]])
})

test('the next item begins a slice of its own with the next number', () => {
  assert.deepEqual(cut(timeline(item(0, 8), item(8, 30, 12)), 0, 10), [
    [0, 8, 10, 0],
    [8, 14, 12, 12],
  ])
})

test('a last tick is merged into the segment before it, and never left behind by a commit', () => {
  assert.deepEqual(lengths(timeline(item(0, 13)), 0, 13), [6, 7])
  assert.deepEqual(lengths(timeline(item(0, 7)), 0, 2), [7])
  assert.deepEqual(cut(timeline(item(0, 13)), 0, 12), [[0, 13, 10, 0]])
  assert.deepEqual(lengths(timeline(item(0, 14)), 0, 12), [6, 6])
  assert.deepEqual(lengths(timeline(item(0, 14)), 12, 13), [2])
  assert.deepEqual(lengths(timeline(item(0, 1), item(1, 9)), 0, 9), [1, 6, 2])
})

test('nothing is committed where the edge is already as far as asked, or the plan has ended', () => {
  assert.deepEqual(cut(timeline(item(0, 20)), 12, 12), [])
  assert.deepEqual(cut(timeline(item(0, 20)), 20, 40), [])
})

test('what is on air is one item, and outside of the plan that is said', () => {
  const whole = timeline(item(100, 110), item(110, 111), item(111, 150))
  for (const [at, from] of [
    [100, 100],
    [109, 100],
    [110, 110],
    [111, 111],
    [149, 111],
  ] as const) {
    assert.equal(onAir(whole, instantOfTick(tick(at))).from, from)
    assert.equal(onAir(whole, instant(instantOfTick(tick(at)) + 319)).from, from)
  }
  assert.throws(() => onAir(whole, instantOfTick(tick(150))), /covers ticks 100 to 150, not 150/)
  assert.throws(() => onAir(whole, instantOfTick(tick(99))), RangeError)
})
