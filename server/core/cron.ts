import { Cron, CronPattern } from 'croner'
import { DAY_MS } from './localTime.ts'

/**
 * A cron expression taken apart into a rule for days and the times of such a day, both on the wall. The grammar and the calendar
 * (names, `L`, `W`, `#`, day-of-month AND day-of-week) are croner's; asking it about wall time only, never about a zone, keeps it free
 * of clock changes, which `recurrence.ts` settles by one rule.
 */
export type CronRule = {
  /** Milliseconds after midnight on the wall, ascending. Never empty. */
  readonly times: readonly number[]
  /** The hour, minute and second are lists of values, without `*` or `/`: a programme at a time, not one every so often. */
  readonly isFixedTime: boolean
  isOnDay(day: number): boolean
  /** How many of the rule's days lie before `day`, counted from a fixed day; may be negative. */
  daysBefore(day: number): number
}
export type CompiledCron = { readonly ok: true; readonly rule: CronRule } | { readonly ok: false; readonly message: string }

/** A Monday: weeks are counted from here. */
const FIRST_DAY = Date.UTC(2020, 0, 6) / DAY_MS

export function compileCron(text: string): CompiledCron {
  const fields = text.trim().split(/\s+/)
  if (text.trim() === '' || fields.length < 5 || fields.length > 6) {
    const count = text.trim() === '' ? 0 : fields.length
    return {
      ok: false,
      message: `must have 5 fields (minute hour day month weekday) or 6 (second first); found ${count} in "${text}"`,
    }
  }
  const [second, minute, hour, day, month, weekday] = fields.length === 6 ? fields : ['0', ...fields]
  try {
    const pattern = new CronPattern(text.trim(), 'UTC', { mode: '5-or-6-parts' })
    const days = new Cron(`0 0 0 ${day} ${month} ${weekday}`, { timezone: 'UTC', paused: true, mode: '6-part', domAndDow: true })
    const isOnDay = (at: number): boolean => days.match(new Date(at * DAY_MS))
    const isWeekly = day === '*' && month === '*' && !/[#L+]/i.test(weekday ?? '')
    const isFixedTime = ![second, minute, hour].some((field) => field === undefined || /[*/?]/.test(field))
    return { ok: true, rule: { times: timesOf(pattern), isFixedTime, ...(isWeekly ? weeklyDays(isOnDay) : yearlyDays(isOnDay)) } }
  } catch (error) {
    // croner numbers days and months from 0 in its messages, which would mislead an editor: say the ranges instead.
    const detail = error instanceof Error && error.message.includes('illegal') ? ' or signs that do not belong there' : ''
    const ranges = 'second and minute 0–59, hour 0–23, day 1–31, month 1–12 or JAN–DEC, weekday 0–7 or SUN–SAT'
    return { ok: false, message: `has a value outside its range${detail} (${ranges}); found "${text}"` }
  }
}

function timesOf(pattern: CronPattern): number[] {
  const valuesOf = (marks: readonly number[]) => marks.flatMap((mark, value) => (mark ? [value] : []))
  const [hours, minutes, seconds] = [valuesOf(pattern.hour), valuesOf(pattern.minute), valuesOf(pattern.second)]
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => (h * 3600 + m * 60 + s) * 1000)))
}

/** Rules about weekdays only, the usual kind: seven questions to croner answer for every week. */
function weeklyDays(isOnDay: (day: number) => boolean): Pick<CronRule, 'isOnDay' | 'daysBefore'> {
  const week = Array.from({ length: 7 }, (_, index) => isOnDay(FIRST_DAY + index))
  const before = week.map((_, index) => week.slice(0, index).filter(Boolean).length)
  const perWeek = week.filter(Boolean).length
  const indexOf = (day: number) => (((day - FIRST_DAY) % 7) + 7) % 7
  return {
    isOnDay: (day) => week[indexOf(day)] ?? false,
    daysBefore: (day) => Math.floor((day - FIRST_DAY) / 7) * perWeek + (before[indexOf(day)] ?? 0),
  }
}

/** All other rules repeat by the kind of year: leap or not, and its first weekday. 14 kinds answer for ever. */
function yearlyDays(isOnDay: (day: number) => boolean): Pick<CronRule, 'isOnDay' | 'daysBefore'> {
  const kinds = new Map<number, readonly number[]>()
  const firstDayOf = (year: number) => Date.UTC(year, 0, 1) / DAY_MS
  const daysOf = (year: number): readonly number[] => {
    const [first, length] = [firstDayOf(year), firstDayOf(year + 1) - firstDayOf(year)]
    const kind = length * 7 + (((first % 7) + 7) % 7)
    const known = kinds.get(kind)
    if (known) return known
    const found = Array.from({ length }, (_, index) => index).filter((index) => isOnDay(first + index))
    kinds.set(kind, found)
    return found
  }
  const yearOf = (day: number) => new Date(day * DAY_MS).getUTCFullYear()
  return {
    isOnDay: (day) => daysOf(yearOf(day)).includes(day - firstDayOf(yearOf(day))),
    daysBefore(day) {
      const year = yearOf(day)
      let count = daysOf(year).filter((index) => index < day - firstDayOf(year)).length
      for (let y = 2020; y < year; y++) count += daysOf(y).length
      for (let y = year; y < 2020; y++) count -= daysOf(y).length
      return count
    },
  }
}
