import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findingsOf } from '#core/findings.ts'
import type { Schedule, Slot } from '#core/schedule.ts'
import { instant } from '#core/time.ts'
import { PROGRAMMES, assetOf, channelOf, cronOf, libraryOf, slotOf } from '../support/randomSchedule.ts'

const library = libraryOf([
  assetOf('thoi-su/a.mp4', 5625),
  assetOf('phim/dai.mp4', 9000),
  assetOf('phim/mat.mp4', null, { isMissing: true }),
  assetOf('nen/a.mp4', 100),
])
const whole = slotOf({ id: 'ca-ngay', when: cronOf('0 0 * * *'), durationSeconds: 86_400, priority: -1 })
const findings = (slots: readonly (Partial<Slot> & { readonly id: string })[], schedule: Partial<Schedule> = {}) =>
  findingsOf(
    { zone: 'Asia/Ho_Chi_Minh', channels: [channelOf()], programmes: PROGRAMMES, slots: slots.map(slotOf), ...schedule },
    library,
    { from: instant(Date.parse('2026-11-23T17:00:00Z')), to: instant(Date.parse('2026-11-30T17:00:00Z')) },
  )
const codes = (...args: Parameters<typeof findings>) => findings(...args).map(({ code }) => code)

test('a schedule without anything to mend has no findings', () => {
  assert.deepEqual(findings([whole]), [])
})

test('the 30th of February is told, the 29th is not', () => {
  assert.deepEqual(codes([whole, { id: 'o', when: cronOf('0 7 30 2 *') }]), ['impossible-cron'])
  assert.deepEqual(codes([whole, { id: 'o', when: cronOf('0 7 29 2 *') }]), [])
  assert.deepEqual(codes([whole, { id: 'o', when: cronOf('0 7 31 4,6,9,11 *') }]), ['impossible-cron'])
  assert.deepEqual(codes([whole, { id: 'o', when: cronOf('0 7 1 * MON#2') }]), ['impossible-cron'])
})

test('unknown, missing, long and short material are told with the slot', () => {
  const told = findings([
    whole,
    { id: 'la', when: cronOf('0 7 * * *'), play: { kind: 'file', path: 'phim/khong-co.mp4' } },
    { id: 'mat', when: cronOf('0 8 * * *'), play: { kind: 'file', path: 'phim/mat.mp4' } },
    {
      id: 'dai',
      when: cronOf('0 9 * * *'),
      play: { kind: 'file', path: 'phim/dai.mp4' },
      end: { kind: 'run-over', upToSeconds: 60 },
    },
    { id: 'ngan', when: cronOf('0 10 * * *'), play: { kind: 'file', path: 'phim/dai.mp4' }, durationSeconds: 3600 },
    {
      id: 'lap',
      when: cronOf('0 11 * * *'),
      play: { kind: 'file', path: 'phim/dai.mp4' },
      durationSeconds: 3600,
      end: { kind: 'fill' },
    },
    { id: 'chuong-trinh', when: cronOf('0 13 * * *'), programme: 'chua-khai' },
  ])
  assert.deepEqual(
    told.map(({ code, path }) => `${code} ${path}`),
    [
      'unknown-media muong-suong.slots[1].play',
      'missing-media muong-suong.slots[2].play',
      'long-material muong-suong.slots[3].length',
      'short-material muong-suong.slots[4].length',
      'unknown-programme muong-suong.slots[6].programme',
    ],
  )
  assert.match(
    told[2]?.message ?? '',
    /Slot dai is 1800 s long and plays "phim\/dai\.mp4" of 2880 s: its last 1020 s are cut off\./,
  )
})

test('overlaps of equal priority are told once for each pair, others not at all', () => {
  const told = findings([
    whole,
    { id: 'truoc', when: cronOf('0 7 * * *') },
    { id: 'sau', when: cronOf('15 7 * * *') },
    { id: 'hon', when: cronOf('20 7 * * *'), durationSeconds: 60, priority: 1 },
  ])
  assert.deepEqual(
    told.map(({ message }) => message),
    [
      'sau starts at 2026-11-24 07:15 while truoc is scheduled until 2026-11-24 07:30 with the same priority: truoc is cut there.',
    ],
  )
})

test('gaps are told once for each kind, with local times', () => {
  const told = findings([
    { id: 'sang', when: cronOf('0 0 * * *'), durationSeconds: 6 * 3600 },
    { id: 'ngay', when: cronOf('30 6 * * *'), durationSeconds: 17.5 * 3600 },
  ])
  assert.deepEqual(
    told.map(({ message }) => message),
    ['Nothing is scheduled on muong-suong from 2026-11-24 06:00 to 2026-11-24 06:30 (between sang and ngay): its filler plays.'],
  )
})
