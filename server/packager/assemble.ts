import type { Readable } from 'node:stream'
import { isVideo, type RenditionId, VIDEO_FRAME_UNITS } from '#core/ladder.ts'
import { fragmentSamples, type PackagingPlan } from '#core/packaging.ts'
import type { PackagedRendition } from '#core/packageIndex.ts'
import { AAC_FRAME_SAMPLES, FRAMES_PER_TICK, SEGMENT_TICKS } from '#core/time.ts'
import { houseInit, type SampleRun } from '../cmaf/air.ts'
import { adtsFrames } from '../cmaf/adts.ts'
import { codecOf, NAL, nalsOf, nalType, parseSps, sampleOf } from '../cmaf/avc.ts'
import { parseFragment, SYNC_SAMPLE, type Fragment } from '../cmaf/fragment.ts'
import { audioInit, parameterSetsOf, parseInit } from '../cmaf/init.ts'
import { streamedBoxes } from '../cmaf/stream.ts'
import { StationError } from '../errors.ts'
import { openRenditionFile, type RenditionFile } from './renditionFile.ts'

/** Turns what ffmpeg writes to one pipe into the house file of that rendition, on the exact grid, while it comes. */
export async function assemble(
  source: Readable | undefined,
  id: RenditionId,
  into: { plan: PackagingPlan; directory: string },
): Promise<PackagedRendition> {
  if (!source) throw invalid(`There is no pipe for ${id}.`)
  const file = await openRenditionFile(into.directory, id)
  try {
    await (isVideo(id) ? assembleVideo(source, file, into.plan) : assembleAudio(source, file, into.plan))
    return await file.finish()
  } finally {
    await file.close()
  }
}

async function assembleVideo(source: Readable, file: RenditionFile, plan: PackagingPlan): Promise<void> {
  const isStill = plan.picture === 'card'
  const due = isStill ? GOP_FRAMES : plan.frames
  let sets: ParameterSets | undefined
  let moof: Buffer | undefined
  let frames = 0
  for await (const { type, bytes } of streamedBoxes(source)) {
    if (type === 'moov') {
      const { entry } = parseInit(bytes)
      const { sps, pps } = parameterSetsOf(entry)
      const [first] = sps
      if (!first) throw invalid('The picture comes without a sequence parameter set.')
      sets = [...sps, ...pps]
      await file.start(houseInit(bytes), codecOf(parseSps(first)))
    } else if (type === 'moof') {
      moof = bytes
    } else if (type === 'mdat' && moof && sets) {
      const run = pictureRun(parseFragment(Buffer.concat([moof, bytes])), sets)
      frames += run.sizes.length
      if (run.sizes.length !== Math.min(GOP_FRAMES, due - frames + run.sizes.length)) {
        throw invalid(`A group of pictures has ${run.sizes.length} frames; ${frames} of ${due} were written by then.`)
      }
      if (isStill) await repeat(run, file, plan)
      else await file.add(run)
    }
  }
  if (frames !== due) throw invalid(`${frames} frames came out of the encoder, ${due} were planned.`)
}

const GOP_FRAMES = SEGMENT_TICKS * FRAMES_PER_TICK

type ParameterSets = readonly Buffer[]

/** A still is one group of pictures aired again and again; without B-frames every beginning of it is whole. */
async function repeat(run: SampleRun, file: RenditionFile, plan: PackagingPlan): Promise<void> {
  for (let index = 0; index * SEGMENT_TICKS < plan.ticks; index++)
    await file.add(headOf(run, fragmentSamples('video', plan.ticks, index)))
}

function headOf(run: SampleRun, samples: number): SampleRun {
  if (samples === run.sizes.length) return run
  const sizes = run.sizes.subarray(0, samples)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return { ...run, sizes, flags: run.flags.subarray(0, samples), media: [Buffer.concat(run.media).subarray(0, bytes)] }
}

/** Checks what cannot be put right and sees to it that the IDR carries its parameter sets. */
function pictureRun(fragment: Fragment, sets: ParameterSets): SampleRun {
  if (fragment.durations.some((duration) => duration !== VIDEO_FRAME_UNITS)) throw invalid('The pictures are not 40 ms apart.')
  if (fragment.compositionOffsets.some((offset) => offset !== 0)) throw invalid('The pictures are not in showing order.')
  const firstSize = fragment.sizes[0] ?? 0
  const first = withParameterSets(fragment.media.subarray(0, firstSize), sets)
  return {
    sizes: Uint32Array.from(fragment.sizes, (size, index) => (index === 0 ? first.length : size)),
    flags: fragment.flags,
    duration: VIDEO_FRAME_UNITS,
    media: [first, fragment.media.subarray(firstSize)],
  }
}

/** Encoder notes (SEI) are dropped: they name the tool in every package. Access units may not lack SPS and PPS. */
function withParameterSets(sample: Buffer, sets: ParameterSets): Buffer {
  const nals = nalsOf(sample)
  const own = nals.filter((nal) => nalType(nal) === NAL.sps || nalType(nal) === NAL.pps)
  const pictures = nals.filter((nal) => nalType(nal) === NAL.idr || nalType(nal) === NAL.slice)
  return sampleOf([...(own.length > 0 ? own : sets), ...pictures])
}

/** The encoder's first frame only primes the decoder; airing it would shift the sound by 21 ms at every joint. */
const PRIMING_FRAMES = 1

async function assembleAudio(source: Readable, file: RenditionFile, plan: PackagingPlan): Promise<void> {
  await file.start(audioInit(), 'mp4a.40.2')
  let toDrop = PRIMING_FRAMES
  let written = 0
  let gathered: Buffer[] = []
  const fragmentIndex = (): number => Math.floor(written / AAC_FRAMES_PER_FRAGMENT)
  for await (const frame of adtsFrames(source)) {
    if (toDrop > 0) {
      toDrop--
      continue
    }
    // the encoder may flush a frame more than its samples fill
    if (written + gathered.length >= plan.aacFrames) continue
    gathered.push(frame)
    if (gathered.length === fragmentSamples('audio', plan.ticks, fragmentIndex())) {
      await file.add(soundRun(gathered))
      written += gathered.length
      gathered = []
    }
  }
  if (written !== plan.aacFrames)
    throw invalid(`${written + gathered.length} AAC frames came out of the encoder, ${plan.aacFrames} were planned.`)
}

const AAC_FRAMES_PER_FRAGMENT = fragmentSamples('audio', SEGMENT_TICKS, 0)

const soundRun = (frames: readonly Buffer[]): SampleRun => ({
  sizes: Uint32Array.from(frames, (frame) => frame.length),
  flags: new Uint32Array(frames.length).fill(SYNC_SAMPLE),
  duration: AAC_FRAME_SAMPLES,
  media: frames,
})

const invalid = (message: string): StationError => new StationError('PACKAGE_INVALID', message)
