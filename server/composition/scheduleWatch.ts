import type { Clock } from '../clock.ts'
import type { StoredSchedule } from '../schedules/store.ts'

/** Another program (`npm run schedule -- import`) or another machine may publish a schedule: it is on the guide within two seconds. */
export function scheduleWatch({
  clock,
  read,
  known,
  take,
}: {
  readonly clock: Clock
  readonly read: () => Promise<StoredSchedule | null>
  readonly known: () => number
  readonly take: (changed: StoredSchedule) => void
}) {
  return clock.every(1_500, async () => {
    // A database that is away changes nothing: the schedule in memory stays in force.
    const stored = await read().catch(() => null)
    if (stored && stored.version !== known()) take(stored)
  })
}
