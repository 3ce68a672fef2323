import type { Transaction } from 'kysely'
import type { ChannelId } from '#core/schedule.ts'
import type { Slice } from '#core/slices.ts'
import { mergedSlices } from '#core/merging.ts'
import type { Tick, TickSpan } from '#core/time.ts'
import { batchesOf, fromJson, type Database } from './database.ts'
import { untouched, type Refused } from './touching.ts'
import type { SliceRow, Tables } from './tables.ts'

/** Whether all slices were committed, or none and why. */
export type Appended = { readonly ok: true } | { readonly ok: false; readonly refused: readonly Refused[] }

/** As-run: the append-only log of what airs. Also spoken by `withJournal`. */
export type SliceStore = {
  /**
   * Durable when it resolves with `ok`. All or nothing: the first slice of each channel must touch the channel's last committed one, in
   * tick and in sequence, and the others each other. Where another machine was first, `refused` holds what that one committed last.
   */
  append(slices: readonly Slice[]): Promise<Appended>
  last(channel: ChannelId): Promise<Slice | undefined>
  /** Slices that overlap from <= tick < to, in order. */
  between(channel: ChannelId, from: Tick, to: Tick): Promise<readonly Slice[]>
  /** Forgets slices that ended at or before the tick, but never a channel's last: sequences go on from it for ever. */
  prune(before: Tick): Promise<number>
  /** Writes what ended in the span in as few slices as say the same (`mergedSlices`). Tells how many fewer there are. */
  compact(channel: ChannelId, span: TickSpan): Promise<number>
}

export function createSliceStore({ db }: Database): SliceStore {
  return {
    async append(slices) {
      if (slices.length === 0) return { ok: true }
      try {
        return await db.transaction().execute(async (trx) => {
          const last = await lastOf(trx, [...new Set(slices.map((slice) => slice.channel))])
          const refused = untouched(slices, (channel) => last.get(channel))
          if (refused.length > 0) return { ok: false, refused }
          for (const batch of batchesOf(slices)) await trx.insertInto('slices').values(batch.map(toRow)).execute()
          return { ok: true }
        })
      } catch (error) {
        // Another machine committed between our look and our insert: ask again, now with its slices there.
        if (!isDuplicate(error)) throw error
        const last = await lastOf(db, [...new Set(slices.map((slice) => slice.channel))])
        return { ok: false, refused: untouched(slices, (channel) => last.get(channel)) }
      }
    },
    async last(channel) {
      return (await lastOf(db, [channel])).get(channel)
    },
    async between(channel, from, to) {
      const rows = await db
        .selectFrom('slices')
        .selectAll()
        .where('channel', '=', channel)
        .where('to_tick', '>', from)
        .where('from_tick', '<', to)
        .orderBy('sequence')
        .execute()
      return rows.map(fromRow)
    },
    async compact(channel, { from, to }) {
      return db.transaction().execute(async (trx) => {
        const rows = await trx
          .selectFrom('slices')
          .selectAll()
          .where('channel', '=', channel)
          .where('from_tick', '>=', from)
          .where('to_tick', '<=', to)
          .orderBy('sequence')
          .execute()
        const [first] = rows
        const merged = mergedSlices(rows.map(fromRow))
        const last = rows.at(-1)
        if (!first || !last || merged.length === rows.length) return 0
        await trx
          .deleteFrom('slices')
          .where('channel', '=', channel)
          .where('sequence', '>=', first.sequence)
          .where('sequence', '<=', last.sequence)
          .execute()
        for (const batch of batchesOf(merged)) await trx.insertInto('slices').values(batch.map(toRow)).execute()
        return rows.length - merged.length
      })
    },
    async prune(before) {
      const result = await db
        .deleteFrom('slices')
        .where('to_tick', '<=', before)
        .where(({ eb, selectFrom }) =>
          eb(
            'sequence',
            '<',
            selectFrom('slices as newest')
              .select(({ fn }) => fn.max('newest.sequence').as('sequence'))
              .whereRef('newest.channel', '=', 'slices.channel'),
          ),
        )
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}

async function lastOf(db: Database['db'] | Transaction<Tables>, channels: readonly ChannelId[]): Promise<Map<ChannelId, Slice>> {
  const last = new Map<ChannelId, Slice>()
  for (const channel of channels) {
    const row = await db
      .selectFrom('slices')
      .selectAll()
      .where('channel', '=', channel)
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row) last.set(channel, fromRow(row))
  }
  return last
}

const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '23505' || String(error.code).startsWith('SQLITE_CONSTRAINT'))

const toRow = (slice: Slice): SliceRow => ({
  channel: slice.channel,
  sequence: slice.sequence,
  from_tick: slice.from,
  to_tick: slice.to,
  source: JSON.stringify(slice.source),
  airing: slice.airing ? JSON.stringify(slice.airing) : null,
  reason: slice.reason,
})

const fromRow = (row: SliceRow): Slice => ({
  channel: row.channel,
  sequence: row.sequence,
  from: row.from_tick as Tick,
  to: row.to_tick as Tick,
  source: fromJson(row.source),
  ...(row.airing === null ? {} : { airing: fromJson<NonNullable<Slice['airing']>>(row.airing) }),
  reason: row.reason as Slice['reason'],
})
