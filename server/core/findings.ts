import { compileCron } from './cron.ts'
import type { Library } from './library.ts'
import { DAY_MS, createLocalTime } from './localTime.ts'
import { assetsOf, materialOf } from './material.ts'
import { createPlanner, type Planner } from './planner.ts'
import type { Finding } from './refusal.ts'
import type { Channel, Occurrence, Play, Schedule, Slot } from './schedule.ts'
import { TICK_MS, type Instant, type Span } from './time.ts'

/**
 * What an editor may want to mend although the schedule can air: nothing here keeps a channel off air, filler and the rule for overlaps
 * see to that. Paths count a channel's slots from 0, as in its file.
 */
export function findingsOf(schedule: Schedule, library: Library, span: Span): Finding[] {
  const planner = createPlanner(schedule)
  const textOf = instantText(schedule)
  return schedule.channels.flatMap((channel) => {
    const slots = schedule.slots.filter((slot) => slot.channel === channel.id)
    const occurrences = planner.occurrencesOf(channel.id, span)
    return [
      ...mediaFindings(channel, { path: `${channel.id}.channel.filler`, play: channel.filler }, library),
      ...slots.flatMap((slot, index) =>
        slotFindings(slot, { schedule, channel, library, planner, path: `${channel.id}.slots[${index}]` }),
      ),
      ...overlapFindings(channel, occurrences, textOf),
      ...gapFindings(channel, { occurrences, span }, textOf),
    ]
  })
}

const instantText = (schedule: Schedule): ((at: Instant) => string) => {
  const local = createLocalTime(schedule.zone)
  return (at) => new Date(local.wallOf(at)).toISOString().slice(0, 19).replace('T', ' ').replace(/:00$/, '')
}

type SlotPlace = {
  readonly schedule: Schedule
  readonly channel: Channel
  readonly library: Library
  readonly planner: Planner
  readonly path: string
}

function slotFindings(slot: Slot, { schedule, channel, library, path }: SlotPlace): Finding[] {
  const unknown = schedule.programmes.some(({ id }) => id === slot.programme)
    ? []
    : [
        {
          code: 'unknown-programme',
          path: `${path}.programme`,
          message: `Slot ${slot.id} names programme "${slot.programme}", which is not declared.`,
        },
      ]
  return [
    ...unknown,
    ...recurrenceFindings(slot, path),
    ...mediaFindings(channel, { path: `${path}.play`, play: slot.play, slot }, library),
    ...lengthFindings(slot, { channel, library, path }),
  ]
}

function recurrenceFindings(slot: Slot, path: string): Finding[] {
  if (slot.when.kind === 'once') return []
  const compiled = compileCron(slot.when.cron)
  if (!compiled.ok)
    return [{ code: 'bad-cron', path: `${path}.cron`, message: `The cron of slot ${slot.id} ${compiled.message}.` }]
  // After 28 years the calendar of leap years and weekdays comes round.
  const [first, last] = [Date.UTC(2020, 0, 1) / DAY_MS, Date.UTC(2048, 0, 1) / DAY_MS]
  if (compiled.rule.daysBefore(last) > compiled.rule.daysBefore(first)) return []
  return [
    {
      code: 'impossible-cron',
      path: `${path}.cron`,
      message: `Slot ${slot.id} never airs: no day fits "${slot.when.cron}" (is there such a day of the month?).`,
    },
  ]
}

type Played = { readonly path: string; readonly play: Play; readonly slot?: Slot }

function mediaFindings(channel: Channel, { path, play, slot }: Played, library: Library): Finding[] {
  const who = slot ? `Slot ${slot.id}` : `The filler of ${channel.id}`
  const assets = assetsOf(play, library)
  if (assets.length === 0) {
    return [
      {
        code: 'unknown-media',
        path,
        message: `${who} plays ${playText(play)}, but there is nothing like that in media/; ${insteadOf(slot)} airs instead.`,
      },
    ]
  }
  if (assets.some((asset) => !asset.isMissing)) return []
  return [
    {
      code: 'missing-media',
      path,
      message: `${who} plays ${playText(play)}, which was in media/ once and is gone; ${insteadOf(slot)} airs instead.`,
    },
  ]
}

const insteadOf = (slot: Slot | undefined): string => (slot ? 'filler' : 'the slate')

function playText(play: Play): string {
  switch (play.kind) {
    case 'file':
      return `the file "${play.path}"`
    case 'folder':
      return `the folder "${play.path}"`
    case 'tag':
      return `files with the tag "${play.tag}"`
    case 'newest':
      return `the newest file of programme "${play.programme}"`
  }
}

/** Less than this much short or long is not worth a word. */
const SLACK_SECONDS = 30

function lengthFindings(slot: Slot, { channel, library, path }: Pick<SlotPlace, 'channel' | 'library' | 'path'>): Finding[] {
  const material = materialOf(slot.play, channel.kind, library)
  if (material.kind !== 'single' || slot.end.kind === 'fill') return []
  const seconds = Math.round((material.clip.ticks * TICK_MS) / 1000)
  const room = slot.durationSeconds + (slot.end.kind === 'run-over' ? slot.end.upToSeconds : 0)
  const what = `Slot ${slot.id} is ${slot.durationSeconds} s long and plays "${material.clip.path}" of ${seconds} s`
  if (seconds > room + SLACK_SECONDS) {
    return [{ code: 'long-material', path: `${path}.length`, message: `${what}: its last ${seconds - room} s are cut off.` }]
  }
  if (seconds < slot.durationSeconds - SLACK_SECONDS) {
    return [
      {
        code: 'short-material',
        path: `${path}.length`,
        message: `${what}: ${slot.durationSeconds - seconds} s of filler follow.`,
      },
    ]
  }
  return []
}

/** Each pair of slots once, at its first overlap. */
function overlapFindings(channel: Channel, occurrences: readonly Occurrence[], textOf: (at: Instant) => string): Finding[] {
  const found = new Map<string, Finding>()
  const running: Occurrence[] = []
  for (const occurrence of occurrences) {
    for (const earlier of running) {
      const pair = `${earlier.slot.id} ${occurrence.slot.id}`
      if (earlier.to <= occurrence.from || earlier.slot.priority !== occurrence.slot.priority || found.has(pair)) continue
      const effect =
        occurrence.slot.start.kind === 'hard'
          ? 'is cut there'
          : occurrence.slot.start.kind === 'soft'
            ? 'is cut about there'
            : 'delays the other'
      found.set(pair, {
        code: 'overlap',
        path: `${channel.id}.${occurrence.slot.id}`,
        message: `${occurrence.slot.id} starts at ${textOf(occurrence.from)} while ${earlier.slot.id} is scheduled until ${textOf(earlier.to)} with the same priority: ${earlier.slot.id} ${effect}.`,
      })
    }
    running.push(occurrence)
  }
  return [...found.values()]
}

/** Each kind of gap once: after which slot, before which. */
function gapFindings(
  channel: Channel,
  { occurrences, span }: { readonly occurrences: readonly Occurrence[]; readonly span: Span },
  textOf: (at: Instant) => string,
): Finding[] {
  const found = new Map<string, Finding>()
  let coveredTo = span.from
  let before = 'the start'
  for (const { slot, from, to } of [...occurrences, { slot: { id: 'the end' }, from: span.to, to: span.to }]) {
    const kind = `${before} ${slot.id}`
    if (from - coveredTo >= TICK_MS && !found.has(kind)) {
      const message = `Nothing is scheduled on ${channel.id} from ${textOf(coveredTo)} to ${textOf(from)} (between ${before} and ${slot.id}): its filler plays.`
      found.set(kind, { code: 'gap', path: `${channel.id}.slots`, message })
    }
    if (to > coveredTo) [coveredTo, before] = [to, slot.id]
  }
  return [...found.values()]
}
