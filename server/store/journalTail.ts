import type { ChannelId } from '#core/schedule.ts'
import type { Slice } from '#core/slices.ts'
import type { Tick } from '#core/time.ts'

/** Lines of the journal. */
export type JournalRecord =
  /** Known to be in the database. */
  | { readonly kind: 'committed'; readonly slices: readonly Slice[] }
  /** Durable here only. */
  | { readonly kind: 'pending'; readonly slices: readonly Slice[] }
  /** The channel's pending slices up to this sequence are in the database now. */
  | { readonly kind: 'flushed'; readonly channel: ChannelId; readonly through: number }
  /** Another machine committed something else from this sequence on; ours were given up. */
  | { readonly kind: 'given-up'; readonly channel: ChannelId; readonly from: number }

/** Longer than the longest window a player may ask for (2 h), so that the air needs no database for a while. */
export const KEPT_TICKS = 25_000

/** What this machine knows of the newest as-run without asking anybody. */
export type JournalTail = {
  apply(record: JournalRecord): void
  last(channel: ChannelId): Slice | undefined
  knows(slice: Slice): boolean
  between(channel: ChannelId, from: Tick, to: Tick): readonly Slice[]
  hasPending(channel: ChannelId): boolean
  /** In the order they were made. */
  pending(): readonly Slice[]
  /** The fewest records that say the same. */
  records(): readonly JournalRecord[]
}

export function createJournalTail(): JournalTail {
  /** By channel, in order of their sequences. */
  const known = new Map<ChannelId, Slice[]>()
  let pending: Slice[] = []

  const learn = (slice: Slice) => {
    const slices = known.get(slice.channel) ?? []
    known.set(slice.channel, slices)
    const at = slices.findLastIndex((one) => one.sequence <= slice.sequence)
    // What is committed never changes.
    if (slices[at]?.sequence === slice.sequence) return
    slices.splice(at + 1, 0, slice)
    const kept = (slices.at(-1)?.to ?? 0) - KEPT_TICKS
    slices.splice(
      0,
      Math.max(
        0,
        slices.findIndex((one) => one.to > kept),
      ),
    )
  }
  const forgetFrom = (channel: ChannelId, from: number) => {
    known.set(
      channel,
      (known.get(channel) ?? []).filter((slice) => slice.sequence < from),
    )
    pending = pending.filter((slice) => slice.channel !== channel || slice.sequence < from)
  }
  return {
    apply(record) {
      switch (record.kind) {
        case 'committed':
          record.slices.forEach(learn)
          return
        case 'pending':
          record.slices.forEach(learn)
          pending.push(...record.slices)
          return
        case 'flushed':
          pending = pending.filter((slice) => slice.channel !== record.channel || slice.sequence > record.through)
          return
        case 'given-up':
          forgetFrom(record.channel, record.from)
          return
        default:
          record satisfies never
      }
    },
    last: (channel) => known.get(channel)?.at(-1),
    knows: ({ channel, sequence }) => known.get(channel)?.findLast((one) => one.sequence <= sequence)?.sequence === sequence,
    between: (channel, from, to) => (known.get(channel) ?? []).filter((slice) => slice.to > from && slice.from < to),
    hasPending: (channel) => pending.some((slice) => slice.channel === channel),
    pending: () => pending,
    records() {
      const waiting = new Set(pending)
      const committed = [...known.values()].flat().filter((slice) => !waiting.has(slice))
      return [
        ...committed.map((slice): JournalRecord => ({ kind: 'committed', slices: [slice] })),
        ...(pending.length > 0 ? [{ kind: 'pending', slices: pending } as const] : []),
      ]
    },
  }
}
