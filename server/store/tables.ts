/**
 * The tables, the same on both engines so that a backup of one restores on the other: instants are epoch milliseconds, booleans 0 or
 * 1, and JSON is text that only this program reads.
 */
export type Tables = {
  slices: SliceRow
  schedules: ScheduleRow
  assets: { path: string; record: string }
  articles: ArticleRow
  daily_visits: DailyVisitsRow
  audience_minutes: { channel: string; minute: number; audience: number }
  audience_peaks: { channel: string; day: string; audience: number; minute: number }
  settings: { key: string; value: string }
  schema_versions: { name: string; applied_at: number }
}

export type SliceRow = {
  channel: string
  sequence: number
  from_tick: number
  to_tick: number
  source: string
  airing: string | null
  reason: string
}

export type ScheduleRow = { version: number; schedule: string; station: string; created_at: number }

export type ArticleRow = {
  slug: string
  title: string
  lead: string
  category: string
  language: string
  authors: string
  published_at: number
  updated_at: number
  photo: string | null
  reading_minutes: number
  programme: string | null
  source: string | null
  body: string
  search_text: string
}

/** A station-local day, `YYYY-MM-DD`. */
export type DailyVisitsRow = { day: string; visits: number; first_at: number; is_frozen: 0 | 1 }

/**
 * What a backup holds, in the order a restore writes it, with the columns of each primary key. `schema_versions` is not among them: it
 * says what shape the rest has.
 */
export const DATA_TABLES = {
  slices: ['channel', 'sequence'],
  schedules: ['version'],
  assets: ['path'],
  articles: ['slug'],
  daily_visits: ['day'],
  audience_minutes: ['channel', 'minute'],
  audience_peaks: ['channel', 'day'],
  settings: ['key'],
} as const satisfies { readonly [table in Exclude<keyof Tables, 'schema_versions'>]: readonly (keyof Tables[table])[] }
export type DataTable = keyof typeof DATA_TABLES
export const dataTables = (): readonly DataTable[] => Object.keys(DATA_TABLES) as DataTable[]
