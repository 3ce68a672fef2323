import type { Slice } from './slices.ts'
import { SEGMENT_TICKS } from './time.ts'

/**
 * The same as-run in fewer slices: those that go on where the one before stopped, in the same file and for the same airing, become one.
 * Their segments stay what they were, since a slice that another continues is made of whole segments.
 */
export function mergedSlices(slices: readonly Slice[]): readonly Slice[] {
  const merged: Slice[] = []
  for (const slice of slices) {
    const last = merged.at(-1)
    if (last && goesOn(last, slice)) merged[merged.length - 1] = { ...last, to: slice.to }
    else merged.push(slice)
  }
  return merged
}

function goesOn(last: Slice, next: Slice): boolean {
  const length = last.to - last.from
  return (
    last.channel === next.channel &&
    last.to === next.from &&
    length % SEGMENT_TICKS === 0 &&
    last.sequence + length / SEGMENT_TICKS === next.sequence &&
    last.source.package === next.source.package &&
    last.source.kind === next.source.kind &&
    last.source.path === next.source.path &&
    last.source.offset + length === next.source.offset &&
    last.reason === next.reason &&
    JSON.stringify(last.airing) === JSON.stringify(next.airing)
  )
}
