import type { PackageId } from '#core/library.ts'
import type { Channel } from '#core/schedule.ts'
import type { Segment, Slice } from '#core/slices.ts'
import type { Airing, Timeline } from '#core/timeline.ts'
import { TICK_MS, tickAt, type Instant, type Tick } from '#core/time.ts'

/** An hour on either side of now: Apple's authoring specification judges AVERAGE-BANDWIDTH over about one hour. */
const BANDWIDTH_TICKS = Math.ceil(3_600_000 / TICK_MS)

/**
 * The committed past and near future of one channel in memory: slices, their segments, and an index by sequence. Only grows at the
 * end and shrinks at the front.
 */
export function createAiredChannel(deps: {
  readonly channel: () => Channel
  readonly segmentsOf: (slice: Slice) => readonly Segment[]
  readonly plan: () => Timeline | undefined
}) {
  const slices: Slice[] = []
  const segments: Segment[] = []
  /** `owners[i]` is the slice of `segments[i]`. */
  const owners: Slice[] = []
  /** What was first said of an airing: RFC 8216 §4.3.2.7 lets no later playlist say otherwise, though an editor may. */
  const firstWords = new Map<string, Airing>()

  return {
    get channel() {
      return deps.channel()
    },

    append(committed: readonly Slice[]): void {
      for (const slice of committed) {
        slices.push(slice)
        const { airing } = slice
        if (airing && !firstWords.has(keyOf(airing))) firstWords.set(keyOf(airing), airing)
        for (const segment of deps.segmentsOf(slice)) {
          segments.push(segment)
          owners.push(slice)
        }
      }
    },

    /** Forgets what ended before `tick`; returns how many segments went. */
    forgetBefore(tick: Tick): number {
      let gone = 0
      while (gone < segments.length && endOf(segments[gone]) <= tick) gone += 1
      segments.splice(0, gone)
      owners.splice(0, gone)
      const kept = slices.findIndex((slice) => slice.to > tick)
      slices.splice(0, kept < 0 ? slices.length : kept)
      for (const [key, airing] of firstWords)
        if (airing.to <= tick && !slices.some((slice) => slice.airing && keyOf(slice.airing) === key)) firstWords.delete(key)
      return gone
    },

    segments: (): readonly Segment[] => segments,
    slices: (): readonly Slice[] => slices,
    /** Where the next slice starts; undefined before the first. */
    edge(): { readonly tick: Tick; readonly sequence: number } | undefined {
      const last = segments.at(-1)
      return last && { tick: endOf(last), sequence: last.sequence + 1 }
    },

    sliceOf(sequence: number): { readonly slice: Slice; readonly segment: Segment } | undefined {
      // Sequences have no holes, so the place in the array follows from the first one.
      const index = sequence - (segments[0]?.sequence ?? 0)
      const segment = segments[index]
      const slice = owners[index]
      return segment && slice && segment.sequence === sequence ? { slice, segment } : undefined
    },

    airings(from: Tick, to: Tick): readonly Airing[] {
      const found: Airing[] = []
      for (const slice of slices) {
        if (slice.to <= from || slice.from >= to || !slice.airing) continue
        const airing = firstWords.get(keyOf(slice.airing)) ?? slice.airing
        if (!found.includes(airing)) found.push(airing)
      }
      return found
    },

    packagesAround(at: Instant): ReadonlyMap<PackageId, number> {
      const from = tickAt(at) - BANDWIDTH_TICKS
      const to = tickAt(at) + BANDWIDTH_TICKS
      const ticks = new Map<PackageId, number>()
      for (const run of [...slices, ...(deps.plan()?.items ?? [])]) {
        const overlap = Math.min(run.to, to) - Math.max(run.from, from)
        if (overlap > 0) ticks.set(run.source.package, (ticks.get(run.source.package) ?? 0) + overlap)
      }
      return ticks
    },
  }
}
export type AiredChannel = ReturnType<typeof createAiredChannel>

const keyOf = ({ slot, scheduledFrom }: Airing): string => `${slot}@${scheduledFrom}`

const endOf = (segment: Segment | undefined): Tick => ((segment?.from ?? 0) + (segment?.ticks ?? 0)) as Tick
