import { LRUCache } from 'lru-cache'
import { AAC_FRAMES_PER_TICK, AUDIO_SAMPLES_PER_TICK, FRAMES_PER_TICK, SEGMENT_TICKS } from '#core/time.ts'
import { VIDEO_FRAME_UNITS, isVideo, type RenditionId } from '#core/ladder.ts'
import type { PackageId } from '#core/library.ts'
import type { Segment, Slice } from '#core/slices.ts'
import { segmentHeaders } from './headers.ts'
import type { Packages } from './ports.ts'

/** Turns stored fragments into one on-air segment: `server/cmaf`. */
export type AirSegment = (fragments: readonly Buffer[], options: { sequence: number; tfdt: number; samples: number }) => Buffer

export type SegmentsOptions = {
  readonly packages: Packages
  readonly airSegment: AirSegment
  readonly cacheBytes: number
  /** Stands in for a package whose file is damaged: it exists as long as the station. */
  readonly slate: (form: 'tv' | 'radio') => { readonly id: PackageId; readonly ticks: number }
  readonly onDamage: (id: PackageId, cause: unknown) => void
}

export type StoredSegment = {
  readonly channel: string
  readonly bytes: Buffer
  /** Names and values in turn, as `writeHead` takes them: built once, not for each answer. */
  readonly headers: string[]
}

export const segmentPath = (channel: string, rendition: RenditionId, sequence: number): string =>
  `/hls/${channel}/${rendition}/${sequence}.m4s`

/** Segment bytes, from a bounded memory cache; one read however many ask at once. */
export function createSegments({ packages, airSegment, cacheBytes, slate, onDamage }: SegmentsOptions) {
  const cache = new LRUCache<string, StoredSegment>({ maxSize: cacheBytes, sizeCalculation: ({ bytes }) => bytes.length + 1_024 })
  const reading = new Map<string, Promise<Buffer>>()
  // What was once sent under an address stays what it was, also when the damaged package is made again later.
  const substituted = new LRUCache<string, true>({ max: 10_000 })

  async function read(
    key: string,
    form: 'tv' | 'radio',
    rendition: RenditionId,
    slice: Slice,
    segment: Segment,
  ): Promise<Buffer> {
    if (!substituted.has(key)) {
      try {
        return await assemble(slice.source.package, rendition, segment, segment.offset)
      } catch (cause) {
        onDamage(slice.source.package, cause)
        substituted.set(key, true)
      }
    }
    const standIn = slate(form)
    const wholeSegments = Math.floor(standIn.ticks / SEGMENT_TICKS)
    // Two fragments are needed for a segment of 7 ticks, so the last start is one before the end.
    return assemble(standIn.id, rendition, segment, (segment.sequence % Math.max(1, wholeSegments - 1)) * SEGMENT_TICKS)
  }

  async function assemble(id: PackageId, rendition: RenditionId, segment: Segment, offset: number): Promise<Buffer> {
    const count = Math.ceil(segment.ticks / SEGMENT_TICKS)
    const fragments = await packages.readFragments(id, rendition, offset / SEGMENT_TICKS, count)
    return isVideo(rendition)
      ? airSegment(fragments, {
          sequence: segment.sequence,
          tfdt: segment.from * FRAMES_PER_TICK * VIDEO_FRAME_UNITS,
          samples: segment.ticks * FRAMES_PER_TICK,
        })
      : airSegment(fragments, {
          sequence: segment.sequence,
          tfdt: segment.from * AUDIO_SAMPLES_PER_TICK,
          samples: segment.ticks * AAC_FRAMES_PER_TICK,
        })
  }

  return {
    /** What is in memory, by its whole address: most requests cost one look into a map. */
    cachedAt: (path: string): StoredSegment | undefined => cache.get(path),

    get(
      channel: { readonly id: string; readonly kind: 'tv' | 'radio' },
      rendition: RenditionId,
      aired: { slice: Slice; segment: Segment },
    ): Promise<Buffer> {
      const key = segmentPath(channel.id, rendition, aired.segment.sequence)
      const running = reading.get(key)
      if (running) return running
      const started = read(key, channel.kind, rendition, aired.slice, aired.segment)
        .then((bytes) => {
          cache.set(key, { channel: channel.id, bytes, headers: segmentHeaders(rendition, bytes.length) })
          return bytes
        })
        .finally(() => reading.delete(key))
      reading.set(key, started)
      return started
    },
  }
}
export type Segments = ReturnType<typeof createSegments>
