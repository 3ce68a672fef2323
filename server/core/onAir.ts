import type { Item, Timeline } from './timeline.ts'
import { tickAt, type Instant } from './time.ts'

/** The one item on air at an instant of the timeline's span. */
export function onAir(timeline: Timeline, at: Instant): Item {
  const now = tickAt(at)
  let [low, high] = [0, timeline.items.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((timeline.items[middle]?.from ?? Number.POSITIVE_INFINITY) <= now) low = middle
    else high = middle - 1
  }
  const item = timeline.items[low]
  if (!item || now < item.from || item.to <= now) {
    throw new RangeError(`The timeline of ${timeline.channel} covers ticks ${timeline.from} to ${timeline.to}, not ${now}.`)
  }
  return item
}
