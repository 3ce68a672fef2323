import cron from 'node-cron'
import type { PackageId } from '#core/library.ts'
import type { ChannelId } from '#core/schedule.ts'
import { TICK_MS, plusTicks, tick, tickAt, type Tick, type TickSpan } from '#core/time.ts'
import type { Clock } from '../clock.ts'
import type { Playout } from '../playout/playout.ts'

type ChoreNeeds = {
  readonly clock: Clock
  readonly zone: string
  readonly dvrSeconds: number
  readonly channels: () => readonly ChannelId[]
  readonly slices: { compact(channel: ChannelId, span: TickSpan): Promise<number> }
  readonly playout: Playout
  readonly desk: { sweep(aired: Iterable<PackageId>): Promise<readonly PackageId[]> }
  readonly onTrouble: (message: string, cause: unknown) => void
}

const DAY_TICKS = Math.ceil(86_400_000 / TICK_MS)
/** Nothing younger than the window is touched, whatever a reader is in the middle of. */
const MARGIN_TICKS = Math.ceil(600_000 / TICK_MS)

/** House-keeping. A firing that is missed or doubled changes nothing on air: each does what is left to do. */
export function startChores({ clock, zone, dvrSeconds, channels, slices, playout, desk, onTrouble }: ChoreNeeds) {
  const oldest = (): Tick => plusTicks(tickAt(clock.now()), -Math.ceil((dvrSeconds * 1000) / TICK_MS) - MARGIN_TICKS)

  async function compact(): Promise<void> {
    const to = oldest()
    for (const channel of channels()) await slices.compact(channel, { from: tick(to - DAY_TICKS), to })
  }
  async function sweep(): Promise<void> {
    const aired = channels().flatMap((channel) => playout.committed(channel).map((slice) => slice.source.package))
    await desk.sweep(aired)
  }
  const chore = (name: string, when: string, work: () => Promise<void>) =>
    cron.schedule(when, () => work().catch((cause: unknown) => onTrouble(`A chore could not be done: ${name}.`, cause)), {
      timezone: zone,
      name,
      noOverlap: true,
    })

  const tasks = [
    chore('write the as-run in fewer rows', '17 * * * *', compact),
    chore('remove packages that nothing needs', '40 3 * * *', sweep),
  ]
  return { compact, sweep, stop: () => tasks.forEach((task) => void task.destroy()) }
}
