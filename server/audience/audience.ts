import type { FastifyRequest } from 'fastify'
import type { VisitStatistics } from '#contract/station.ts'
import type { AudienceCounts } from '#core/audience.ts'
import type { Instant } from '#core/time.ts'
import { daysOf } from '#core/visits.ts'
import type { Clock } from '../clock.ts'
import { createCounting, type Counting } from './counting.ts'
import { createHub, type Hub } from './hub.ts'
import type { AudienceSettings, AudienceStatistics, Complain } from './ports.ts'
import { createSessions, newSecret, type Sessions } from './secrets.ts'
import { createVisiting, type Visiting } from './visiting.ts'

export type AudienceOptions = {
  readonly clock: Clock
  readonly settings: AudienceSettings
  readonly statistics: AudienceStatistics
  /** IANA name; days of the statistics are days there. */
  readonly zone: string
  /** Ids of the channels that are counted, now. */
  readonly channels: () => readonly string[]
  /** Visits of an older site that count into the total. */
  readonly carriedOver?: number | undefined
  readonly complain?: Complain
}

export type Audience = {
  /** What the socket sends to all; the station publishes now-playing and packaging here too. */
  readonly hub: Hub
  /** As of the last second. */
  counts(): AudienceCounts & { readonly asOf: Instant }
  /** The public box. */
  visitStatistics(): VisitStatistics
  /** Somebody asked for a page. True when a visit begins with it. */
  recordVisit(request: FastifyRequest, isStaff?: boolean): boolean
  /** Somebody fetched a segment. */
  sawSegment(segment: { readonly channel: string; readonly address: string; readonly userAgent: string | undefined }): void
  /** Players that cannot beat: an estimate for the staff, never part of `counts`. */
  nativeEstimate(channel: string): number
  /** What is due after midnight; harmless at any time. */
  chores(): Promise<void>
  close(): Promise<void>
  /** For the plugin. */
  readonly parts: { readonly clock: Clock; readonly counting: Counting; readonly visiting: Visiting; readonly sessions: Sessions }
}

const TICK_MS = 1_000
const COMPLAINT_MS = 600_000
const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const

/** Counts from here on; `audiencePlugin` gives it a socket and routes. */
export async function createAudience(options: AudienceOptions): Promise<Audience> {
  const { clock, settings, statistics, zone, channels } = options
  const complain = seldom(options.complain ?? (() => undefined), clock)
  const hub = createHub()
  const dayOf = daysOf(zone)
  const key = await settings.putIfAbsent('audience.session-key', newSecret()).catch((error: unknown) => {
    complain('The key that signs sessions could not be read; pages will be known again only after the next restart.', error)
    return newSecret()
  })
  const sessions = createSessions(Buffer.from(key, 'base64'))
  const publish: Parameters<typeof createCounting>[0]['publish'] = (message) => hub.publish('audience', message)
  const counting = await createCounting({ settings, statistics, channels, dayOf, publish, complain }, clock.now())
  const visiting = await createVisiting({ settings, statistics, zone, carriedOver: options.carriedOver, complain }, clock.now())

  // Apart from each other: a database that makes the visits wait must not hold up the counts.
  const ticking = clock.every(TICK_MS, () => {
    counting.tick(clock.now())
    return hub.flush()
  })
  const writing = clock.every(TICK_MS, () => visiting.tick(clock.now()))

  return {
    hub,
    counts: counting.counts,
    visitStatistics: () => visiting.statistics(counting.counts().online, clock.now()),
    recordVisit: ({ ip, headers }, isStaff = false) =>
      visiting.record({
        address: ip,
        userAgent: headers['user-agent'],
        at: clock.now(),
        purposeHeaders: PURPOSES.map((name) => headers[name]?.toString()),
        isStaff,
      }),
    sawSegment: ({ channel, address, userAgent = '' }) => counting.sawSegment({ channel, address, userAgent }, clock.now()),
    nativeEstimate: (channel) => counting.nativeEstimate(channel, clock.now()),
    chores: () => visiting.chores(clock.now()),
    async close() {
      ticking.stop()
      writing.stop()
      const unsaved = (error: unknown) => complain('The last seconds of the audience could not be written down.', error)
      await Promise.all([counting.save(clock.now()), visiting.save(clock.now()).catch(unsaved)])
    },
    parts: { clock, counting, visiting, sessions },
  }
}

/** The same thing that cannot be done, second after second, is told every ten minutes. */
function seldom(complain: Complain, clock: Clock): Complain {
  const toldAt = new Map<string, Instant>()
  return (what, error) => {
    const told = toldAt.get(what)
    if (told !== undefined && Math.abs(clock.now() - told) < COMPLAINT_MS) return
    toldAt.set(what, clock.now())
    complain(what, error)
  }
}
