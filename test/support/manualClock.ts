import { instant, type Instant } from '#core/time.ts'
import type { Clock } from '../../server/clock.ts'

export type ManualClock = Clock & {
  /** Time passes: all repeating work that becomes due is done, in order, each before the next. */
  advance(ms: number): Promise<void>
  /** The clock is set: no time passes. */
  set(at: Instant): void
}

export function manualClock(start: Instant): ManualClock {
  type Job = { readonly ms: number; readonly work: () => void | Promise<void>; dueMs: number }
  const jobs = new Set<Job>()
  /** Time that has really passed; `offset` makes it the time of day. */
  let passedMs = 0
  let offset: number = start
  return {
    now: () => instant(passedMs + offset),
    every(ms, work) {
      const job = { ms, work, dueMs: passedMs + ms }
      jobs.add(job)
      return { stop: () => void jobs.delete(job) }
    },
    async advance(ms) {
      const until = passedMs + ms
      for (;;) {
        const next = [...jobs].filter((job) => job.dueMs <= until).sort((a, b) => a.dueMs - b.dueMs)[0]
        if (!next) break
        passedMs = next.dueMs
        next.dueMs += next.ms
        await next.work()
      }
      passedMs = until
    },
    set(at) {
      offset = at - passedMs
    },
  }
}
