import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NOTHING_LOADED, step, type Action, type Event, type Model } from '../../web/src/player/state.ts'
import { statusOf, type Status } from '../../web/src/player/status.ts'

/** Runs events at their instants; returns where it ends and everything that was to be done. */
function run(events: readonly (readonly [at: number, event: Event])[], from: Model = NOTHING_LOADED) {
  let model = from
  const actions: (readonly [at: number, action: Action])[] = []
  for (const [at, event] of events) {
    const next = step(model, event, at)
    model = next.model
    actions.push(...next.actions.map((action) => [at, action] as const))
  }
  return { model, actions, names: actions.map(([, action]) => action) }
}

const load: Event = { kind: 'load', isSilent: false }
const ticks = (from: number, to: number, hasMoved = false) =>
  Array.from({ length: Math.floor((to - from) / 1000) + 1 }, (_, i) => [from + i * 1000, { kind: 'tick', hasMoved }] as const)
const playing = run([
  [0, load],
  [500, { kind: 'playing' }],
]).model
const status = (model: Model, at = 0, more: Partial<Parameters<typeof statusOf>[1]> = {}): Status =>
  statusOf(model, { at, lagSeconds: 0, isBehindByChoice: false, offAir: null, ...more })

test('loading builds a loader and plays; the first moving picture is "playing"', () => {
  const { model, names } = run([
    [0, load],
    [700, { kind: 'playing' }],
  ])
  assert.deepEqual(names, ['rebuild', 'play'])
  assert.deepEqual(status(model), { kind: 'playing' })
})

test('what nobody asked for begins silently and says that there is sound to be had', () => {
  const { model } = run([
    [0, { kind: 'load', isSilent: true }],
    [700, { kind: 'playing' }],
  ])
  assert.deepEqual(status(model), { kind: 'blocked', what: 'sound' })
  assert.deepEqual(status(step(model, { kind: 'sound-wanted' }, 800).model), { kind: 'playing' })
})

test('a browser that refuses sound gets a muted picture; one that refuses that as well waits for a press', () => {
  const muted = run([
    [0, load],
    [100, { kind: 'blocked', what: 'sound' }],
  ])
  assert.deepEqual(muted.names, ['rebuild', 'play', 'play-muted'])
  const refused = step(muted.model, { kind: 'blocked', what: 'playback' }, 200).model
  assert.deepEqual(status(refused), { kind: 'blocked', what: 'playback' })
  assert.deepEqual(step(refused, { kind: 'resume' }, 900).actions, ['reload', 'to-clock', 'play'])
})

test('an outage plays on from the buffer without a word, then counts down, tries, and counts on', () => {
  const failed = run([[1_000, { kind: 'failed', cause: 'network', delayMs: 3_000 }]], playing)
  assert.deepEqual(status(failed.model, 1_000), { kind: 'playing' })
  const dry = step(failed.model, { kind: 'waiting' }, 2_000).model
  assert.deepEqual(status(dry, 2_000), { kind: 'retrying', attempt: 1, seconds: 2 })
  const tried = run(ticks(2_500, 4_500), dry)
  assert.deepEqual(tried.names, ['reload', 'to-clock', 'play'])
  const again = step(tried.model, { kind: 'failed', cause: 'network', delayMs: 4_000 }, 5_000).model
  assert.deepEqual(status(again, 5_000), { kind: 'retrying', attempt: 2, seconds: 4 })
  const back = run(
    [
      [6_000, { kind: 'loaded' }],
      [6_500, { kind: 'playing' }],
    ],
    again,
  ).model
  assert.equal(back.trouble, null)
  assert.deepEqual(status(back), { kind: 'playing' })
})

test('many requests that fail in one outage are one trouble', () => {
  const { model } = run(
    [1_000, 1_200, 1_900].map((at) => [at, { kind: 'failed', cause: 'network', delayMs: 3_000 }] as const),
    playing,
  )
  assert.deepEqual(model.trouble, { attempt: 1, cause: 'network', retryAt: 4_000 })
})

test('after two tries that did not help everything is loaded anew', () => {
  let model = playing
  const names: Action[] = []
  for (let round = 0; round < 3; round += 1) {
    const at = 10_000 * (round + 1)
    const done = run([[at, { kind: 'failed', cause: 'network', delayMs: 1_000 }], ...ticks(at + 1_000, at + 2_000)], model)
    model = done.model
    names.push(...done.names.filter((name) => name === 'reload' || name === 'rebuild'))
  }
  assert.deepEqual(names, ['reload', 'reload', 'rebuild'])
})

test('a decoding fault is recovered at once, but not twice within 5 s', () => {
  const fault: Event = { kind: 'failed', cause: 'media', delayMs: 1_000 }
  const first = run([[10_000, fault]], playing)
  assert.deepEqual(first.names, ['recover-media', 'play'])
  const second = run([[12_000, fault]], first.model)
  assert.deepEqual(second.names, [])
  assert.equal(second.model.trouble?.cause, 'media')
  assert.deepEqual(run(ticks(13_000, 14_000), second.model).names, ['rebuild', 'play'])
  assert.deepEqual(run([[15_001, fault]], first.model).names, ['recover-media', 'play'])
})

test('a picture that stands still is pushed harder and harder, and left alone once it moves', () => {
  const stuck = run(ticks(1_000, 20_000), playing)
  const pushes = stuck.actions.filter(([, name]) => name === 'reload' || name === 'recover-media' || name === 'rebuild')
  assert.deepEqual(pushes, [
    [5_000, 'reload'],
    [10_000, 'recover-media'],
    [16_000, 'rebuild'],
    [20_000, 'reload'],
  ])
  assert.deepEqual(run(ticks(1_000, 20_000, true), playing).names, [])
})

test('a picture that stands still for 1.5 s is buffering even when the browser does not say so', () => {
  assert.deepEqual(status(run(ticks(1_000, 3_000), playing).model), { kind: 'buffering' })
})

test('offline waits without trying, online tries at once', () => {
  const offline = run([[1_000, { kind: 'offline' }], [5_000, { kind: 'waiting' }], ...ticks(6_000, 60_000)], playing)
  assert.deepEqual(offline.names, [])
  assert.deepEqual(status(offline.model), { kind: 'offline' })
  assert.deepEqual(step(offline.model, { kind: 'online' }, 61_000).actions, ['reload', 'to-clock', 'play'])
})

test('a machine that slept loads on and returns to the clock; one that was paused stays paused', () => {
  assert.deepEqual(step(playing, { kind: 'woke' }, 9e6).actions, ['reload', 'to-clock', 'play'])
  const paused = step(playing, { kind: 'paused' }, 1_000).model
  assert.deepEqual(step(paused, { kind: 'woke' }, 9e6).actions, [])
  assert.deepEqual(step(paused, { kind: 'online' }, 9e6).actions, [])
})

test('a missing channel is off air until it is there', () => {
  const { model } = run([
    [0, load],
    [100, { kind: 'failed', cause: 'missing', delayMs: 2_000 }],
  ])
  assert.deepEqual(status(model, 100, { offAir: { until: 5_000 } }), { kind: 'off-air', until: 5_000 })
  assert.deepEqual(run(ticks(2_100, 2_100), model).names, ['rebuild', 'play'])
})

test('behind is said only of those who chose to be', () => {
  assert.deepEqual(status(playing, 0, { lagSeconds: 580, isBehindByChoice: true }), { kind: 'behind', seconds: 580 })
  assert.deepEqual(status(playing, 0, { lagSeconds: 12 }), { kind: 'playing' })
})

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom<Event>(
    { kind: 'playing' },
    { kind: 'waiting' },
    { kind: 'paused' },
    { kind: 'resume' },
    { kind: 'loaded' },
    { kind: 'struggling' },
    { kind: 'retry-now' },
    { kind: 'offline' },
    { kind: 'online' },
    { kind: 'woke' },
    { kind: 'sound-wanted' },
  ),
  fc.record({ kind: fc.constant('tick' as const), hasMoved: fc.boolean() }),
  fc.record({
    kind: fc.constant('failed' as const),
    cause: fc.constantFrom('network' as const, 'media' as const, 'missing' as const),
    delayMs: fc.integer({ min: 500, max: 30_000 }),
  }),
)

test('whatever happened, somebody who wants to watch and is online is helped within 40 s', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), anyEvent), { maxLength: 40 }), (history) => {
      let at = 0
      const events = history.map(([wait, event]) => [(at += wait), event] as const)
      const { model } = run([[0, load], ...events, [at, { kind: 'online' }], [at, { kind: 'resume' }]])
      const { names } = run(ticks(at + 1_000, at + 40_000), model)
      assert.ok(names.includes('play'), JSON.stringify(model))
    }),
  )
})

test('nothing that comes late from a stopped player starts it again', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (late) => {
      const { model, names } = run([[0, load], [1, { kind: 'stop' }], ...late.map((event, i) => [2 + i, event] as const)])
      assert.equal(model.phase, 'idle')
      assert.deepEqual(names, ['rebuild', 'play', 'tear-down'])
    }),
  )
})
