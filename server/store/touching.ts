import type { ChannelId } from '#core/schedule.ts'
import type { Slice } from '#core/slices.ts'
import { segmentsOf } from '#core/slicing.ts'

/** Why a channel's slices were not appended, and the last slice that is committed instead. */
export type Refused = { readonly channel: ChannelId; readonly last: Slice | undefined; readonly message: string }

/** The media sequence that follows a slice. */
export const sequenceAfter = (slice: Slice): number => slice.sequence + segmentsOf(slice).length

/** The first slice of each channel that does not touch the one before it. */
export function untouched(slices: readonly Slice[], lastOf: (channel: ChannelId) => Slice | undefined): readonly Refused[] {
  const refused: Refused[] = []
  const edges = new Map<ChannelId, Slice | undefined>()
  for (const slice of slices) {
    if (refused.some((one) => one.channel === slice.channel)) continue
    const before = edges.has(slice.channel) ? edges.get(slice.channel) : lastOf(slice.channel)
    const message = gapBetween(before, slice)
    if (message) refused.push({ channel: slice.channel, last: lastOf(slice.channel), message })
    edges.set(slice.channel, slice)
  }
  return refused
}

function gapBetween(before: Slice | undefined, slice: Slice): string | undefined {
  const what = `As-run of channel "${slice.channel}": the slice with sequence ${slice.sequence}`
  if (slice.to <= slice.from) return `${what} must end after its first tick ${slice.from}; it ends at ${slice.to}.`
  if (!before) return undefined
  if (slice.from !== before.to)
    return `${what} must start at tick ${before.to}, where the last committed one ends; it starts at ${slice.from}.`
  const next = sequenceAfter(before)
  return slice.sequence === next ? undefined : `${what} must have sequence ${next}, the next after the last committed segment.`
}
