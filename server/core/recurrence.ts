import { compileCron, type CronRule } from './cron.ts'
import { DAY_MS, createLocalTime, dayOfText, wallOfText, type LocalTime } from './localTime.ts'
import type { Occurrence, Slot } from './schedule.ts'
import { plusMs, type Instant, type Span } from './time.ts'

/**
 * The occurrences of one slot. Where clocks change, a programme at a fixed time happens once: at the first of two equal readings, or at
 * the end of the hour that is left out. Something every so often (`*`, `/`) skips what is left out and happens in both repeats.
 */
export type SlotTimes = {
  /** Everything that starts before `span.to` and ends after `span.from`, in order. */
  occurrences(span: Span): readonly Occurrence[]
  /** How many occurrences came before this one, from the slot's first valid day or else from a fixed day; may be negative. */
  ordinalOf(occurrence: Occurrence): number
}

/** Convenient for one question; a planner keeps its `SlotTimes`. */
export function occurrencesOf(slot: Slot, zone: string, span: Span): readonly Occurrence[] {
  return createSlotTimes(slot, createLocalTime(zone)).occurrences(span)
}

/** A slot whose recurrence is refused by `compileCron` has no occurrences; `findingsOf` says why. */
export function createSlotTimes(slot: Slot, local: LocalTime): SlotTimes {
  const starts = slot.when.kind === 'once' ? onceStarts(slot.when.at, local) : cronStarts(slot.when, local)
  const lengthMs = slot.durationSeconds * 1000
  return {
    occurrences: (span) =>
      starts.between(plusMs(span.from, 1 - lengthMs), span.to).map((from) => ({ slot, from, to: plusMs(from, lengthMs) })),
    ordinalOf: (occurrence) => starts.ordinalOf(occurrence.from),
  }
}

/** Starts with from <= start < to. */
type Starts = { between(from: Instant, to: Instant): Instant[]; ordinalOf(start: Instant): number }
const NEVER: Starts = { between: () => [], ordinalOf: () => 0 }

function onceStarts(text: string, local: LocalTime): Starts {
  const wall = wallOfText(text)
  if (wall === null) return NEVER
  const at = local.instantsOf(wall).first
  return { between: (from, to) => (from <= at && at < to ? [at] : []), ordinalOf: () => 0 }
}

function cronStarts(when: Extract<Slot['when'], { kind: 'cron' }>, local: LocalTime): Starts {
  const compiled = compileCron(when.cron)
  if (!compiled.ok) return NEVER
  const { rule } = compiled
  const firstDay = (when.validFrom === undefined ? null : dayOfText(when.validFrom)) ?? Number.NEGATIVE_INFINITY
  const lastDay = (when.validUntil === undefined ? null : dayOfText(when.validUntil)) ?? Number.POSITIVE_INFINITY
  const excluded = new Set(when.excluded.map(dayOfText).filter((day) => day !== null))
  const skipped = [...excluded].filter((day) => rule.isOnDay(day) && firstDay <= day && day <= lastDay)
  const isOnDay = (day: number) => firstDay <= day && day <= lastDay && !excluded.has(day) && rule.isOnDay(day)

  const ofDay = (day: number): Instant[] => {
    if (!isOnDay(day)) return []
    const moments = rule.times.flatMap((time) => momentsOf(day * DAY_MS + time, rule.isFixedTime, local))
    // Two fixed times inside the hour that is left out fall together at its end; repeated hours come back in order of the clock.
    return [...new Set(moments)].sort((a, b) => a - b)
  }
  return {
    between(from, to) {
      // The day before may reach over midnight where midnight itself is left out.
      const first = local.dayOf(from) - 1
      const days = Array.from({ length: local.dayOf(to) - first + 1 }, (_, index) => first + index)
      return days.flatMap(ofDay).filter((at) => from <= at && at < to)
    },
    ordinalOf: (start) => ordinalOf(start, { rule, local, skipped, first: firstDay }),
  }
}

type Counting = {
  readonly rule: CronRule
  readonly local: LocalTime
  readonly skipped: readonly number[]
  readonly first: number
}

function ordinalOf(start: Instant, { rule, local, skipped, first }: Counting): number {
  const wall = local.wallOf(start)
  const day = Math.floor(wall / DAY_MS)
  const origin = Number.isFinite(first) ? rule.daysBefore(first) : 0
  const days = rule.daysBefore(day) - origin - skipped.filter((skippedDay) => skippedDay < day).length
  // A fixed time moved out of a left-out hour counts by the latest time that is not after it: still one per day and in order.
  const index = rule.times.filter((time) => time <= wall - day * DAY_MS).length - 1
  return days * rule.times.length + Math.max(0, index)
}

function momentsOf(wall: number, isFixedTime: boolean, local: LocalTime): readonly Instant[] {
  const reading = local.instantsOf(wall)
  return isFixedTime ? [reading.first] : reading.at
}
