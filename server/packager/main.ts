import type { FileHandle } from 'node:fs/promises'
import type { PackagingJob } from '#contract/socket.ts'
import type { PackagedForm, PackageId } from '#core/library.ts'
import { identityOf, type LoudnessTarget } from '#core/packaging.ts'
import type { MediaFacts, Measurement } from '#core/packagingFacts.ts'
import type { ChannelKind } from '#core/schedule.ts'
import { StationError } from '../errors.ts'
import { buildPackage, secondsOf } from './build.ts'
import type { Cards } from './card.ts'
import { packageIdOf, type Folders } from './folders.ts'
import { createJobBoard } from './jobs.ts'
import { measureMedia } from './measure.ts'
import type { Packages } from './packages.ts'
import type { CheckedTools } from './tools.ts'

/** A media file as far as packaging needs to know it; the library's records are such. */
export type Packageable = {
  readonly path: string
  readonly contentHash: string
  readonly title: string
  readonly programme?: string
  readonly isGone: boolean
  readonly facts?: MediaFacts
  readonly measurement?: Measurement
  readonly forms: { readonly [form in ChannelKind]?: PackagedForm }
  readonly staleForms: readonly ChannelKind[]
  readonly failures: { readonly [form in ChannelKind]?: { readonly code: string; readonly message: string } }
}

/** Where files come from and where results go; the library is one. */
export type PackageableSource<Record extends Packageable> = {
  records(): readonly Record[]
  onChange(listener: () => void): () => void
  /** More files may turn up any moment, and one of them may be more urgent. */
  isLooking?(): boolean
  open(record: Record): Promise<FileHandle>
  note(
    path: string,
    contentHash: string,
    news:
      | { readonly measurement: Measurement }
      | { readonly form: ChannelKind; readonly packaged: PackagedForm }
      | { readonly form: ChannelKind; readonly failure: { readonly code: string; readonly message: string } | undefined },
  ): Promise<void>
}

export type PackagerDeps<Record extends Packageable> = {
  readonly source: PackageableSource<Record>
  readonly folders: Folders
  readonly packages: Packages
  readonly tools: CheckedTools
  readonly cards: Cards
  readonly target: LoudnessTarget
  /** Films at a time, 1 when not said; sound, which costs little, has a lane of its own and never waits behind a film. */
  readonly concurrency?: number
  /** Which forms a file is needed in, by the channels that may play it. */
  formsWanted(path: string): readonly ChannelKind[]
  /** Lower is sooner: e.g. seconds until it is due. Asked each time a job is chosen. */
  urgency(path: string, form: ChannelKind): number
  /** How the programme of a title card is called. */
  programmeTitle?(id: string): string | undefined
}

export type Packager = {
  start(): void
  /** Looks for work now, e.g. after the schedule changed. */
  wake(): void
  jobs(): readonly PackagingJob[]
  onProgress(listener: (job: PackagingJob) => void): () => void
  /** Told after each package that became ready. */
  onReady(listener: (path: string, form: ChannelKind) => void): () => void
  /** Ends the job if it runs, and leaves the file alone until `retry`. */
  cancel(path: string, form: ChannelKind): void
  /** Tries again what failed or was cancelled. */
  retry(path: string, form: ChannelKind): Promise<void>
  /** Ends what runs. Nothing half-made stays. */
  close(): Promise<void>
}

/** Troubles of the machine, not of the file. */
const PASSING = ['STORAGE', 'STORAGE_FULL', 'TOOL_MISSING', 'PACKAGING_STALLED', 'CHANGED']
/** Those that last until someone helps: tried again for ever. */
const LASTING = ['STORAGE_FULL', 'TOOL_MISSING']
const MOST_ATTEMPTS = 3
const PAUSE_MS = 20_000
/** A film occupies its lane for minutes: at the start it is chosen when all files are known, or after so long. */
const PATIENCE_MS = 10_000

export function createPackager<Record extends Packageable>(deps: PackagerDeps<Record>): Packager {
  const board = createJobBoard()
  const running = new Map<
    PackageId,
    { readonly key: string; readonly isFilm: boolean; readonly abort: AbortController; readonly done: Promise<void> }
  >()
  const cancelled = new Set<string>()
  /** Passing troubles: how often, and (monotonic) not before when again. */
  const pauses = new Map<string, { readonly attempts: number; readonly untilMs: number }>()
  const readyListeners = new Set<(path: string, form: ChannelKind) => void>()
  let isClosed = false
  let patientUntilMs = 0
  let timer: NodeJS.Timeout | undefined
  let stopListening = (): void => undefined

  const keyOf = (record: Packageable, form: ChannelKind): string => `${form} ${record.contentHash} ${record.path}`
  const idOf = (record: Packageable, form: ChannelKind): PackageId =>
    packageIdOf(identityOf(record.contentHash, form, deps.target))

  type Candidate = { readonly record: Record; readonly form: ChannelKind; readonly key: string; readonly id: PackageId }
  /** Everything that lacks a wanted form; the board is brought up to date on the way. */
  const candidates = (): readonly Candidate[] => {
    const wanted: Candidate[] = []
    const shown = new Set<string>()
    for (const record of deps.source.records()) {
      if (!record.facts || record.isGone) continue
      for (const form of deps.formsWanted(record.path)) {
        shown.add(`${form} ${record.path}`)
        if (record.forms[form] && !record.staleForms.includes(form)) {
          if (board.get(record.path, form)?.state !== 'ready') board.remove(record.path, form)
          continue
        }
        const key = keyOf(record, form)
        const failure = record.failures[form]
        if (failure) board.set(record.path, form, { state: 'failed', reason: failure.message, secondsLeft: null, speed: null })
        else if (cancelled.has(key)) board.set(record.path, form, CANCELLED)
        else {
          const id = idOf(record, form)
          if (!running.has(id) && !board.get(record.path, form)) board.set(record.path, form, { state: 'waiting' })
          wanted.push({ record, form, key, id })
        }
      }
    }
    for (const { path, form, state } of board.all())
      if (state !== 'ready' && !shown.has(`${form} ${path}`)) board.remove(path, form)
    return wanted
  }

  /** A library that is being read tells of each file: looking once for many of them is enough. */
  const wake = (afterMs = 20): void => {
    if (isClosed) return
    clearTimeout(timer)
    timer = setTimeout(choose, afterMs)
  }

  const isFilmOf = ({ record, form }: Candidate): boolean => form === 'tv' && record.facts?.video !== undefined

  const choose = (): void => {
    const nowMs = performance.now()
    const waiting = candidates().filter(({ id }) => !running.has(id))
    const free = waiting.filter(({ key }) => (pauses.get(key)?.untilMs ?? 0) <= nowMs)
    const order = free
      .map((candidate) => ({ candidate, urgency: deps.urgency(candidate.record.path, candidate.form) }))
      .sort((a, b) => a.urgency - b.urgency || (a.candidate.record.path < b.candidate.record.path ? -1 : 1))
    for (const { candidate } of order) {
      const isFilm = isFilmOf(candidate)
      if (isFilm && nowMs < patientUntilMs && deps.source.isLooking?.()) continue
      const abreast = [...running.values()].filter((job) => job.isFilm === isFilm).length
      // two files of one content share their package: the second finds it ready
      if (abreast < (isFilm ? (deps.concurrency ?? 1) : 1) && !running.has(candidate.id)) launch(candidate)
    }
    if (nowMs < patientUntilMs && waiting.length > 0) wake(patientUntilMs - nowMs)
    else if (waiting.length > free.length) wake(PAUSE_MS / 2)
  }

  const launch = (candidate: Candidate): void => {
    const abort = new AbortController()
    const done = work(candidate, abort.signal)
      .catch((error: unknown) => settle(candidate, troubleOf(error)))
      .finally(() => {
        running.delete(candidate.id)
        wake()
      })
    running.set(candidate.id, { key: candidate.key, isFilm: isFilmOf(candidate), abort, done })
  }

  const work = async (candidate: Candidate, signal: AbortSignal): Promise<void> => {
    const { record, form, id } = candidate
    const { facts } = record
    if (!facts) return
    if (await deps.packages.isWhole(id)) {
      const { ticks } = await deps.packages.index(id)
      return ready(candidate, ticks)
    }
    board.set(record.path, form, { state: 'measuring', percent: 0, speed: null, secondsLeft: null, reason: null })
    const source = await deps.source.open(record).catch(() => undefined)
    // gone or changed: the library will say so, and there is nothing to do until then
    if (!source)
      return settle(candidate, { code: 'CHANGED', message: 'The file changed or vanished before it could be packaged.' })
    try {
      const measured = record.measurement
        ? ({ ok: true, value: record.measurement } as const)
        : await measure(candidate, facts, source, signal)
      if (!measured.ok) return settle(candidate, measured.problems[0])
      const built = await build(candidate, { facts, measurement: measured.value, source, signal })
      if (!built.ok) return settle(candidate, built.problems[0])
      await ready(candidate, built.value.ticks)
    } finally {
      await source.close()
    }
  }

  const measure = async ({ record, form }: Candidate, facts: MediaFacts, source: FileHandle, signal: AbortSignal) => {
    const folder = await deps.folders.openWork()
    try {
      const measured = await measureMedia(source, facts, {
        tools: deps.tools,
        signal,
        noteChild: folder.noteChild,
        onProgress({ outTimeMs, speed }) {
          const share = facts.durationMs ? Math.min(1, outTimeMs / facts.durationMs) : 0
          board.set(record.path, form, { percent: round(share * MEASURED_PERCENT), speed })
        },
      })
      if (measured.ok) await deps.source.note(record.path, record.contentHash, { measurement: measured.value })
      return measured
    } finally {
      await folder.discard()
    }
  }

  type Building = {
    readonly facts: MediaFacts
    readonly measurement: Measurement
    readonly source: FileHandle
    readonly signal: AbortSignal
  }
  const build = ({ record, form, id }: Candidate, { facts, measurement, source, signal }: Building) => {
    let seconds = 0
    const programme = record.programme ? (deps.programmeTitle?.(record.programme) ?? '') : ''
    return buildPackage(
      {
        ...{ id, source, facts, measurement, form, signal },
        target: deps.target,
        card: () =>
          deps.cards.titleCard({
            title: record.title,
            ...(programme ? { above: programme } : {}),
            ...(facts.artist ? { below: facts.artist } : {}),
          }),
        onPlan(plan) {
          seconds = secondsOf(plan)
          board.set(record.path, form, { state: 'packaging', percent: MEASURED_PERCENT, speed: null })
        },
        onProgress({ outTimeMs, speed }) {
          const done = Math.min(1, outTimeMs / 1000 / seconds)
          board.set(record.path, form, {
            percent: round(MEASURED_PERCENT + done * (PACKAGED_PERCENT - MEASURED_PERCENT)),
            speed,
            secondsLeft: speed ? Math.ceil((seconds * (1 - done)) / speed) : null,
          })
        },
        onVerifying: () =>
          board.set(record.path, form, { state: 'verifying', percent: PACKAGED_PERCENT, speed: null, secondsLeft: null }),
      },
      deps,
    )
  }

  const ready = async ({ record, form, id, key }: Candidate, ticks: number): Promise<void> => {
    pauses.delete(key)
    board.set(record.path, form, { state: 'ready', percent: 100, speed: null, secondsLeft: 0, reason: null })
    await deps.source.note(record.path, record.contentHash, { form, packaged: { id, ticks } })
    for (const listener of readyListeners) listener(record.path, form)
  }

  const settle = async ({ record, form, key }: Candidate, trouble = NO_REASON): Promise<void> => {
    if (isClosed) return
    if (trouble.code === 'CANCELLED') return board.set(record.path, form, CANCELLED)
    const attempts = (pauses.get(key)?.attempts ?? 0) + 1
    if (PASSING.includes(trouble.code) && (attempts < MOST_ATTEMPTS || LASTING.includes(trouble.code))) {
      pauses.set(key, { attempts, untilMs: performance.now() + PAUSE_MS })
      return board.set(record.path, form, {
        state: 'waiting',
        percent: 0,
        speed: null,
        secondsLeft: null,
        reason: trouble.message,
      })
    }
    pauses.delete(key)
    board.set(record.path, form, { state: 'failed', speed: null, secondsLeft: null, reason: trouble.message })
    await deps.source.note(record.path, record.contentHash, { form, failure: { code: trouble.code, message: trouble.message } })
  }

  const recordAt = (path: string): Record | undefined => deps.source.records().find((record) => record.path === path)

  return {
    start() {
      patientUntilMs = performance.now() + PATIENCE_MS
      stopListening = deps.source.onChange(() => wake())
      wake()
    },
    wake: () => wake(),
    jobs: board.all,
    onProgress: board.onProgress,
    onReady(listener) {
      readyListeners.add(listener)
      return () => void readyListeners.delete(listener)
    },
    cancel(path, form) {
      const record = recordAt(path)
      if (!record) return
      const key = keyOf(record, form)
      cancelled.add(key)
      for (const job of running.values()) if (job.key === key) job.abort.abort()
      wake()
    },
    async retry(path, form) {
      const record = recordAt(path)
      if (!record) return
      cancelled.delete(keyOf(record, form))
      pauses.delete(keyOf(record, form))
      board.set(path, form, { state: 'waiting', percent: 0, reason: null })
      if (record.failures[form]) await deps.source.note(path, record.contentHash, { form, failure: undefined })
      wake()
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      stopListening()
      for (const { abort } of running.values()) abort.abort()
      await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}

const troubleOf = (error: unknown): { readonly code: string; readonly message: string } => ({
  code: error instanceof StationError ? error.code : 'STORAGE',
  message: error instanceof Error ? error.message : String(error),
})

const MEASURED_PERCENT = 4
const PACKAGED_PERCENT = 90
const round = (percent: number): number => Math.round(percent * 10) / 10
const NO_REASON = { code: 'PACKAGE_INVALID', message: 'Packaging failed without a reason.' }
const CANCELLED = { state: 'cancelled', percent: 0, speed: null, secondsLeft: null, reason: null } as const
