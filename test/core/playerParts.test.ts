import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backoffMs } from '../../web/src/live/backoff.ts'
import { deviceOf, randomId, tabOf, today } from '../../web/src/live/device.ts'
import { createKeep } from '../../web/src/live/keep.ts'
import { serverMessageOf, socketAddressOf } from '../../web/src/live/messages.ts'
import { correctionOf, offsetOf, raised } from '../../web/src/player/clockwork.ts'
import { landingOf } from '../../web/src/player/goal.ts'
import { isQuality, levelOf, startLevelOf } from '../../web/src/player/levels.ts'
import { pulseOf, STILL } from '../../web/src/player/pulse.ts'
import { recall, remember } from '../../web/src/player/remembered.ts'
import { commandOf } from '../../web/src/player/shortcuts.ts'
import { slateOf, statusWordOf } from '../../web/src/player/slate.ts'
import { fadeOf } from '../../web/src/player/sleep.ts'
import { soundVariantOf, windowFor, withWindow } from '../../web/src/player/source.ts'
import { spanOf } from '../../web/src/player/spoken.ts'
import type { Status } from '../../web/src/player/status.ts'
import { instantAt, keyedTo, shareOf, trackOf } from '../../web/src/player/track.ts'
import { COLUMNS, columnOf, wavePaths, withLevel } from '../../web/src/player/wave.ts'
import { playerVi } from '../../web/src/player/words.ts'
import { playerEn } from '../../web/src/player/wordsEn.ts'

const AT = Date.UTC(2027, 2, 12, 12, 42, 8)
const page = () => createKeep(() => undefined)

test('a device keeps its id for its day and gets another one the next', () => {
  const keep = page()
  const first = deviceOf(keep, '2027-03-12')
  assert.match(first, /^[A-Za-z0-9_-]{22}$/)
  assert.equal(deviceOf(keep, '2027-03-12'), first)
  assert.notEqual(deviceOf(keep, '2027-03-13'), first)
  assert.equal(tabOf(keep), tabOf(keep))
  assert.equal(randomId(new Uint8Array(16).fill(255)), '_____________________w')
  assert.equal(today(new Date(2027, 2, 5)), '2027-03-05')
})

test('where storage is forbidden the page remembers by itself', () => {
  const keep = createKeep(() => {
    throw new Error('SecurityError')
  })
  keep.set('a', '1')
  assert.equal(keep.get('a'), '1')
})

test('reconnecting waits between half a second and a ceiling that doubles up to 30 s', () => {
  assert.deepEqual(
    [1, 2, 3, 6, 20].map((attempt) => backoffMs(attempt, 0)),
    [500, 500, 500, 500, 500],
  )
  assert.deepEqual(
    [1, 2, 3, 6, 20].map((attempt) => backoffMs(attempt, 1)),
    [1_000, 2_000, 4_000, 30_000, 30_000],
  )
})

test('a frame that is not ours is ignored', () => {
  assert.equal(serverMessageOf('<html>'), null)
  assert.equal(serverMessageOf('{"type":"else"}'), null)
  assert.equal(serverMessageOf(new ArrayBuffer(2)), null)
  assert.equal(serverMessageOf('{"type":"packaging","jobs":[]}')?.type, 'packaging')
  assert.equal(socketAddressOf('/ws', 'https://dai.example/tv/ms1'), 'wss://dai.example/ws')
})

test('the clock is corrected by what the server said last late, unless ours is right', () => {
  const bound = raised(raised(null, AT, AT - 89_400), AT + 5_000, AT + 5_000 - 89_900)
  assert.equal(offsetOf({ messages: bound, headers: null }), 89_900)
  assert.equal(offsetOf({ messages: -120, headers: null }), 0)
  assert.equal(offsetOf({ messages: null, headers: -700 }), 0)
  assert.equal(offsetOf({ messages: null, headers: 59_200 }), 59_700)
  assert.equal(offsetOf({ messages: null, headers: null }), 0)
})

test('pictures catch up by 4 %, music never; what is far off is brought back by one seek', () => {
  const seekable = { sinceSeekMs: 60_000 }
  assert.deepEqual(correctionOf({ lagMs: 80, isRadio: false, ...seekable }), { kind: 'none' })
  assert.deepEqual(correctionOf({ lagMs: 600, isRadio: false, ...seekable }), { kind: 'rate', rate: 1.04 })
  assert.deepEqual(correctionOf({ lagMs: -600, isRadio: false, ...seekable }), { kind: 'rate', rate: 0.96 })
  assert.deepEqual(correctionOf({ lagMs: 600, isRadio: true, ...seekable }), { kind: 'none' })
  assert.deepEqual(correctionOf({ lagMs: 9_000, isRadio: true, ...seekable }), { kind: 'seek' })
  assert.deepEqual(correctionOf({ lagMs: 9_000, isRadio: true, sinceSeekMs: 2_000 }), { kind: 'none' })
})

test('a goal is reached within the listing; the clock waits for a fresh playlist', () => {
  const listed = { from: AT - 60_000, to: AT + 6_000 }
  assert.deepEqual(landingOf({ kind: 'clock' }, listed, AT), { instant: AT, isCut: false })
  assert.equal(landingOf({ kind: 'clock' }, { ...listed, to: AT - 2_000 }, AT), null)
  assert.deepEqual(landingOf({ kind: 'instant', instant: AT - 30_000 }, listed, AT), { instant: AT - 30_000, isCut: false })
  assert.deepEqual(landingOf({ kind: 'instant', instant: AT - 300_000 }, listed, AT), { instant: AT - 59_000, isCut: true })
})

test('few windows: the live one, then steps up to two hours', () => {
  assert.deepEqual([10, 40, 41, 240, 241, 2_000, 3_541, 7_000].map(windowFor), [
    undefined,
    undefined,
    300,
    300,
    900,
    3_600,
    7_200,
    7_200,
  ])
  assert.equal(withWindow('/hls/fm/master.m3u8', undefined), '/hls/fm/master.m3u8')
  assert.equal(withWindow('/hls/fm/master.m3u8', 300), '/hls/fm/master.m3u8?window=300')
})

test('the variant without a picture is found by its codecs', () => {
  const master = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a128",URI="a128/live.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a128"',
    'v480/live.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=70000,CODECS="mp4a.40.2",AUDIO="a64"',
    'a64/live.m3u8',
  ]
  const base = 'https://dai.example/hls/ms1/master.m3u8'
  assert.equal(soundVariantOf(master.join('\n'), base), 'https://dai.example/hls/ms1/a64/live.m3u8')
  assert.equal(soundVariantOf(master.slice(0, 4).join('\r\n'), base), null)
})

const LEVELS = [
  { id: 0, height: 720, bitsPerSecond: 2_900_000 },
  { id: 1, height: 480, bitsPerSecond: 1_300_000 },
  { id: 2, height: 270, bitsPerSecond: 560_000 },
]

test('the first level fits the line; saving data and slow lines begin at the poorest', () => {
  assert.equal(startLevelOf(LEVELS, { downlink: 10 }), 0)
  assert.equal(startLevelOf(LEVELS, { downlink: 3 }), 1)
  assert.equal(startLevelOf(LEVELS, {}), 2)
  assert.equal(startLevelOf(LEVELS, { downlink: 10, saveData: true }), 2)
  assert.equal(startLevelOf(LEVELS, { downlink: 10, effectiveType: '2g' }), 2)
})

test('a chosen quality holds on channels that lack it: the next lower one', () => {
  assert.deepEqual(
    (['auto', 'saver', '720', '600', '100'] as const).map((quality) => levelOf(LEVELS, quality)),
    [-1, 2, 0, 1, 2],
  )
  const radio = [
    { id: 0, height: 0, bitsPerSecond: 128_000 },
    { id: 1, height: 0, bitsPerSecond: 64_000 },
  ]
  assert.deepEqual([levelOf(radio, 'saver'), levelOf(radio, '720')], [1, -1])
  assert.deepEqual(['auto', '480', 'best', null].map(isQuality), [true, true, false, false])
})

test('looking four times a second tells play from jumps and sleep', () => {
  const first = pulseOf(STILL, 1_000, 50)
  const second = pulseOf(first, 1_250, 50.25)
  const jumped = pulseOf(second, 1_500, 20)
  const hidden = pulseOf(jumped, 61_500, 80)
  const slept = pulseOf(hidden, 121_500, 80.3)
  assert.equal(first.playedSeconds, 0)
  assert.equal(second.playedSeconds, 0.25)
  assert.equal(jumped.playedSeconds, 0.25)
  assert.equal(hidden.playedSeconds, 60.25)
  assert.deepEqual(
    [second, jumped, hidden, slept].map(({ hasFrozen }) => hasFrozen),
    [false, false, false, true],
  )
})

test('choices are remembered, and nonsense is not', () => {
  const keep = page()
  const choices = { volume: 0.4, isMuted: true, quality: '480', isSoundOnly: true, channel: 'ms1' } as const
  remember(keep, choices)
  assert.deepEqual(recall(keep), choices)
  keep.set('phat-song.player', '{"volume":7,"quality":"<b>","isMuted":1}')
  assert.deepEqual(recall(keep), { volume: 1, isMuted: false, quality: 'auto', isSoundOnly: false, channel: null })
  keep.set('phat-song.player', 'null')
  assert.equal(recall(keep).volume, 1)
})

test('keys with modifiers belong to the browser', () => {
  const key = (name: string, more = {}) => commandOf({ key: name, ctrlKey: false, altKey: false, metaKey: false, ...more })
  assert.deepEqual(
    ['k', 'K', ' ', 'j', 'ArrowLeft', 'l', '?', 'x', 'Enter'].map((name) => key(name)),
    ['play', 'play', 'play', 'back', 'back', 'live', 'help', null, null],
  )
  assert.equal(key('l', { ctrlKey: true }), null)
})

test('the track reaches two hours back, or as far as there is anything, and moves in steps one can hear', () => {
  assert.deepEqual(trackOf(AT, null), { from: AT - 7_200_000, to: AT })
  assert.deepEqual(trackOf(AT, AT - 1_200_000), { from: AT - 1_200_000, to: AT })
  assert.deepEqual(trackOf(AT, AT - 10_000), { from: AT - 600_000, to: AT })
  const track = trackOf(AT, null)
  assert.equal(instantAt(track, shareOf(track, AT - 3_600_000)), AT - 3_600_000)
  assert.equal(keyedTo('ArrowLeft', track, AT), AT - 10_000)
  assert.equal(keyedTo('PageUp', track, AT - 100), AT)
  assert.equal(keyedTo('Home', track, AT), track.from)
  assert.equal(keyedTo('a', track, AT), null)
})

test('the wave weaves what was heard and lays flat what is to come', () => {
  const played = columnOf(15, 0, 30)
  assert.equal(played, COLUMNS / 2)
  const cells = (path: string) => path.split('M').length - 1
  const unheard = wavePaths({ levels: [], played })
  assert.equal(cells(unheard.ahead), COLUMNS / 2)
  const loud = wavePaths({ levels: withLevel(withLevel([], 10, 1), 10, 0.2), played })
  assert.equal(loud.ahead, unheard.ahead)
  assert.equal(unheard.heard, '')
  assert.ok(cells(loud.heard) > 8)
  assert.ok(cells(loud.gone) < cells(unheard.gone))
})

test('sound fades over the last 20 s before sleep', () => {
  assert.deepEqual([60_000, 20_000, 10_000, 0, -5].map(fadeOf), [1, 1, 0.5, 0, 0])
})

const STATES: readonly Status[] = [
  { kind: 'idle' },
  { kind: 'connecting' },
  { kind: 'playing' },
  { kind: 'buffering' },
  { kind: 'paused' },
  { kind: 'behind', seconds: 580 },
  { kind: 'retrying', attempt: 2, seconds: 5 },
  { kind: 'offline' },
  { kind: 'off-air', until: AT },
  { kind: 'blocked', what: 'sound' },
  { kind: 'blocked', what: 'playback' },
  { kind: 'unsupported', what: 'browser' },
  { kind: 'unsupported', what: 'codec' },
  { kind: 'ended' },
]

test('every state that stops the picture has words, in both languages', () => {
  const channel = { name: 'Mường Sương 1', kind: 'tv' } as const
  for (const words of [playerVi, playerEn]) {
    const facts = { channel, opening: 'Bài ca buổi sớm', time: () => '05:00', isSoundOnly: false }
    const silent = STATES.filter((status) => slateOf(status, words, facts) === null && statusWordOf(status, words) === null)
    assert.deepEqual(
      silent.map(({ kind }) => kind),
      ['idle', 'playing', 'blocked'],
    )
  }
  const slate = slateOf({ kind: 'off-air', until: AT }, playerVi, {
    channel,
    opening: 'Bài ca buổi sớm',
    time: () => '05:00',
    isSoundOnly: false,
  })
  assert.equal(slate?.title, 'Mường Sương 1 lên sóng lại lúc 05:00')
  assert.match(slate.text, /^Mở đầu là “Bài ca buổi sớm”\./)
})

test('spans are spoken in whole words', () => {
  assert.equal(spanOf(580, playerVi), '9 phút 40 giây')
  assert.equal(spanOf(3_600, playerVi), '1 giờ')
  assert.equal(spanOf(0, playerEn), '0 s')
})
