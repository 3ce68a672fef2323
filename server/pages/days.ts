import { instant, type Instant } from '#core/time.ts'

/** Local calendar days, `YYYY-MM-DD`, of the station's zone. */
const DAY_MS = 86_400_000
const DAY = /^\d{4}-\d{2}-\d{2}$/

export type Days = {
  dayOf(at: Instant): string
  /** First instant of the day: midnight, or the first minute after a night without one. */
  startOf(day: string): Instant
  plus(day: string, count: number): string
}

export function createDays(zone: string): Days {
  const clock = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const dayOf = (at: number) => clock.format(at)
  return {
    dayOf,
    startOf(day) {
      // Zones lie within −12 h … +14 h of UTC, so that local midnight is within this stretch; halve it down to a millisecond.
      let before = utcOf(day) - 15 * 3_600_000
      let after = utcOf(day) + 13 * 3_600_000
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2)
        if (dayOf(middle) < day) before = middle
        else after = middle
      }
      return instant(after)
    },
    plus: (day, count) => new Date(utcOf(day) + count * DAY_MS).toISOString().slice(0, 10),
  }
}

/** A day that exists: `2027-02-30` does not. */
export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(utcOf(text)) && new Date(utcOf(text)).toISOString().slice(0, 10) === text
}

const utcOf = (day: string) => Date.parse(`${day}T00:00:00Z`)
