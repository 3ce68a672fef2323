import type { Instant } from '#core/time.ts'
import { fromJson, type Database } from './database.ts'

/**
 * All versions ever imported stay, so that an edit can be looked up and undone. The row types are JSON to the store: `Schedule` and
 * `Station` are whatever the domain declared.
 */
export type ScheduleVersions<Schedule, Station> = {
  read(): Promise<{ readonly schedule: Schedule; readonly station: Station; readonly version: number } | null>
  replace(schedule: Schedule, station: Station): Promise<number>
  versions(): Promise<readonly { readonly version: number; readonly createdAt: Instant }[]>
}

export function createScheduleVersions<Schedule, Station>(
  { db }: Database,
  now: () => Instant,
): ScheduleVersions<Schedule, Station> {
  return {
    async read() {
      const row = await db.selectFrom('schedules').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst()
      return row
        ? { schedule: fromJson<Schedule>(row.schedule), station: fromJson<Station>(row.station), version: row.version }
        : null
    },
    replace: (schedule, station) =>
      db.transaction().execute(async (trx) => {
        const newest = await trx
          .selectFrom('schedules')
          .select(({ fn }) => fn.max('version').as('version'))
          .executeTakeFirst()
        const version = (newest?.version ?? 0) + 1
        const row = { version, schedule: JSON.stringify(schedule), station: JSON.stringify(station), created_at: now() }
        await trx.insertInto('schedules').values(row).execute()
        return version
      }),
    async versions() {
      const rows = await db.selectFrom('schedules').select(['version', 'created_at']).orderBy('version', 'desc').execute()
      return rows.map((row) => ({ version: row.version, createdAt: row.created_at as Instant }))
    },
  }
}
