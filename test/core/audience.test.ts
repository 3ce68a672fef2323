import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  AUDIENCE_RULES,
  beat,
  bye,
  countsOf,
  emptyAudience,
  expire,
  type AudienceState,
  type Beat,
} from '../../server/core/audience.ts'
import { emptyNative, expireNative, nativeEstimate, sawBeat, sawSegment } from '../../server/core/audienceNative.ts'
import { resumed, snapshotOf } from '../../server/core/audienceSnapshot.ts'
import { instant, type Instant } from '../../server/core/time.ts'

const START = instant(Date.UTC(2026, 5, 1, 5, 0, 0))
const at = (seconds: number): Instant => instant(START + seconds * 1000)
const CHANNELS = ['tv', 'radio']
/** A state whose warm-up is over. */
const warm = (): AudienceState => emptyAudience(at(-60))
const playing: Beat = {
  device: 'device-1',
  tab: 'tab-1',
  address: 'address-1',
  channel: 'tv',
  state: 'playing',
  mediaSeconds: 0,
  isHidden: false,
  isMuted: false,
}
/** Plays from `from` to `to`, beating every `every` seconds. */
function play(state: AudienceState, from: number, to: number, over: Partial<Beat> = {}, every = 15): void {
  for (let s = from; s <= to; s += every) beat(state, { ...playing, mediaSeconds: 1000 + s, ...over }, at(s))
}
const on = (state: AudienceState, seconds: number) => countsOf(state, CHANNELS, at(seconds)).channels

describe('audience of a channel', () => {
  test('counts a device from its second beat with moving media until 45 s after its last', () => {
    const state = warm()
    play(state, 0, 0)
    assert.deepEqual(on(state, 1), { tv: 0, radio: 0 })
    play(state, 15, 30)
    assert.deepEqual(on(state, 30), { tv: 1, radio: 0 })
    assert.equal(on(state, 74.9).tv, 1)
    assert.equal(on(state, 75).tv, 0)
  })

  test('counts three tabs of a device once', () => {
    const state = warm()
    for (const tab of ['a', 'b', 'c']) play(state, 0, 15, { tab })
    assert.equal(on(state, 20).tv, 1)
    bye(state, { device: 'device-1', tab: 'c' })
    bye(state, { device: 'device-1', tab: 'a' })
    assert.equal(on(state, 20).tv, 1)
    bye(state, { device: 'device-1', tab: 'b' })
    assert.equal(on(state, 20).tv, 0)
  })

  test('counts a device that plays two channels for the one it began last', () => {
    const state = warm()
    play(state, 0, 15, { tab: 'a' })
    play(state, 16, 31, { tab: 'b', channel: 'radio' })
    play(state, 30, 30, { tab: 'a' })
    assert.deepEqual(on(state, 32), { tv: 0, radio: 1 })
    bye(state, { device: 'device-1', tab: 'b' })
    assert.deepEqual(on(state, 32), { tv: 1, radio: 0 })
  })

  test('a change of channel leaves the old one at once', () => {
    const state = warm()
    play(state, 0, 30)
    beat(state, { ...playing, channel: 'radio', mediaSeconds: 0 }, at(31))
    assert.deepEqual(on(state, 31), { tv: 0, radio: 0 })
    beat(state, { ...playing, channel: 'radio', mediaSeconds: 15 }, at(46))
    assert.deepEqual(on(state, 46), { tv: 0, radio: 1 })
  })

  for (const stopped of ['paused', 'ended', 'idle'] as const) {
    test(`drops a device at once when it is ${stopped}`, () => {
      const state = warm()
      play(state, 0, 30)
      beat(state, { ...playing, state: stopped, mediaSeconds: 1031 }, at(31))
      assert.equal(on(state, 31).tv, 0)
      assert.equal(countsOf(state, CHANNELS, at(31)).online, 1)
    })
  }

  test('media that stands still or creeps does not count, half speed does', () => {
    for (const [speed, count] of [
      [0, 0],
      [0.49, 0],
      [0.5, 1],
      [1, 1],
      [1.05, 1],
    ] as const) {
      const state = warm()
      for (const s of [0, 15, 30]) beat(state, { ...playing, mediaSeconds: 500 + s * speed }, at(s))
      assert.equal(on(state, 31).tv, count, `speed ${speed}`)
    }
  })

  test('a stall is not leaving, but is no reason to stay either', () => {
    const state = warm()
    play(state, 0, 30)
    beat(state, { ...playing, state: 'buffering', mediaSeconds: 1031 }, at(31))
    assert.equal(on(state, 40).tv, 1)
    beat(state, { ...playing, mediaSeconds: 1031 }, at(41))
    assert.equal(on(state, 42).tv, 1)
    beat(state, { ...playing, mediaSeconds: 1046 }, at(56))
    assert.equal(on(state, 100).tv, 1)
    for (let s = 57; s < 200; s += 15) beat(state, { ...playing, state: 'buffering', mediaSeconds: 1046 }, at(s))
    assert.equal(on(state, 101).tv, 0)
  })

  test('going back in time keeps a viewer', () => {
    const state = warm()
    play(state, 0, 30)
    beat(state, { ...playing, mediaSeconds: 1010 }, at(45))
    assert.equal(on(state, 46).tv, 1)
    beat(state, { ...playing, mediaSeconds: 1025 }, at(60))
    assert.equal(on(state, 104).tv, 1)
  })

  test('a hidden page that sounds counts, with two minutes of patience; a hidden and muted one does not', () => {
    const state = warm()
    play(state, 0, 120, { channel: 'radio', isHidden: true }, 60)
    assert.equal(on(state, 239).radio, 1)
    assert.equal(on(state, 240).radio, 0)
    const muted = warm()
    play(muted, 0, 30)
    beat(muted, { ...playing, mediaSeconds: 1032, isHidden: true, isMuted: true }, at(32))
    assert.equal(on(muted, 33).tv, 0)
    play(muted, 40, 55, { isMuted: true })
    assert.equal(on(muted, 56).tv, 1, 'muted but seen')
  })

  test('a page that is hidden between two beats does not fall out before its next one', () => {
    const state = warm()
    play(state, 0, 30)
    beat(state, { ...playing, mediaSeconds: 1032, isHidden: true }, at(32))
    assert.equal(on(state, 91).tv, 1)
    beat(state, { ...playing, mediaSeconds: 1092, isHidden: true }, at(92))
    assert.equal(on(state, 93).tv, 1)
  })

  test('beats that hurry neither count nor keep a lease', () => {
    const state = warm()
    for (let s = 0; s < 2.9; s += 0.1) beat(state, { ...playing, mediaSeconds: s * 100 }, at(s))
    assert.equal(on(state, 3).tv, 0)
  })

  test('one address cannot have more devices than the published cap', () => {
    const state = warm()
    for (let n = 0; n < 5_000; n += 1) play(state, 0, 30, { device: `forged-${n}` })
    play(state, 0, 30, { device: 'honest', address: 'address-2' })
    assert.equal(on(state, 31).tv, AUDIENCE_RULES.devicesPerAddress + 1)
    assert.equal(state.devices.size, AUDIENCE_RULES.devicesPerAddress + 1)
    expire(state, at(400))
    assert.equal(state.byAddress.size, 0)
  })

  test('a device that changes its network stays one', () => {
    const state = warm()
    play(state, 0, 15)
    play(state, 30, 45, { address: 'address-2' })
    assert.equal(on(state, 46).tv, 1)
    assert.deepEqual([...state.byAddress.keys()], ['address-2'])
  })

  test('tabs without end cost nothing', () => {
    const state = warm()
    for (let n = 0; n < 500; n += 1) beat(state, { ...playing, tab: `t${n}` }, at(0))
    assert.equal(state.devices.get('device-1')?.tabs.size, AUDIENCE_RULES.tabsPerDevice)
  })
})

describe('devices on the site', () => {
  test('any beat counts for five minutes, whatever it plays', () => {
    const state = warm()
    beat(state, { ...playing, channel: null, state: 'idle' }, at(0))
    play(state, 10, 40, { device: 'device-2' })
    assert.equal(countsOf(state, CHANNELS, at(299)).online, 2)
    assert.equal(countsOf(state, CHANNELS, at(300)).online, 1)
    expire(state, at(340))
    assert.equal(state.devices.size, 0)
  })
})

describe('restart', () => {
  test('nobody knows for one lease, then those who came back count', () => {
    const state = emptyAudience(at(0))
    play(state, 0, 45)
    assert.deepEqual(countsOf(state, CHANNELS, at(44)), { online: null, channels: { tv: null, radio: null } })
    assert.deepEqual(countsOf(state, CHANNELS, at(45)), { online: 1, channels: { tv: 1, radio: 0 } })
  })

  test('a fresh snapshot, through JSON, counts at once and gives one lease to come back', () => {
    const before = warm()
    play(before, 0, 30)
    play(before, 0, 30, { device: 'gone' })
    const snapshot = JSON.parse(JSON.stringify(snapshotOf(before, at(40))))
    const state = resumed(snapshot, at(60))
    assert.equal(on(state, 61).tv, 2)
    // Its media stood still while the server was away: that is not held against it.
    beat(state, { ...playing, mediaSeconds: 1031 }, at(80))
    beat(state, { ...playing, mediaSeconds: 1046 }, at(95))
    assert.equal(on(state, 104).tv, 2)
    assert.equal(on(state, 106).tv, 1)
  })

  test('who comes back late has until its next beat', () => {
    const before = warm()
    play(before, 0, 30)
    const state = resumed(snapshotOf(before, at(40)), at(60))
    beat(state, { ...playing, mediaSeconds: 1085 }, at(100))
    assert.equal(on(state, 114).tv, 1, 'the lease of the restart ended at 105')
    beat(state, { ...playing, mediaSeconds: 1100 }, at(115))
    assert.equal(on(state, 159).tv, 1)
    const silent = resumed(snapshotOf(before, at(40)), at(60))
    for (const s of [100, 101, 102, 140]) beat(silent, { ...playing, mediaSeconds: 1085 }, at(s))
    assert.equal(on(silent, 146).tv, 0, 'once only')
  })

  test('an old snapshot says nothing', () => {
    const before = warm()
    play(before, 0, 30)
    const state = resumed(snapshotOf(before, at(40)), at(400))
    assert.deepEqual(countsOf(state, CHANNELS, at(401)), { online: null, channels: { tv: null, radio: null } })
    assert.equal(countsOf(state, CHANNELS, at(445)).online, 0)
  })
})

test('any sequence of beats: 0 <= audience of all channels together <= online <= devices', () => {
  const event = fc.record({
    wait: fc.integer({ min: 0, max: 90 }),
    device: fc.integer({ min: 0, max: 5 }).map((n) => `d${n}`),
    tab: fc.constantFrom('a', 'b'),
    address: fc.constantFrom('x', 'y'),
    channel: fc.constantFrom('tv', 'radio', null),
    state: fc.constantFrom('playing', 'playing', 'playing', 'paused', 'buffering', 'ended', 'idle' as const),
    mediaSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
    isHidden: fc.boolean(),
    isMuted: fc.boolean(),
    isBye: fc.boolean(),
    isRestart: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      let state = warm()
      let now = 0
      for (const { wait, isBye, isRestart, ...one } of events) {
        now += wait
        if (isBye) bye(state, one)
        else beat(state, one as Beat, at(now))
        if (isRestart) state = resumed(snapshotOf(state, at(now)), at(now + 1))
        expire(state, at(now))
        const { online, channels } = countsOf(state, CHANNELS, at(now + 1))
        const sum = Object.values(channels).reduce<number>((total, count) => total + (count ?? 0), 0)
        assert.ok(online !== null && sum >= 0 && sum <= online && online <= 6)
      }
    }),
  )
})

describe('native players, for the staff', () => {
  test('are those who fetch segments and do not beat', () => {
    const state = emptyNative()
    for (let s = 0; s < 30; s += 2) {
      sawSegment(state, { channel: 'tv', address: 'x', userAgent: 'VLC/3' }, at(s))
      sawSegment(state, { channel: 'tv', address: 'x', userAgent: 'Browser' }, at(s))
    }
    sawSegment(state, { channel: 'tv', address: 'y', userAgent: 'link preview' }, at(29))
    sawBeat(state, { address: 'x', userAgent: 'Browser' }, at(10))
    assert.equal(nativeEstimate(state, 'tv', at(30)), 1)
    assert.equal(nativeEstimate(state, 'radio', at(30)), 0)
    assert.equal(nativeEstimate(state, 'tv', at(60)), 0)
    expireNative(state, at(400))
    assert.equal(state.seen.size + state.beating.size, 0)
  })
})
