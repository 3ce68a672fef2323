import type { Instant } from '#core/time.ts'
import type { VisitTotals } from '#core/visits.ts'

/** What counting needs of the database; `store.settings` and `store.statistics` are of this shape. */
export type AudienceSettings = {
  get<T>(key: string): Promise<T | undefined>
  put(key: string, value: unknown): Promise<void>
  putIfAbsent<T>(key: string, value: T): Promise<T>
  remove(key: string): Promise<void>
}
export type AudienceStatistics = {
  addVisits(added: readonly { readonly day: string; readonly visits: number; readonly firstAt: Instant }[]): Promise<void>
  visitTotals(from: string): Promise<VisitTotals>
  freezeBefore(day: string): Promise<void>
  addMinutes(day: string, minutes: readonly ChannelMinute[]): Promise<void>
  pruneMinutes(before: Instant): Promise<void>
}
export type ChannelMinute = { readonly channel: string; readonly minute: Instant; readonly audience: number }

/** Says what could not be done for now; counting goes on. */
export type Complain = (what: string, error: unknown) => void
