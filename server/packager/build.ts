import type { FileHandle } from 'node:fs/promises'
import { planOf, type LoudnessTarget, type PackagingPlan } from '#core/packaging.ts'
import { packagingArgs } from '#core/packagingArgs.ts'
import type { MediaFacts, Measurement } from '#core/packagingFacts.ts'
import type { Progress } from '#core/packagingReports.ts'
import type { PackageId } from '#core/library.ts'
import type { PackagedRendition, PackageIndex } from '#core/packageIndex.ts'
import type { Outcome } from '#core/refusal.ts'
import type { ChannelKind } from '#core/schedule.ts'
import { TICK_MS } from '#core/time.ts'
import { StationError } from '../errors.ts'
import { assemble } from './assemble.ts'
import type { Folders, WorkFolder } from './folders.ts'
import type { Packages } from './packages.ts'
import { startRun, type RunEnd } from './run.ts'
import type { CheckedTools } from './tools.ts'
import { verifyPackage } from './verify.ts'

export type BuildJob = {
  readonly id: PackageId
  readonly source: FileHandle
  readonly facts: MediaFacts
  readonly measurement: Measurement
  readonly form: ChannelKind
  readonly target: LoudnessTarget
  /** Draws the picture of a file that has none. */
  card(): Promise<Buffer>
  readonly signal?: AbortSignal
  onPlan?(plan: PackagingPlan): void
  onProgress?(progress: Progress): void
  onVerifying?(): void
}

export type BuildDeps = { readonly folders: Folders; readonly packages: Packages; readonly tools: CheckedTools }

/** ffmpeg may think about hard pictures on a busy machine for a while, but not this long. */
export const STALL_MS = 60_000

/** One file to one finished package: plan, encode, assemble, verify, publish. A refusal leaves nothing behind. */
export async function buildPackage(job: BuildJob, deps: BuildDeps): Promise<Outcome<PackageIndex>> {
  const planned = planOf(job.facts, job.measurement, job)
  if (!planned.ok) return planned
  const plan = planned.value
  job.onPlan?.(plan)
  const work = await deps.folders.openWork()
  try {
    const before = await job.source.stat()
    const renditions = await encode(job, plan, { tools: deps.tools, work })
    const index: PackageIndex = { version: 1, id: job.id, form: job.form, ticks: plan.ticks, renditions }
    job.onVerifying?.()
    const watched = job.signal ? { signal: job.signal } : {}
    await verifyPackage(work.path, index, { tools: deps.tools, picture: plan.picture, ...watched })
    if (job.signal?.aborted) return failed('CANCELLED', 'Packaging was cancelled.')
    const after = await job.source.stat()
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      return failed('CHANGED', 'The file was changed while it was packaged.')
    }
    // another server on the same data may have been faster; its bytes may be on air already
    const faster = await deps.packages.wholeOrGone(job.id)
    if (faster) return { ok: true, value: faster }
    await work.publish(index)
    deps.packages.noteNew(job.id)
    return { ok: true, value: index }
  } catch (error) {
    if (job.signal?.aborted) return failed('CANCELLED', 'Packaging was cancelled.')
    return refusalOf(error)
  } finally {
    await work.discard()
  }
}

async function encode(
  job: BuildJob,
  plan: PackagingPlan,
  how: { readonly tools: CheckedTools; readonly work: WorkFolder },
): Promise<PackageIndex['renditions']> {
  const { tools, work } = how
  const broken = new AbortController()
  const run = startRun({
    tools,
    command: tools.ffmpeg,
    args: packagingArgs({ plan, facts: job.facts, measurement: job.measurement, target: job.target, abilities: tools.abilities }),
    source: job.source.fd,
    outputs: plan.renditions.length,
    stallMs: STALL_MS,
    signal: job.signal ? AbortSignal.any([job.signal, broken.signal]) : broken.signal,
    ...(plan.picture === 'card' ? { card: await job.card() } : {}),
    ...(job.onProgress ? { onProgress: job.onProgress } : {}),
  })
  await work.noteChild(run.pid)
  const assembled = Promise.all(
    plan.renditions.map((id, index) => assemble(run.outputs[index], id, { plan, directory: work.path })),
  ).catch((error: unknown) => {
    // the other pipes would fill up and stop ffmpeg for ever
    broken.abort()
    throw error
  })
  const [files, end] = await Promise.allSettled([assembled, run.end])
  if (end.status === 'rejected') throw end.reason
  // a full disk is told before the broken pipe that follows from it
  if (files.status === 'rejected' && !(files.reason instanceof StationError)) throw files.reason
  refuseBadEnd(end.value)
  if (files.status === 'rejected') throw files.reason
  return Object.fromEntries(files.value.map((file): [string, PackagedRendition] => [file.id, file]))
}

/** A stall or a crash is the cause of the short files that follow from it, so it is told first. */
function refuseBadEnd(end: RunEnd): void {
  if (end.endedBy === 'stall') {
    throw new StationError('PACKAGING_STALLED', `ffmpeg made no progress for ${STALL_MS / 1000} s and was ended.`)
  }
  if (end.endedBy === 'itself' && end.code === null) {
    throw new StationError('PACKAGING_STALLED', 'ffmpeg was ended by the system, perhaps for want of memory.')
  }
  if (end.endedBy === 'itself' && end.code !== 0) {
    const [last = 'no reason given'] = errorLinesOf(end.log).slice(-1)
    throw new StationError('PACKAGE_INVALID', `ffmpeg gave up: ${last}`, { cause: end.log.slice(-2000) })
  }
}

/** Lines that ffmpeg marks as errors, without the memory addresses of its parts. */
export const errorLinesOf = (log: string): readonly string[] =>
  log
    .split('\n')
    .filter((line) => /\[(error|fatal|panic)\]/.test(line))
    .map((line) => line.replace(/\[(?:[\w,/#:]+ @ 0x[0-9a-f]+|error|fatal|panic)\]\s*/g, '').slice(0, 200))

export const secondsOf = (plan: PackagingPlan): number => (plan.ticks * TICK_MS) / 1000

/** Storage troubles are the machine's, not the file's: they are tried again. */
function refusalOf(error: unknown): Outcome<PackageIndex> {
  if (error instanceof StationError) return failed(error.code, error.message)
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return failed('STORAGE_FULL', 'The disk is full: the package could not be written.')
  return failed('STORAGE', `The package could not be written: ${error instanceof Error ? error.message : String(error)}.`)
}

const failed = (code: string, message: string): Outcome<PackageIndex> => ({ ok: false, problems: [{ code, path: '', message }] })
