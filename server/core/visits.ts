import type { VisitStatistics } from '#contract/station.ts'
import { createLocalTime, dayOfText, textOfDay } from './localTime.ts'
import { plusMs, type Instant } from './time.ts'

/**
 * Visits: a device that is active after at least 30 minutes of silence, or for the first time on a calendar day of the station. Devices
 * are told apart by a salted hash that lives for one day, so a visit over midnight is one of either day.
 */
export const IDLE_MS = 30 * 60_000
/** After midnight, activity of the day before still goes to that day; then the day is closed for ever. */
export const LATE_MS = 5 * 60_000

export type Day = string

export type VisitsState = {
  /** By day, by hashed device: when it was active last. */
  readonly active: Map<Day, Map<string, Instant>>
  /** Counted here, not yet in the database. */
  readonly pending: Map<Day, PendingVisits>
}
export type PendingVisits = { readonly visits: number; readonly firstAt: Instant }

export type VisitTotals = {
  readonly days: readonly { readonly day: Day; readonly visits: number }[]
  readonly visits: number
  readonly since: Instant | undefined
}

export const emptyVisits = (): VisitsState => ({ active: new Map(), pending: new Map() })

/** Notes that a device was active on its day; true when that begins a visit. */
export function active(state: VisitsState, { key, day }: { readonly key: string; readonly day: Day }, at: Instant): boolean {
  const devices = state.active.get(day) ?? new Map<string, Instant>()
  state.active.set(day, devices)
  const last = devices.get(key)
  devices.set(key, last === undefined || last < at ? at : last)
  if (last !== undefined && at - last < IDLE_MS) return false
  const pending = state.pending.get(day)
  state.pending.set(day, { visits: (pending?.visits ?? 0) + 1, firstAt: pending?.firstAt ?? at })
  return true
}

/** Forgets devices whose next activity begins a new visit anyway, and all of days that are closed. */
export function forgetIdle(state: VisitsState, openDays: readonly Day[], at: Instant): void {
  for (const [day, devices] of state.active) {
    if (!openDays.includes(day)) state.active.delete(day)
    else for (const [key, last] of devices) if (at - last >= IDLE_MS) devices.delete(key)
  }
}

/** Today, and for a few minutes after midnight yesterday: the days that may still be counted for. */
export function openDaysAt(dayOf: (at: Instant) => Day, at: Instant): readonly Day[] {
  const [today, late] = [dayOf(at), dayOf(plusMs(at, -LATE_MS))]
  return today === late ? [today] : [today, late]
}

/** What is in the database and what is still on its way there, added up. */
export function visitStatisticsOf(
  {
    totals,
    pending,
    carriedOver,
    online,
    dayOf,
  }: {
    readonly totals: VisitTotals
    readonly pending: ReadonlyMap<Day, PendingVisits>
    readonly carriedOver: number
    readonly online: number | null
    readonly dayOf: (at: Instant) => Day
  },
  at: Instant,
): VisitStatistics {
  const days = new Map(totals.days.map(({ day, visits }) => [day, visits]))
  let total = totals.visits
  let since = totals.since
  for (const [day, { visits, firstAt }] of pending) {
    days.set(day, (days.get(day) ?? 0) + visits)
    total += visits
    if (since === undefined || firstAt < since) since = firstAt
  }
  const today = dayOf(at)
  const month = today.slice(0, 7)
  return {
    asOf: at,
    online,
    today: days.get(today) ?? 0,
    yesterday: days.get(dayBefore(today)) ?? 0,
    month: [...days].reduce((sum, [day, visits]) => (day.startsWith(month) ? sum + visits : sum), 0),
    total: total + carriedOver,
    since: since ?? at,
    carriedOver,
  }
}

/** Station-local calendar days, `YYYY-MM-DD`. */
export function daysOf(zone: string): (at: Instant) => Day {
  const local = createLocalTime(zone)
  return (at) => textOfDay(local.dayOf(at))
}

export const dayBefore = (day: Day): Day => textOfDay((dayOfText(day) ?? 0) - 1)
