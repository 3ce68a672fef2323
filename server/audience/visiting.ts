import { isbot } from 'isbot'
import type { VisitStatistics } from '#contract/station.ts'
import { plusMs, type Instant } from '#core/time.ts'
import {
  active,
  dayBefore,
  daysOf,
  emptyVisits,
  forgetIdle,
  openDaysAt,
  visitStatisticsOf,
  type VisitTotals,
} from '#core/visits.ts'
import type { AudienceSettings, AudienceStatistics, Complain } from './ports.ts'
import { networkOf, newSecret, visitorKey } from './secrets.ts'

const ACTIVE = 'visits.active'
const CARRIED_OVER = 'visits.carried-over'
const SAVE_MS = 15_000
const REREAD_MS = 60_000
/** Charts of minutes go back this far; days stay for ever. */
const MINUTES_KEPT_MS = 400 * 86_400_000
const saltOf = (day: string): string => `visits.salt.${day}`

export type VisitingOptions = {
  readonly settings: AudienceSettings
  readonly statistics: AudienceStatistics
  readonly zone: string
  /** Visits of an older site, shown as part of the total; remembered when it is not given again. */
  readonly carriedOver?: number | undefined
  readonly complain: Complain
}

export type Visit = {
  readonly address: string
  readonly userAgent: string | undefined
  readonly at: Instant
  /** Of the request, as far as it has them: `sec-purpose`, `purpose`, `x-purpose`, `x-moz`. */
  readonly purposeHeaders?: readonly (string | undefined)[]
  readonly isStaff?: boolean
}

export type Visiting = {
  /** True when a visit begins with it. Costs microseconds; the database hears of it within a second. */
  record(visit: Visit): boolean
  statistics(online: number | null, at: Instant): VisitStatistics
  tick(at: Instant): Promise<void>
  /** What must be done after midnight, as often as one likes: freezes the days that are over and destroys their salts. */
  chores(at: Instant): Promise<void>
  save(at: Instant): Promise<void>
}

/** A program, or nobody's look: link previews, prefetches, pages rendered ahead. */
export function isVisitor({ userAgent, purposeHeaders = [], isStaff = false }: Visit): boolean {
  if (isStaff || !userAgent || isbot(userAgent)) return false
  return !purposeHeaders.some((header) => header !== undefined && /prefetch|prerender|preview/i.test(header))
}

type SavedActive = readonly (readonly [day: string, devices: readonly (readonly [key: string, at: number])[]])[]

export async function createVisiting(options: VisitingOptions, start: Instant): Promise<Visiting> {
  const { settings, statistics, zone, complain } = options
  const dayOf = daysOf(zone)
  const state = emptyVisits()
  const salts = new Map<string, string>()
  let totals: VisitTotals = { days: [], visits: 0, since: undefined }
  let carriedOver = options.carriedOver ?? 0
  let [readAt, savedAt, frozenBefore] = [start - REREAD_MS, start as number, '']

  const readTotals = async (at: Instant) => {
    // This month, and yesterday's day that may be of the last one.
    const from = [`${dayOf(at).slice(0, 7)}-01`, dayBefore(dayOf(at))].sort()[0] ?? ''
    const read = await statistics.visitTotals(from)
    readAt = at
    return read
  }
  const begin = async () => {
    if (options.carriedOver !== undefined) await settings.put(CARRIED_OVER, options.carriedOver)
    else carriedOver = (await settings.get<number>(CARRIED_OVER)) ?? 0
    for (const day of openDaysAt(dayOf, start)) salts.set(day, await settings.putIfAbsent(saltOf(day), newSecret()))
    for (const [day, devices] of (await settings.get<SavedActive>(ACTIVE)) ?? []) {
      if (salts.has(day)) state.active.set(day, new Map(devices as [string, Instant][]))
    }
    totals = await readTotals(start)
  }
  await begin().catch((error: unknown) => complain('Earlier visits could not be read yet.', error))

  /** Made at the first visit of a day: it must not wait for the database. */
  const todaysSalt = (day: string): string => {
    const known = salts.get(day)
    if (known !== undefined) return known
    const fresh = newSecret()
    salts.set(day, fresh)
    settings.putIfAbsent(saltOf(day), fresh).then(
      (kept) => void salts.set(day, kept),
      (error: unknown) => complain('The salt of the day could not be kept.', error),
    )
    return fresh
  }
  const flush = async (at: Instant) => {
    const added = [...state.pending].map(([day, pending]) => ({ day, ...pending }))
    if (added.length === 0 && at - readAt < REREAD_MS && at >= readAt) return
    if (added.length > 0) await statistics.addVisits(added)
    const read = await readTotals(at).catch(() => undefined)
    // In one turn: what is in the totals now is no longer on its way, so nobody sees it twice or not at all.
    totals = read ?? withAdded(totals, added)
    for (const { day, visits } of added) {
      const pending = state.pending.get(day)
      if (!pending || pending.visits === visits) state.pending.delete(day)
      else state.pending.set(day, { ...pending, visits: pending.visits - visits })
    }
  }
  const save = (at: Instant) => {
    savedAt = at
    forgetIdle(state, openDaysAt(dayOf, at), at)
    return settings.put(ACTIVE, [...state.active].map(([day, devices]) => [day, [...devices]]) satisfies SavedActive)
  }
  const chores = async (at: Instant) => {
    const open = openDaysAt(dayOf, at)
    for (const day of salts.keys()) {
      if (open.includes(day)) continue
      salts.delete(day)
      await settings.remove(saltOf(day))
    }
    // Visits that still wait for the database belong to their day before it is closed.
    if (open.length > 1) return
    await flush(at)
    await statistics.freezeBefore(dayOf(at))
    await statistics.pruneMinutes(plusMs(at, -MINUTES_KEPT_MS))
    await save(at)
    frozenBefore = dayOf(at)
  }

  /** One after the other: two flushes at once would write the same visits twice. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  return {
    record(visit) {
      if (!isVisitor(visit)) return false
      const day = dayOf(visit.at)
      return active(state, { key: visitorKey(todaysSalt(day), networkOf(visit.address), visit.userAgent ?? ''), day }, visit.at)
    },
    statistics: (online, at) => visitStatisticsOf({ totals, pending: state.pending, carriedOver, online, dayOf }, at),
    tick: (at) =>
      inTurn(async () => {
        await flush(at)
        if (at - savedAt >= SAVE_MS || at < savedAt) await save(at)
        if (frozenBefore !== dayOf(at)) await chores(at)
      }).catch((error: unknown) => complain('Visits wait for the database.', error)),
    chores: (at) => inTurn(() => chores(at)),
    save: (at) =>
      inTurn(async () => {
        await flush(at)
        await save(at)
      }),
  }
}

function withAdded(totals: VisitTotals, added: readonly { day: string; visits: number; firstAt: Instant }[]): VisitTotals {
  const days = new Map(totals.days.map(({ day, visits }) => [day, visits]))
  for (const { day, visits } of added) days.set(day, (days.get(day) ?? 0) + visits)
  const sum = added.reduce((all, { visits }) => all + visits, 0)
  const first = added.map(({ firstAt }) => firstAt).sort((a, b) => a - b)[0]
  return {
    days: [...days].map(([day, visits]) => ({ day, visits })),
    visits: totals.visits + sum,
    since: totals.since ?? first,
  }
}
