import { instant, type Instant } from './time.ts'

/**
 * Local time of one IANA zone, by the zone data of `Intl`.
 *
 * A *wall reading* is what clocks on the wall show, as milliseconds since 1970-01-01T00:00 of the same calendar; a *day* is a count of
 * local days since 1970-01-01. Both are plain numbers that can be added to; neither says at which instant it happens.
 */
export type LocalTime = {
  readonly zone: string
  wallOf(at: Instant): number
  dayOf(at: Instant): number
  /**
   * When clocks show `wall`: once on an ordinary day; twice while clocks are set back, in order; never inside the hour that is left
   * out when they are set forward.
   */
  instantsOf(wall: number): WallReading
  /** The first instant of a local day; where midnight is left out, the first instant after it. */
  startOfDay(day: number): Instant
}
/** `at`: none, one or two instants. `first`: the first of them, else the first after what was left out. */
export type WallReading = { readonly at: readonly Instant[]; readonly first: Instant }

export const DAY_MS = 86_400_000

/** `2026-02-28` → days since 1970-01-01, or null when there is no such day. */
export function dayOfText(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / DAY_MS
  return textOfDay(day) === text ? day : null
}

export const textOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** `2026-12-31T23:55` or `…:55:30` → wall reading, or null when there is no such day or time. */
export function wallOfText(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text)
  const day = match?.[1] === undefined ? null : dayOfText(match[1])
  if (!match || day === null) return null
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)]
  return hours > 23 || minutes > 59 || seconds > 59 ? null : day * DAY_MS + (hours * 3600 + minutes * 60 + seconds) * 1000
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Making one is slow (some 50 µs); keep it beside the schedule it serves. Throws RangeError for a zone that does not exist. */
export function createLocalTime(zone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsetsAtMidnight = new Map<number, number>()

  const measureOffset = (at: number): number => {
    const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = (format.format(at).match(/\d+/g) ?? []).map(
      Number,
    )
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }
  const offsetAtMidnight = (utcDay: number): number => {
    const known = offsetsAtMidnight.get(utcDay)
    if (known !== undefined) return known
    const offset = measureOffset(utcDay * DAY_MS)
    offsetsAtMidnight.set(utcDay, offset)
    return offset
  }
  // No zone changes its clocks twice within a day, so equal offsets at both ends of a UTC day mean that it is an ordinary one.
  const offsetAt = (at: number): number => {
    const day = Math.floor(at / DAY_MS)
    const offset = offsetAtMidnight(day)
    return offset === offsetAtMidnight(day + 1) ? offset : measureOffset(at)
  }
  const transitionBetween = (low: number, high: number): number => {
    const before = offsetAt(low)
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetAt(middle) === before) low = middle
      else high = middle
    }
    return high
  }

  const instantsOf = (wall: number): WallReading => {
    // Offsets lie within ±14 h: the readings of any wall time lie between these two instants.
    const [earliest, latest] = [wall - 14 * 3_600_000, wall + 14 * 3_600_000]
    const [before, after] = [offsetAt(earliest), offsetAt(latest)]
    if (before === after) return { at: [instant(wall - before)], first: instant(wall - before) }
    const found = [wall - before, wall - after].filter((at) => at + offsetAt(at) === wall).sort((a, b) => a - b)
    const [first = transitionBetween(earliest, latest)] = found
    return { at: found.map(instant), first: instant(first) }
  }

  return {
    zone,
    wallOf: (at) => at + offsetAt(at),
    dayOf: (at) => Math.floor((at + offsetAt(at)) / DAY_MS),
    instantsOf,
    startOfDay: (day) => instantsOf(day * DAY_MS).first,
  }
}
