import type { Station } from '#contract/station.ts'
import type { Schedule } from '#core/schedule.ts'

/** What `station.yaml` says beyond the public facts. */
export type StationRecord = Station & {
  /** Visits counted by an older site up to a local day, carried over into the total. */
  readonly visits?: { readonly carriedOver: number; readonly until: string }
}

/** A schedule as the database holds it. Plain JSON: the store need not look inside. */
export type StoredSchedule = {
  readonly schedule: Schedule
  readonly station: StationRecord
  /** Grows by one with each change. */
  readonly version: number
}

/** What this domain needs of the database. */
export type ScheduleStore = {
  /** The newest version; null before the first import. */
  read(): Promise<StoredSchedule | null>
  /** Adds a version in one transaction and makes it the newest. Resolves with its number. */
  replace(schedule: Schedule, station: StationRecord): Promise<number>
}
