import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guideOf } from '#core/guide.ts'
import { createPlanner } from '#core/planner.ts'
import type { Slot } from '#core/schedule.ts'
import { slicesOf } from '#core/slicing.ts'
import { TICK_MS, instant, instantOfTick, plusTicks, tickAt } from '#core/time.ts'
import { CHANNEL, PROGRAMMES, assetOf, channelOf, cronOf, libraryOf, slotOf } from '../support/randomSchedule.ts'

/** The one rule for overlaps, clause by clause. Times are minutes after 7 o'clock UTC; each slot plays files of its own folder. */
const SEVEN = tickAt(instant(Date.parse('2026-07-15T07:00:00Z')))
const MINUTE_TICKS = 60_000 / TICK_MS
const fileOf = (path: string, minutes: number) => assetOf(path, Math.round(minutes * MINUTE_TICKS))

type Written = Partial<Slot> & { readonly id: string; readonly at: number; readonly minutes: number }
const written = ({ at, minutes, ...slot }: Written): Slot =>
  slotOf({
    when: cronOf(`${at % 60} ${7 + Math.floor(at / 60)} * * *`),
    durationSeconds: minutes * 60,
    play: { kind: 'folder', path: slot.id, order: 'in-order' },
    ...slot,
  })

/** `a 0–10 b 10–30`: who is on air between which minutes; `–` where nothing is scheduled. */
function onAirText(slots: readonly Written[], files: readonly (readonly [path: string, minutes: number])[], until = 60): string {
  const schedule = { zone: 'UTC', channels: [channelOf()], programmes: PROGRAMMES, slots: slots.map(written) }
  const library = libraryOf(files.map(([path, minutes]) => fileOf(path, minutes)))
  const span = { from: SEVEN, to: plusTicks(SEVEN, until * MINUTE_TICKS) }
  const timeline = createPlanner(schedule).timelineOf({ channel: CHANNEL, library, span })
  const minuteOf = (at: number) => Math.round(((at - instantOfTick(SEVEN)) / 60_000) * 10) / 10
  return guideOf({ channel: channelOf(), slices: [], timeline, at: instantOfTick(SEVEN) })
    .map((entry) => `${entry.programme === null ? '–' : entry.id.split('@')[0]} ${minuteOf(entry.from)}–${minuteOf(entry.to)}`)
    .join('  ')
}
const hour = (folder: string) => [[`${folder}/a.mp4`, 60]] as const

test('the higher priority is on air; what it covers is back after it', () => {
  const slots = [
    { id: 'a', at: 0, minutes: 30 },
    { id: 'b', at: 10, minutes: 5, priority: 1 },
  ]
  assert.equal(onAirText(slots, [...hour('a'), ...hour('b')], 40), 'a 0–10  b 10–15  a 15–30  – 30–40')
})

test('of equal priority the later start ends the earlier for good', () => {
  const slots = [
    { id: 'a', at: 0, minutes: 30 },
    { id: 'b', at: 10, minutes: 5 },
  ]
  assert.equal(onAirText(slots, [...hour('a'), ...hour('b')], 40), 'a 0–10  b 10–15  – 15–40')
})

test('starting together, the hard start wins, then the id that comes first', () => {
  const files = [...hour('a'), ...hour('b')]
  const soft = { start: { kind: 'soft', withinSeconds: 0 } } as const
  assert.equal(
    onAirText(
      [
        { id: 'b', at: 0, minutes: 30 },
        { id: 'a', at: 0, minutes: 30 },
      ],
      files,
      30,
    ),
    'a 0–30',
  )
  assert.equal(
    onAirText(
      [
        { id: 'b', at: 0, minutes: 30 },
        { id: 'a', at: 0, minutes: 30, ...soft },
      ],
      files,
      30,
    ),
    'b 0–30',
  )
})

test('a soft start waits for the file before it, at most as long as it may, and not for filler', () => {
  const soft = (seconds: number) => ({ id: 'b', at: 10, minutes: 20, start: { kind: 'soft', withinSeconds: seconds } }) as const
  const a = { id: 'a', at: 0, minutes: 30 }
  assert.equal(onAirText([a, soft(300)], [['a/a.mp4', 12], ...hour('b')], 40), 'a 0–12  b 12–30  – 30–40')
  assert.equal(onAirText([a, soft(60)], [['a/a.mp4', 12], ...hour('b')], 40), 'a 0–11  b 11–30  – 30–40')
  const single = { ...a, play: { kind: 'file', path: 'a/a.mp4' } } as const
  assert.equal(onAirText([single, soft(300)], [['a/a.mp4', 8], ...hour('b')], 40), 'a 0–10  b 10–30  – 30–40')
})

test('what follows the previous starts when that has ended, however late, and keeps its length', () => {
  const slots = [
    { id: 'a', at: 0, minutes: 25 },
    { id: 'b', at: 10, minutes: 10, start: { kind: 'after-previous' } },
    { id: 'c', at: 20, minutes: 10, start: { kind: 'after-previous' } },
  ] as const
  assert.equal(onAirText(slots, [...hour('a'), ...hour('b'), ...hour('c')]), 'a 0–25  b 25–35  c 35–45  – 45–60')
})

test('what waits while another of its priority starts has missed its turn', () => {
  const slots = [
    { id: 'a', at: 0, minutes: 25 },
    { id: 'b', at: 10, minutes: 10, start: { kind: 'after-previous' } },
    { id: 'c', at: 20, minutes: 10 },
  ] as const
  assert.equal(onAirText(slots, [...hour('a'), ...hour('b'), ...hour('c')], 40), 'a 0–20  c 20–30  – 30–40')
})

test('what waits until its own slot comes round again has missed its turn', () => {
  const slots = [
    { id: 'a', at: 0, minutes: 25 },
    { id: 'b', at: 0, minutes: 5, when: cronOf('5,15 7 * * *'), start: { kind: 'after-previous' } },
  ] as const
  assert.equal(onAirText(slots, [...hour('a'), ...hour('b')], 40), 'a 0–25  b 25–30  – 30–40')
})

test('a file may run over, at most as long as it may', () => {
  const over = (seconds: number) => ({ id: 'a', at: 0, minutes: 10, end: { kind: 'run-over', upToSeconds: seconds } }) as const
  assert.equal(onAirText([over(300)], [['a/a.mp4', 12]], 20), 'a 0–12  – 12–20')
  assert.equal(onAirText([over(60)], [['a/a.mp4', 12]], 20), 'a 0–11  – 11–20')
  assert.equal(onAirText([over(300)], [['a/a.mp4', 5]], 20), 'a 0–10  – 10–20')
})

test('any hard start ends what runs over, even one of a lower priority', () => {
  const slots = [
    { id: 'a', at: 0, minutes: 10, end: { kind: 'run-over', upToSeconds: 600 }, priority: 3 },
    { id: 'b', at: 12, minutes: 8 },
  ] as const
  assert.equal(onAirText(slots, [['a/a.mp4', 18], ...hour('b')], 20), 'a 0–12  b 12–20')
})

test('a late single file goes on to its end; a late list ends as scheduled', () => {
  const before = { id: 'a', at: 0, minutes: 10, end: { kind: 'run-over', upToSeconds: 600 } } as const
  const single = {
    id: 'b',
    at: 10,
    minutes: 20,
    start: { kind: 'soft', withinSeconds: 600 },
    play: { kind: 'file', path: 'b/a.mp4' },
  } as const
  assert.equal(
    onAirText(
      [before, single],
      [
        ['a/a.mp4', 14],
        ['b/a.mp4', 19],
      ],
      40,
    ),
    'a 0–14  b 14–33  – 33–40',
  )
  assert.equal(
    onAirText(
      [before, { ...single, play: { kind: 'folder', path: 'b', order: 'in-order' } }],
      [
        ['a/a.mp4', 14],
        ['b/a.mp4', 19],
      ],
      40,
    ),
    'a 0–14  b 14–30  – 30–40',
  )
})

test('what is scheduled of a time with nothing to play keeps its time, with filler', () => {
  assert.equal(onAirText([{ id: 'a', at: 5, minutes: 10 }], [['nen/a.mp4', 3]], 20), '– 0–5  a 5–15  – 15–20')
})

test('an airing that is partly in the as-run log and partly planned is one entry, with its real times', () => {
  const schedule = {
    zone: 'UTC',
    channels: [channelOf()],
    programmes: PROGRAMMES,
    slots: [written({ id: 'a', at: 0, minutes: 30 })],
  }
  const library = libraryOf([fileOf('a/a.mp4', 7)])
  const timeline = createPlanner(schedule).timelineOf({
    channel: CHANNEL,
    library,
    span: { from: SEVEN, to: plusTicks(SEVEN, 60 * MINUTE_TICKS) },
  })
  const slices = slicesOf(timeline, { tick: SEVEN, sequence: 0 }, plusTicks(SEVEN, 10 * MINUTE_TICKS))
  const at = instantOfTick(plusTicks(SEVEN, 9 * MINUTE_TICKS))
  for (const known of [slices, slices.slice(1)]) {
    const guide = guideOf({ channel: channelOf(), slices: known, timeline, at })
    assert.deepEqual(
      guide.map(({ id, state, from }) => [id.replace(/@.*/, ''), state, from]),
      [
        ['a', 'on-air', instantOfTick(SEVEN)],
        ['gap', 'planned', instantOfTick(plusTicks(SEVEN, 30 * MINUTE_TICKS))],
      ],
    )
  }
  const three = slicesOf(timeline, { tick: SEVEN, sequence: 0 }, plusTicks(SEVEN, 20 * MINUTE_TICKS))
  const withHole = guideOf({ channel: channelOf(), slices: three.filter((_, index) => index !== 1), timeline, at })
  assert.deepEqual(
    withHole.map(({ id }) => id.includes('+')),
    [false, true, false],
  )
})
