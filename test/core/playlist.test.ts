import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  LIVE_WINDOW_TICKS,
  TARGET_SECONDS,
  listedUntil,
  mediaPlaylist,
  multivariantPlaylist,
  quotable,
  secondsText,
  windowOf,
} from '#core/playlist.ts'
import type { Segment } from '#core/slices.ts'
import type { Airing } from '#core/timeline.ts'
import { TICK_MS, instant, plusMs, tick, tickAt, type Instant } from '#core/time.ts'

const NEW_YEAR = instant(Date.UTC(2027, 0, 1))

/** Touching segments from `from` on, of the given lengths. */
function segmentsOfLengths(from: number, lengths: readonly number[]): readonly Segment[] {
  let at = from
  return lengths.map((ticks, index) => {
    const segment = { sequence: 700 + index, from: tick(at), ticks, offset: index * 6 }
    at += ticks
    return segment
  })
}

const airing = (title: string, from: number, to: number): Airing => ({
  slot: 'thoi-su',
  programme: 'thoi-su',
  title,
  description: '',
  language: 'vi',
  category: 'thoi-su',
  isRepeat: false,
  scheduledFrom: instant(from * TICK_MS),
  scheduledTo: instant(to * TICK_MS),
  from: tick(from),
  to: tick(to),
})

test('a segment is listed when its end is at most 7.36 s ahead of the clock', () => {
  const [segment] = segmentsOfLengths(1_000_000, [6]) as [Segment]
  const due = plusMs(instant((segment.from + segment.ticks) * TICK_MS), -7_360)
  assert.equal(windowOf([segment], plusMs(due, -1), LIVE_WINDOW_TICKS).length, 0)
  assert.equal(windowOf([segment], due, LIVE_WINDOW_TICKS).length, 1)
})

test('the live window holds at least 60 s, and with the tick between two segments no less', () => {
  const segments = segmentsOfLengths(tickAt(NEW_YEAR) - 600, Array<number>(200).fill(6))
  for (let ms = 0; ms < 4_000; ms += 40) {
    const window = windowOf(segments, plusMs(NEW_YEAR, ms), LIVE_WINDOW_TICKS)
    const ticks = window.reduce((sum, one) => sum + one.ticks, 0)
    assert.ok(ticks * TICK_MS >= 60_000, `${ticks} ticks at +${ms} ms`)
  }
})

test('no version of a playlist comes sooner than half a target duration after the one before', () => {
  const lengths = fc.array(fc.oneof(fc.constant(6), fc.integer({ min: 2, max: 7 })), { minLength: 80, maxLength: 120 })
  fc.assert(
    fc.property(lengths, (sizes) => {
      // Short tails come one at a time: an item of two or three ticks alone is not packaged.
      const spaced = sizes.flatMap((ticks) => (ticks <= 3 ? [ticks, 6] : [ticks]))
      const segments = segmentsOfLengths(tickAt(NEW_YEAR) - 100, spaced)
      let edge: number | undefined
      let changedAt = -Infinity
      for (let ms = 0; ms < 30_000; ms += 80) {
        const last = windowOf(segments, plusMs(NEW_YEAR, ms), LIVE_WINDOW_TICKS).at(-1)?.sequence
        if (last === edge) continue
        if (edge !== undefined && changedAt > 0) assert.ok(ms - changedAt >= 1_000 - 80, `${ms - changedAt} ms`)
        edge = last
        changedAt = ms
      }
    }),
  )
})

test('as time passes a window only grows at its end and shrinks at its front', () => {
  const lengths = fc.array(fc.integer({ min: 2, max: 7 }), { minLength: 60, maxLength: 200 })
  fc.assert(
    fc.property(lengths, fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 40 }), (sizes, steps) => {
      const segments = segmentsOfLengths(tickAt(NEW_YEAR), sizes)
      let at: Instant = NEW_YEAR
      let before = windowOf(segments, at, LIVE_WINDOW_TICKS)
      for (const step of steps) {
        at = plusMs(at, step)
        const after = windowOf(segments, at, LIVE_WINDOW_TICKS)
        assert.ok((after[0]?.sequence ?? 0) >= (before[0]?.sequence ?? 0))
        assert.ok((after.at(-1)?.sequence ?? 0) >= (before.at(-1)?.sequence ?? 0))
        assert.ok(after.every((one, index) => index === 0 || one.sequence === (after[index - 1]?.sequence ?? 0) + 1))
        before = after
      }
    }),
  )
})

test('no segment length breaks TARGETDURATION: EXTINF rounds to at most 2', () => {
  for (let ticks = 1; ticks <= 7; ticks += 1) assert.ok(Math.round(Number(secondsText(ticks))) <= TARGET_SECONDS)
  assert.equal(secondsText(6), '1.920')
  assert.equal(secondsText(7), '2.240')
})

test('PROGRAM-DATE-TIME of each segment is the one before plus its duration, exactly', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 60 }), (lengths) => {
      const text = mediaPlaylist({ segments: segmentsOfLengths(tickAt(NEW_YEAR), lengths), airings: [] })
      const dates = [...text.matchAll(/DATE-TIME:(.*)/g)].map((match) => Date.parse(match[1] ?? ''))
      const seconds = [...text.matchAll(/EXTINF:(.*),/g)].map((match) => Math.round(Number(match[1]) * 1000))
      dates.forEach((date, index) => index > 0 && assert.equal(date, (dates[index - 1] ?? 0) + (seconds[index - 1] ?? 0)))
    }),
  )
})

test('a programme is marked once, before the first segment it has in the window', () => {
  const from = tickAt(NEW_YEAR)
  const segments = segmentsOfLengths(from, [6, 6, 4, 6, 6])
  const text = mediaPlaylist({ segments, airings: [airing('Trước', from - 90, from + 16), airing('Sau', from + 16, from + 900)] })
  const lines = text.split('\n')
  assert.equal(lines.filter((line) => line.startsWith('#EXT-X-DATERANGE')).length, 2)
  assert.ok(lines.findIndex((line) => line.includes('"Trước"')) < lines.indexOf('700.m4s'))
  const second = lines.findIndex((line) => line.includes('"Sau"'))
  assert.ok(second > lines.indexOf('702.m4s') && second < lines.indexOf('703.m4s'))
})

test('nothing a person types can start a line or end a quoted string', () => {
  const from = tickAt(NEW_YEAR)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (title) => {
      const text = mediaPlaylist({ segments: segmentsOfLengths(from, [6]), airings: [airing(title, from, from + 6)] })
      const lines = text.split(/\r\n|[\n\r\u2028\u2029]/)
      assert.equal(lines.length, 12)
      assert.equal((lines.find((line) => line.startsWith('#EXT-X-DATERANGE'))?.split('"').length ?? 0) % 2, 1)
    }),
  )
  assert.equal(quotable('a"b\r\nc'), 'a”b c')
})

test('an episode is the same segments with an end', () => {
  const text = mediaPlaylist({ segments: segmentsOfLengths(10, [6, 3]), airings: [], isEnded: true })
  assert.match(text, /#EXT-X-PLAYLIST-TYPE:VOD/)
  assert.match(text, /701\.m4s\n#EXT-X-ENDLIST\n$/)
  assert.doesNotMatch(text, /HOLD-BACK/)
})

test('the multivariant playlist of a TV channel', (t) => {
  const picture = (codec: string, averageBps: number) => ({ codec, averageBps, peakBps: averageBps * 1.5 })
  const text = multivariantPlaylist({
    kind: 'tv',
    language: 'vi',
    query: '?window=600',
    facts: {
      v720: picture('avc1.64001f', 1_400_000),
      v480: picture('avc1.64001e', 700_000),
      v270: picture('avc1.4d4015', 250_000),
      a128: { codec: 'mp4a.40.2', averageBps: 129_000, peakBps: 133_000.4 },
      a64: { codec: 'mp4a.40.2', averageBps: 65_000, peakBps: 67_000 },
    },
  })
  t.assert.fileSnapshot(text, new URL('golden/master-tv.m3u8', import.meta.url).pathname, { serializers: [String] })
})

test('the multivariant playlist of a radio channel has sound only', () => {
  const sound = { codec: 'mp4a.40.2', averageBps: 129_000, peakBps: 133_000 }
  const text = multivariantPlaylist({ kind: 'radio', language: 'vi', query: '', facts: { a128: sound, a64: sound } })
  assert.doesNotMatch(text, /avc1|RESOLUTION|EXT-X-MEDIA/)
  assert.equal(text.match(/EXT-X-STREAM-INF/g)?.length, 2)
})

test('the listing edge falls on a tick', () => {
  assert.equal(listedUntil(instant(320_000)), 1_023)
  assert.equal(listedUntil(instant(320_319)), 1_023)
  assert.equal(listedUntil(instant(320_320)), 1_024)
})
