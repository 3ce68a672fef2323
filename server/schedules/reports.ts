import type { Library } from '#core/library.ts'
import { DAY_MS, createLocalTime } from '#core/localTime.ts'
import { createPlanner } from '#core/planner.ts'
import type { ChannelId, Occurrence, Play, Schedule, Slot } from '#core/schedule.ts'
import { instantOfTick, plusMs, tickAt, type Instant, type Span } from '#core/time.ts'
import { endText, lengthText, startText } from './words.ts'

/** Rows for the command line, in station time. */
export type Report = { readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** Far enough for the five next airings of what comes once a month; rarer ones show fewer. */
const LOOK_AHEAD_DAYS = [2, 40, 400]
const AIRINGS = 5

export function slotReport(schedule: Schedule, channel: ChannelId, at: Instant): Report {
  const planner = createPlanner(schedule)
  const local = createLocalTime(schedule.zone)
  const slots = schedule.slots.filter((slot) => slot.channel === channel)
  const next = (slot: Slot): readonly Occurrence[] => {
    let found: readonly Occurrence[] = []
    for (const days of LOOK_AHEAD_DAYS) {
      found = planner.occurrencesOfSlot(slot.id, { from: at, to: plusMs(at, days * DAY_MS) }).filter(({ from }) => from >= at)
      if (found.length >= AIRINGS) break
    }
    return found.slice(0, AIRINGS)
  }
  return {
    headings: ['slot', 'when', 'length', 'plays', 'start, end', 'next five airings'],
    rows: slots.map((slot) => [
      slot.id,
      slot.when.kind === 'cron' ? slot.when.cron : slot.when.at,
      lengthText(slot.durationSeconds),
      playText(slot.play),
      `${startText(slot.start)}, ${endText(slot.end)}${slot.priority === 0 ? '' : `, priority ${slot.priority}`}`,
      next(slot)
        .map(({ from }) => shortText(local.wallOf(from)))
        .join(' · ') || 'none',
    ]),
  }
}

/** The rundown as it would air: overlaps settled, late starts and run-overs as the library's lengths make them. */
export function rundownReport(
  schedule: Schedule,
  { channel, library, span }: { readonly channel: ChannelId; readonly library: Library; readonly span: Span },
): Report {
  const local = createLocalTime(schedule.zone)
  const ticks = { from: tickAt(span.from), to: tickAt(span.to) }
  const programmes = new Map(schedule.programmes.map((programme) => [programme.id, programme.title]))
  const timeOf = (at: Instant) => new Date(local.wallOf(at)).toISOString().slice(0, 19).replace('T', ' ')
  return {
    headings: ['from', 'until', 'slot', 'programme', 'plays'],
    rows: createPlanner(schedule)
      .rundownOf({ channel, library, span: ticks })
      .map(({ from, to, run }) => {
        const times = [timeOf(instantOfTick(from)), timeOf(instantOfTick(to)).slice(11)]
        if (!run) return [...times, '–', '', 'the filler of the channel']
        const { slot } = run.occurrence
        return [...times, slot.id, slot.title ?? programmes.get(slot.programme) ?? '', playText(slot.play)]
      }),
  }
}

export function playText(play: Play): string {
  switch (play.kind) {
    case 'file':
      return play.path
    case 'folder':
      return `${play.path}/ ${play.order}`
    case 'tag':
      return `tag ${play.tag} ${play.order}`
    case 'newest':
      return `newest of ${play.programme}`
  }
}

/** `11-23 05:00`. */
function shortText(wall: number): string {
  const text = new Date(wall).toISOString()
  const time = text.slice(17, 19) === '00' ? text.slice(11, 16) : text.slice(11, 19)
  return `${text.slice(5, 10)} ${time}`
}
