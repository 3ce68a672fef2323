import type { PackagingJob } from '#contract/socket.ts'
import type { ChannelKind } from '#core/schedule.ts'

/** What is shown of packaging: one entry for each file and form, in the order of `PackagingJob`'s states. */
export type JobBoard = {
  set(path: string, form: ChannelKind, change: Partial<Omit<PackagingJob, 'path' | 'form'>>): void
  remove(path: string, form: ChannelKind): void
  get(path: string, form: ChannelKind): PackagingJob | undefined
  all(): readonly PackagingJob[]
  /** Told of the changed job, at most twice a second for one that only gets on. */
  onProgress(listener: (job: PackagingJob) => void): () => void
}

const ORDER: readonly PackagingJob['state'][] = ['packaging', 'verifying', 'measuring', 'waiting', 'failed', 'cancelled', 'ready']
/** Of those that are done, so many are remembered. */
const KEPT_READY = 100
const QUIET_MS = 500

export function createJobBoard(): JobBoard {
  const jobs = new Map<string, PackagingJob>()
  const told = new Map<string, number>()
  const listeners = new Set<(job: PackagingJob) => void>()
  const keyOf = (path: string, form: ChannelKind): string => `${form} ${path}`

  return {
    set(path, form, change) {
      const key = keyOf(path, form)
      const before = jobs.get(key)
      const job = { ...(before ?? BLANK), path, form, ...change }
      if (change.state === 'ready') jobs.delete(key) // to the end: the oldest are dropped first
      jobs.set(key, job)
      const ready = [...jobs].filter(([, { state }]) => state === 'ready')
      for (const [old] of ready.slice(0, Math.max(0, ready.length - KEPT_READY))) jobs.delete(old)
      const isNews = before?.state !== job.state || before.reason !== job.reason
      const nowMs = performance.now()
      if (!isNews && nowMs - (told.get(key) ?? -Infinity) < QUIET_MS) return
      told.set(key, nowMs)
      for (const listener of listeners) listener(job)
    },
    remove(path, form) {
      jobs.delete(keyOf(path, form))
      told.delete(keyOf(path, form))
    },
    get: (path, form) => jobs.get(keyOf(path, form)),
    all: () => [...jobs.values()].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)),
    onProgress(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const BLANK = { state: 'waiting', percent: 0, speed: null, secondsLeft: null, reason: null } as const
