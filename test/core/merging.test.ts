import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mergedSlices } from '#core/merging.ts'
import { segmentsOf, slicesOf } from '#core/slicing.ts'
import type { Slice } from '#core/slices.ts'
import type { Item, Timeline } from '#core/timeline.ts'
import { tick } from '#core/time.ts'

/** Items of random lengths, cut into slices by commits of random reach. */
const committed = fc
  .record({
    lengths: fc.array(fc.integer({ min: 2, max: 200 }), { minLength: 1, maxLength: 12 }),
    reaches: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 }),
  })
  .map(({ lengths, reaches }) => {
    let at = 1_000
    const items: Item[] = lengths.map((length, index) => {
      const from = tick(at)
      at += length
      return {
        from,
        to: tick(at),
        source: { kind: 'asset', package: `p${index % 3}`, offset: 0, path: `f/${index % 3}` },
        reason: 'scheduled',
      }
    })
    const timeline: Timeline = { channel: 'a', from: tick(1_000), to: tick(at), items }
    const slices: Slice[] = []
    let edge = { tick: timeline.from, sequence: 7 }
    for (const reach of reaches) {
      for (const slice of slicesOf(timeline, edge, tick(edge.tick + reach))) {
        slices.push(slice)
        edge = { tick: slice.to, sequence: slice.sequence + segmentsOf(slice).length }
      }
    }
    return { slices, items: lengths.length }
  })

test('merged as-run has the same segments of the same packages, in no more slices than there were items', () => {
  const segments = (slices: readonly Slice[]) =>
    slices.flatMap((slice) => segmentsOf(slice).map((segment) => ({ ...segment, from: slice.source.package })))
  fc.assert(
    fc.property(committed, ({ slices, items }) => {
      const merged = mergedSlices(slices)
      assert.deepEqual(segments(merged), segments(slices))
      assert.ok(merged.length <= items)
      assert.deepEqual(mergedSlices(merged), merged)
    }),
  )
})

test('what was said of an airing differently is kept apart', () => {
  const slice = (from: number, title: string): Slice => ({
    channel: 'a',
    sequence: from / 6,
    from: tick(from),
    to: tick(from + 6),
    source: { kind: 'asset', package: 'p', offset: from, path: 'f' },
    reason: 'scheduled',
    airing: {
      slot: 's',
      programme: 'p',
      title,
      description: '',
      language: 'vi',
      category: '',
      isRepeat: false,
      scheduledFrom: 0 as never,
      scheduledTo: 0 as never,
      from: tick(0),
      to: tick(60),
    },
  })
  assert.equal(mergedSlices([slice(0, 'A'), slice(6, 'A'), slice(12, 'B')]).length, 2)
})
