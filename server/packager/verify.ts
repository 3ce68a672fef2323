import { open, type FileHandle } from 'node:fs/promises'
import { AUDIO_LADDER, isVideo, renditionsOf, VIDEO_FRAME_UNITS, VIDEO_LADDER, type RenditionId } from '#core/ladder.ts'
import { fragmentSamples, type PackagingPlan } from '#core/packaging.ts'
import { decodeArgs } from '#core/packagingArgs.ts'
import type { PackagedRendition, PackageIndex } from '#core/packageIndex.ts'
import { AAC_FRAME_SAMPLES, SEGMENT_TICKS } from '#core/time.ts'
import { NAL, nalsOf, nalType, parseSps } from '../cmaf/avc.ts'
import { findBox } from '../cmaf/boxes.ts'
import { isSync, parseFragment } from '../cmaf/fragment.ts'
import { parseInit } from '../cmaf/init.ts'
import { StationError } from '../errors.ts'
import { startRun } from './run.ts'
import type { Tools } from './tools.ts'

/**
 * The gate before the air. Reads back every byte of a finished package and decodes it; throws PACKAGE_INVALID with the first rule that
 * is broken. An encoder's exit code is no evidence of anything.
 */
export async function verifyPackage(
  directory: string,
  index: PackageIndex,
  how: { readonly tools: Tools; readonly picture: PackagingPlan['picture']; readonly signal?: AbortSignal },
): Promise<void> {
  const check = async (id: RenditionId): Promise<void> => {
    const rendition = index.renditions[id]
    if (!rendition) throw invalid(id, 'is missing')
    const handle = await open(`${directory}/${rendition.file}`, 'r')
    try {
      const init = await readExactly(handle, id, rendition.init)
      checkInit(id, init)
      await checkFragments(handle, rendition, index.ticks)
      const repeats = isVideo(id) && how.picture === 'card'
      await checkDecoding(handle, rendition, { ...how, init, ticks: index.ticks, repeats })
    } finally {
      await handle.close()
    }
  }
  const checks = await Promise.allSettled(renditionsOf(index.form).map(check))
  for (const { reason } of checks.filter((result) => result.status === 'rejected')) throw reason
}

function checkInit(id: RenditionId, init: Buffer): void {
  const facts = parseInit(init)
  if ((facts.kind === 'video') !== isVideo(id)) throw invalid(id, `holds ${facts.kind}`)
  if (findBox(init, ['moov', 'trak', 'edts'])) throw invalid(id, 'has an edit list')
}

async function checkFragments(handle: FileHandle, rendition: PackagedRendition, ticks: number): Promise<void> {
  const { id } = rendition
  const kind = isVideo(id) ? 'video' : 'audio'
  const duration = kind === 'video' ? VIDEO_FRAME_UNITS : AAC_FRAME_SAMPLES
  const due = Math.ceil(ticks / SEGMENT_TICKS)
  if (rendition.fragments.length !== due) throw invalid(id, `has ${rendition.fragments.length} fragments, ${due} are due`)
  let end = rendition.init[1]
  let tfdt = 0
  for (const [number, range] of rendition.fragments.entries()) {
    const at = `fragment ${number}`
    const fragment = parseFragment(await readExactly(handle, id, range))
    const samples = fragmentSamples(kind, ticks, number)
    if (range[0] !== end) throw invalid(id, `${at} does not follow the one before`)
    if (fragment.sizes.length !== samples) throw invalid(id, `${at} has ${fragment.sizes.length} samples, ${samples} are due`)
    if (fragment.tfdt !== tfdt) throw invalid(id, `${at} starts at ${fragment.tfdt}, not at ${tfdt}`)
    if (fragment.durations.some((units) => units !== duration))
      throw invalid(id, `${at} has samples that do not last ${duration} units`)
    if (fragment.compositionOffsets.some((offset) => offset !== 0)) throw invalid(id, `${at} has pictures out of order`)
    if (!isSync(fragment.flags[0] ?? ~0)) throw invalid(id, `${at} does not start with a sync sample`)
    if (fragment.sizes.some((size) => size === 0)) throw invalid(id, `${at} has an empty sample`)
    if (isVideo(id)) checkPictures(id, at, fragment.media.subarray(0, fragment.sizes[0]))
    end += range[1]
    tfdt += samples * duration
  }
  const { size } = await handle.stat()
  if (size !== end) throw invalid(id, `has ${size} bytes, the index says ${end}`)
}

/** The IDR that opens a fragment: parameter sets in band, and within what the one init section promises. */
function checkPictures(id: RenditionId, at: string, first: Buffer): void {
  const rung = VIDEO_LADDER.find((rendition) => rendition.id === id)
  const nals = nalsOf(first)
  const sps = nals.find((nal) => nalType(nal) === NAL.sps)
  if (!sps || !nals.some((nal) => nalType(nal) === NAL.pps)) throw invalid(id, `${at} has no parameter sets in band`)
  if (!nals.some((nal) => nalType(nal) === NAL.idr)) throw invalid(id, `${at} does not start with an IDR picture`)
  const found = parseSps(sps)
  const profile = rung?.profile === 'high' ? 100 : 77
  const fits =
    rung &&
    found.width === rung.width &&
    found.height === rung.height &&
    found.level <= rung.level &&
    found.profile <= profile &&
    found.isProgressive
  if (!fits)
    throw invalid(
      id,
      `${at} is ${found.width} × ${found.height}, profile ${found.profile}, level ${found.level}: not the house's`,
    )
}

type Decoding = {
  readonly tools: Tools
  readonly signal?: AbortSignal
  readonly init: Buffer
  readonly ticks: number
  readonly repeats: boolean
}

/** Decodes with libavcodec and counts. A still's fragments are the same bytes: the first and the last stand for all. */
async function checkDecoding(handle: FileHandle, rendition: PackagedRendition, how: Decoding): Promise<void> {
  const { id, fragments } = rendition
  const kind = isVideo(id) ? 'video' : 'audio'
  const chosen = how.repeats ? [...new Set([0, fragments.length - 1])] : [...fragments.keys()]
  const due = chosen.reduce((sum, number) => sum + fragmentSamples(kind, how.ticks, number), 0)
  const ranges = chosen.flatMap((number) => (fragments[number] ? [fragments[number]] : []))
  const parts = how.repeats
    ? [how.init, ...(await Promise.all(ranges.map((range) => readExactly(handle, id, range))))]
    : undefined
  const { end } = startRun({
    tools: how.tools,
    command: how.tools.ffprobe,
    args: decodeArgs(parts ? 'input' : 'source'),
    ...(parts ? { input: Buffer.concat(parts) } : { source: handle.fd }),
    ...(how.signal ? { signal: how.signal } : {}),
    limitMs: 60_000 + how.ticks * 320,
  })
  const { text, log, endedBy } = await end
  if (endedBy === 'cancel') return
  const decoded = Number.parseInt(text, 10)
  if (log.trim() !== '') throw invalid(id, `does not decode cleanly: ${log.trim().split('\n')[0] ?? ''}`)
  if (decoded !== due) throw invalid(id, `decodes to ${Number.isNaN(decoded) ? 0 : decoded} frames, ${due} are due`)
}

async function readExactly(handle: FileHandle, id: RenditionId, [offset, size]: readonly [number, number]): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size)
  const { bytesRead } = await handle.read(buffer, 0, size, offset)
  if (bytesRead !== size) throw invalid(id, `has ${bytesRead} of ${size} bytes at ${offset}`)
  return buffer
}

const NAMES = new Map<string, string>([
  ...VIDEO_LADDER.map(({ id, height }) => [id, `${height}p picture`] as const),
  ...AUDIO_LADDER.map(({ id, kbps }) => [id, `${kbps} kbit/s sound`] as const),
])

const invalid = (id: RenditionId, what: string): StationError =>
  new StationError('PACKAGE_INVALID', `The package's ${NAMES.get(id) ?? id} ${what}.`)
