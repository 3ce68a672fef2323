import { instant, type Instant } from '#core/time.ts'

/** The only way to the time of day and to repeating work; a rehearsal passes one that runs at another speed. */
export type Clock = {
  now(): Instant
  /** Runs `work` every `ms` of this clock until `stop`; a run that is still going is not started again. */
  every(ms: number, work: () => void | Promise<void>): { stop(): void }
}

export const systemClock: Clock = clockFrom(() => instant(Date.now()), 1)

/** Stands at `from` until `go`, then runs `speed` times as fast as the machine's clock. */
export function rehearsalClock(from: Instant, speed: number): Clock & { go(): void } {
  let startedMs: number | undefined
  const now = () => instant(startedMs === undefined ? from : from + (performance.now() - startedMs) * speed)
  return { ...clockFrom(now, speed), go: () => (startedMs = performance.now()) }
}

function clockFrom(now: () => Instant, speed: number): Clock {
  return {
    now,
    every(ms, work) {
      let isStopped = false
      let timer: NodeJS.Timeout
      const run = async () => {
        try {
          await work()
        } finally {
          if (!isStopped) timer = setTimeout(() => void run(), ms / speed)
        }
      }
      timer = setTimeout(() => void run(), ms / speed)
      return {
        stop() {
          isStopped = true
          clearTimeout(timer)
        },
      }
    },
  }
}
