import { open } from 'node:fs/promises'
import { FRAME_RATE, isVideo, VIDEO_TIMESCALE, type RenditionId } from '#core/ladder.ts'
import type { PackagedRendition } from '#core/packageIndex.ts'
import { AUDIO_RATE, SEGMENT_TICKS, TICK_MS } from '#core/time.ts'
import { segmentOf, type SampleRun } from '../cmaf/air.ts'

/** One rendition of a package while it is written: the init section, then fragment after fragment, each with its place noted. */
export type RenditionFile = {
  start(init: Buffer, codec: string): Promise<void>
  add(run: SampleRun): Promise<void>
  /** Makes the file durable and says what the index must. */
  finish(): Promise<PackagedRendition>
  close(): Promise<void>
}

export async function openRenditionFile(directory: string, id: RenditionId): Promise<RenditionFile> {
  const file = `${id}.mp4`
  const handle = await open(`${directory}/${file}`, 'wx', 0o644)
  const timescale = isVideo(id) ? VIDEO_TIMESCALE : AUDIO_RATE
  const fragments: (readonly [number, number])[] = []
  const durations: number[] = []
  let codec = ''
  let initSize = 0
  let at = 0
  let tfdt = 0
  const write = async (bytes: Buffer): Promise<void> => {
    await handle.writeFile(bytes)
    at += bytes.length
  }
  return {
    async start(init, itsCodec) {
      codec = itsCodec
      initSize = init.length
      await write(init)
    },
    async add(run) {
      const fragment = segmentOf(run, { sequence: fragments.length + 1, tfdt })
      fragments.push([at, fragment.length])
      durations.push((run.sizes.length * run.duration) / timescale)
      tfdt += run.sizes.length * run.duration
      await write(fragment)
    },
    async finish() {
      await handle.sync()
      const seconds = tfdt / timescale
      const averageBps = Math.ceil(((at - initSize) * 8) / Math.max(seconds, 1 / FRAME_RATE))
      const sizes = fragments.map(([, size]) => size)
      return {
        id,
        file,
        codec,
        timescale,
        averageBps,
        peakBps: Math.max(averageBps, peakOf(sizes, durations)),
        init: [0, initSize],
        fragments,
      }
    },
    close: () => handle.close(),
  }
}

const TARGET_SECONDS = Math.round((SEGMENT_TICKS * TICK_MS) / 1000)

/** RFC 8216 §4.1: the largest rate of any contiguous run of segments lasting 0.5 to 1.5 target durations. */
export function peakOf(sizes: readonly number[], seconds: readonly number[]): number {
  let peak = 0
  for (let first = 0; first < sizes.length; first++) {
    let bytes = 0
    let duration = 0
    for (let last = first; last < sizes.length; last++) {
      bytes += sizes[last] ?? 0
      duration += seconds[last] ?? 0
      if (duration > 1.5 * TARGET_SECONDS) break
      if (duration >= 0.5 * TARGET_SECONDS) peak = Math.max(peak, Math.ceil((bytes * 8) / duration))
    }
  }
  return peak
}
