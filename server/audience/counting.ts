import type { AudienceMessage } from '#contract/socket.ts'
import { AUDIENCE_RULES, beat, bye, countsOf, emptyAudience, expire, type AudienceCounts, type Beat } from '#core/audience.ts'
import { emptyNative, expireNative, nativeEstimate, sawBeat, sawSegment, type Fetcher } from '#core/audienceNative.ts'
import { movedTo, resumed, snapshotOf, type AudienceSnapshot } from '#core/audienceSnapshot.ts'
import { instant, type Instant } from '#core/time.ts'
import type { AudienceSettings, AudienceStatistics, ChannelMinute, Complain } from './ports.ts'

const SNAPSHOT = 'audience.snapshot'
const SNAPSHOT_MS = 15_000
const MINUTE_MS = 60_000
/** Minutes that wait for a database that is away: about a day of a large station. */
const MAX_WAITING = 20_000

export type CountingOptions = {
  readonly settings: AudienceSettings
  readonly statistics: AudienceStatistics
  readonly channels: () => readonly string[]
  readonly dayOf: (at: Instant) => string
  readonly publish: (message: AudienceMessage) => void
  readonly complain: Complain
}

export type Counting = {
  beat(beat: Beat, at: Instant): void
  bye(session: { readonly device: string; readonly tab: string }): void
  /** As of the last tick. */
  counts(): AudienceCounts & { readonly asOf: Instant }
  sawSegment(segment: Fetcher & { readonly channel: string }, at: Instant): void
  sawBeat(fetcher: Fetcher, at: Instant): void
  nativeEstimate(channel: string, at: Instant): number
  /** Once a second: counts, publishes what changed, and now and then writes down what must survive. */
  tick(at: Instant): void
  /** Writes down what must survive. */
  save(at: Instant): Promise<void>
}

export async function createCounting(options: CountingOptions, at: Instant): Promise<Counting> {
  const { settings, statistics, channels, dayOf, publish, complain } = options
  const snapshot = await settings.get<AudienceSnapshot>(SNAPSHOT).catch((error: unknown) => {
    complain('The audience before the restart could not be read; its count warms up.', error)
    return undefined
  })
  let state = resumed(snapshot, at)
  const native = emptyNative()
  let latest = { ...countsOf(state, channels(), at), asOf: at }
  let lastTick = at
  let savedAt = at
  let waiting: { readonly day: string; readonly row: ChannelMinute }[] = []
  let writing = Promise.resolve()

  const save = (now: Instant): Promise<void> => {
    savedAt = now
    // One after the other, so that an older snapshot never lands on a newer one.
    writing = writing
      .then(() => settings.put(SNAPSHOT, snapshotOf(state, now)))
      .catch((error: unknown) => {
        complain('The audience could not be written down.', error)
      })
    return writing
  }
  const writeMinutes = async () => {
    for (const day of new Set(waiting.map((one) => one.day))) {
      const rows = waiting.filter((one) => one.day === day)
      await statistics.addMinutes(
        day,
        rows.map((one) => one.row),
      )
      waiting = waiting.filter((one) => !rows.includes(one))
    }
  }
  const noteMinute = (now: Instant) => {
    const minute = instant(Math.floor(now / MINUTE_MS) * MINUTE_MS)
    for (const [channel, audience] of Object.entries(latest.channels)) {
      if (audience !== null) waiting.push({ day: dayOf(minute), row: { channel, minute, audience } })
    }
    waiting = waiting.slice(-MAX_WAITING)
    writeMinutes().catch((error: unknown) => complain('The audience of the last minutes could not be written yet.', error))
  }
  const publishChanges = (before: AudienceCounts, now: Instant) => {
    // A channel that was taken off the schedule has no audience any more, not its last one for ever.
    const removed = Object.keys(before.channels).filter((channel) => !(channel in latest.channels))
    const changed = [
      ...Object.entries(latest.channels).filter(([channel, count]) => before.channels[channel] !== count),
      ...removed.map((channel) => [channel, null] as const),
    ]
    if (changed.length === 0 && before.online === latest.online) return
    publish({ type: 'audience', asOf: now, online: latest.online, channels: Object.fromEntries(changed) })
  }
  // The snapshot that a page gets when it comes.
  publish({ type: 'audience', asOf: at, online: latest.online, channels: latest.channels })

  return {
    beat: (one, now) => void beat(state, one, now),
    bye: (session) => bye(state, session),
    counts: () => latest,
    sawSegment: (segment, now) => sawSegment(native, segment, now),
    sawBeat: (fetcher, now) => sawBeat(native, fetcher, now),
    nativeEstimate: (channel, now) => nativeEstimate(native, channel, now),
    tick(now) {
      // The clock was set, or the machine slept: leases made on the old time say nothing on the new one.
      if (now < lastTick || now - lastTick > AUDIENCE_RULES.leaseMs) {
        state = state.warmUntil <= lastTick ? movedTo(snapshotOf(state, lastTick), now) : emptyAudience(now)
      }
      const before = latest
      latest = { ...countsOf(state, channels(), now), asOf: now }
      publishChanges(before, now)
      if (Math.floor(now / MINUTE_MS) !== Math.floor(lastTick / MINUTE_MS)) noteMinute(now)
      if (now - savedAt >= SNAPSHOT_MS || now < savedAt) {
        expire(state, now)
        expireNative(native, now)
        // While it warms up it knows less than the snapshot that it might have resumed.
        if (state.warmUntil <= now) void save(now)
        else savedAt = now
      }
      lastTick = now
    },
    save,
  }
}
