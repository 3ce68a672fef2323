import type { Instant } from '#core/time.ts'
import { batchesOf, type Database } from './database.ts'

/** A station-local day, `YYYY-MM-DD`. */
type Day = string

export type DailyVisits = { readonly day: Day; readonly visits: number; readonly isFrozen: boolean }

export type VisitTotals = {
  /** Days from `from` on, in order. */
  readonly days: readonly DailyVisits[]
  /** All days ever counted. */
  readonly visits: number
  /** The first counted visit. */
  readonly since: Instant | undefined
}

export type ChannelMinute = { readonly channel: string; readonly minute: Instant; readonly audience: number }

export type Statistics = {
  /** Adds to the days' visits; a frozen day stays as it is. */
  addVisits(added: readonly { readonly day: Day; readonly visits: number; readonly firstAt: Instant }[]): Promise<void>
  visitTotals(from: Day): Promise<VisitTotals>
  /** Days before `day` never change again. */
  freezeBefore(day: Day): Promise<void>
  /** Audience of one minute per channel, with the day's peak brought up to it. Several machines: the highest stays. */
  addMinutes(day: Day, minutes: readonly ChannelMinute[]): Promise<void>
  minutesOf(channel: string, from: Instant, to: Instant): Promise<readonly ChannelMinute[]>
  peaksOf(day: Day): Promise<readonly ChannelMinute[]>
  /** Minutes are for the last weeks' charts; daily figures stay for ever. */
  pruneMinutes(before: Instant): Promise<void>
}

export function createStatistics({ db }: Database): Statistics {
  return {
    addVisits: (added) =>
      db.transaction().execute(async (trx) => {
        for (const { day, visits, firstAt } of added) {
          await trx
            .insertInto('daily_visits')
            .values({ day, visits, first_at: firstAt, is_frozen: 0 })
            .onConflict((conflict) =>
              conflict
                .column('day')
                .doUpdateSet(({ ref, eb }) => ({ visits: eb(ref('daily_visits.visits'), '+', visits) }))
                .where('daily_visits.is_frozen', '=', 0),
            )
            .execute()
        }
      }),
    async visitTotals(from) {
      const days = await db.selectFrom('daily_visits').selectAll().where('day', '>=', from).orderBy('day').execute()
      const all = await db
        .selectFrom('daily_visits')
        .select(({ fn }) => [fn.sum<number | null>('visits').as('visits'), fn.min('first_at').as('since')])
        .executeTakeFirst()
      return {
        days: days.map((row) => ({ day: row.day, visits: row.visits, isFrozen: row.is_frozen === 1 })),
        visits: all?.visits ?? 0,
        since: (all?.since ?? undefined) as Instant | undefined,
      }
    },
    async freezeBefore(day) {
      await db.updateTable('daily_visits').set({ is_frozen: 1 }).where('day', '<', day).where('is_frozen', '=', 0).execute()
    },
    addMinutes: (day, minutes) =>
      db.transaction().execute(async (trx) => {
        for (const batch of batchesOf(minutes)) {
          await trx
            .insertInto('audience_minutes')
            .values([...batch])
            .onConflict((conflict) =>
              conflict
                .columns(['channel', 'minute'])
                .doUpdateSet(({ ref }) => ({ audience: ref('excluded.audience') }))
                .whereRef('excluded.audience', '>', 'audience_minutes.audience'),
            )
            .execute()
          await trx
            .insertInto('audience_peaks')
            .values(batch.map((row) => ({ ...row, day })))
            .onConflict((conflict) =>
              conflict
                .columns(['channel', 'day'])
                .doUpdateSet(({ ref }) => ({ audience: ref('excluded.audience'), minute: ref('excluded.minute') }))
                .whereRef('excluded.audience', '>', 'audience_peaks.audience'),
            )
            .execute()
        }
      }),
    async minutesOf(channel, from, to) {
      const rows = await db
        .selectFrom('audience_minutes')
        .selectAll()
        .where('channel', '=', channel)
        .where('minute', '>=', from)
        .where('minute', '<', to)
        .orderBy('minute')
        .execute()
      return rows.map((row) => ({ ...row, minute: row.minute as Instant }))
    },
    async peaksOf(day) {
      const rows = await db.selectFrom('audience_peaks').selectAll().where('day', '=', day).orderBy('channel').execute()
      return rows.map(({ channel, audience, minute }) => ({ channel, audience, minute: minute as Instant }))
    },
    async pruneMinutes(before) {
      await db.deleteFrom('audience_minutes').where('minute', '<', before).execute()
    },
  }
}
