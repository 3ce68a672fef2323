import type { NowNext } from '#contract/channels.ts'
import type { Instant } from '#core/time.ts'
import type { Clock } from '../clock.ts'

/** Tells pages when another programme came on, what follows was changed, or continuity stands in; only then. */
export function boundaryWatch({
  clock,
  nowNext,
  publish,
}: {
  readonly clock: Clock
  readonly nowNext: (at: Instant) => readonly NowNext[]
  readonly publish: (changed: readonly NowNext[], at: Instant) => void
}) {
  const told = new Map<string, string>()
  return clock.every(1_000, () => {
    const at = clock.now()
    const changed = nowNext(at).filter((one) => {
      const words = JSON.stringify([
        one.now.id,
        one.now.title,
        one.now.to,
        one.continuity,
        one.next.map(({ id, from, title }) => [id, from, title]),
      ])
      const isNew = told.get(one.channel) !== words
      told.set(one.channel, words)
      return isNew
    })
    if (changed.length > 0) publish(changed, at)
  })
}
