import type { FileHandle } from 'node:fs/promises'
import { measureArgs, probeArgs, scanArgs } from '#core/packagingArgs.ts'
import type { MediaFacts, Measurement } from '#core/packagingFacts.ts'
import { factsOf, MEDIA_LIMITS } from '#core/packagingProbe.ts'
import { isInterlacedBy, loudnessOf, type Progress } from '#core/packagingReports.ts'
import type { Outcome } from '#core/refusal.ts'
import { errorLinesOf, STALL_MS } from './build.ts'
import { startRun } from './run.ts'
import type { Tools } from './tools.ts'

/** Looking costs milliseconds; a file that needs this long is a trap. */
const PROBE_LIMIT_MS = 10_000

/** Facts of an open media file, by ffprobe with everything pinned. Refuses what may not be packaged. */
export async function probeMedia(source: FileHandle, tools: Tools): Promise<Outcome<MediaFacts>> {
  const { code, text, log, endedBy } = await startRun({
    tools,
    command: tools.ffprobe,
    args: probeArgs(),
    source: source.fd,
    limitMs: PROBE_LIMIT_MS,
  }).end
  if (endedBy !== 'itself')
    return refused('PROBE_LIMIT', `Looking into the file took more than ${PROBE_LIMIT_MS / 1000} s or gave too much.`)
  if (code !== 0) {
    if (log.includes('max_streams')) return refused('TOO_MANY_STREAMS', `The file has more than ${MEDIA_LIMITS.streams} streams.`)
    const reason = /whitelist/i.test(log)
      ? 'it is a playlist or another kind of file that is not packaged'
      : 'ffprobe cannot read it'
    return refused('UNREADABLE', `This is no media file that can be packaged: ${reason}.`)
  }
  try {
    return factsOf(JSON.parse(text))
  } catch {
    return refused('UNREADABLE', 'This is no media file that can be packaged: ffprobe cannot make sense of it.')
  }
}

export type MeasureOptions = {
  readonly tools: Tools
  readonly signal?: AbortSignal
  noteChild?(pid: number | undefined): Promise<void>
  onProgress?(progress: Progress): void
}

/** Loudness, real length and, where the file does not say, whether its pictures are interlaced. */
export async function measureMedia(
  source: FileHandle,
  facts: MediaFacts,
  options: MeasureOptions,
): Promise<Outcome<Measurement>> {
  let durationMs = 0
  const run = (args: readonly string[]) => ({
    tools: options.tools,
    command: options.tools.ffmpeg,
    args,
    source: source.fd,
    stallMs: STALL_MS,
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const measuring = startRun({
    ...run(measureArgs(facts)),
    onProgress(progress) {
      durationMs = progress.outTimeMs
      options.onProgress?.(progress)
    },
  })
  await options.noteChild?.(measuring.pid)
  const { code, log, endedBy } = await measuring.end
  if (endedBy === 'cancel') return refused('CANCELLED', 'Packaging was cancelled.')
  if (endedBy === 'stall') return refused('PACKAGING_STALLED', 'ffmpeg made no progress while measuring and was ended.')
  if (code !== 0)
    return refused('UNREADABLE', `The file cannot be read through: ${errorLinesOf(log).at(-1) ?? 'ffmpeg gave no reason'}.`)
  let isInterlaced = facts.video?.scan === 'interlaced'
  // a file that says `progressive` may be mistaken: many editors lose the flag
  if (facts.video && !isInterlaced && INTERLACED_HEIGHTS.includes(facts.video.height)) {
    // past leaders and titles, whose still pictures show nothing
    const scan = await startRun(run(scanArgs(facts, durationMs * 0.2))).end
    isInterlaced = isInterlacedBy(scan.log)
  }
  return { ok: true, value: { ...loudnessOf(log), durationMs, isInterlaced } }
}

/** Sizes that were ever broadcast in fields. */
const INTERLACED_HEIGHTS = [480, 486, 512, 576, 608, 1080, 1088]

const refused = (
  code: string,
  message: string,
): { readonly ok: false; readonly problems: readonly [{ code: string; path: string; message: string }] } => ({
  ok: false,
  problems: [{ code, path: '', message }],
})
