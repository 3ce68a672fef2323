import type { Segment, Slice } from './slices.ts'
import { SEGMENT_TICKS, tick, type Tick } from './time.ts'
import type { Item, Timeline } from './timeline.ts'

/** Where the committed air ends: the next slice begins at this tick, its first segment has this number. */
export type Edge = { readonly tick: Tick; readonly sequence: number }

/** The plan from the edge on, cut into slices of whole segments, up to `until` or at most a segment and a tick beyond it. */
export function slicesOf(timeline: Timeline, edge: Edge, until: Tick): Slice[] {
  const slices: Slice[] = []
  let { tick: from, sequence } = edge
  for (const item of timeline.items) {
    if (from >= until) break
    if (item.to <= from || item.from > from) continue
    const slice = sliceOf(timeline, item, { from, sequence, to: endOf(item, from, until) })
    slices.push(slice)
    from = slice.to
    sequence += segmentsOf(slice).length
  }
  return slices
}

/** 6 ticks each; what is left at the end, 2–5 ticks, is one more, but a single tick belongs to the one before. */
export function segmentsOf(slice: Slice): Segment[] {
  const segments: Segment[] = []
  let from: number = slice.from
  while (from < slice.to) {
    const left = slice.to - from
    const ticks = left === SEGMENT_TICKS + 1 ? left : Math.min(left, SEGMENT_TICKS)
    segments.push({
      sequence: slice.sequence + segments.length,
      from: tick(from),
      ticks,
      offset: slice.source.offset + from - slice.from,
    })
    from += ticks
  }
  return segments
}

/** A slice that leaves exactly one tick of its item would strand it in a segment of its own. */
function endOf(item: Item, from: Tick, until: Tick): Tick {
  if (item.to <= until) return item.to
  const end = from + Math.ceil((until - from) / SEGMENT_TICKS) * SEGMENT_TICKS
  return end + 1 >= item.to ? item.to : tick(end)
}

function sliceOf(
  { channel }: Timeline,
  item: Item,
  { from, to, sequence }: { readonly from: Tick; readonly to: Tick; readonly sequence: number },
): Slice {
  const { source, airing, reason } = item
  // The edge stands on a segment of the plan it was cut from, so this is exact; an edge from elsewhere goes back to the GOP before.
  const offset = source.offset + Math.floor((from - item.from) / SEGMENT_TICKS) * SEGMENT_TICKS
  return { channel, sequence, from, to, source: { ...source, offset }, ...(airing ? { airing } : {}), reason }
}
