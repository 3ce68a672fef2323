import { realpath, mkdir, type FileHandle } from 'node:fs/promises'
import { watch } from 'chokidar'
import type { Library, PackagedForm, PackageId } from '#core/library.ts'
import type { MediaFacts, Measurement } from '#core/packagingFacts.ts'
import type { Outcome } from '#core/refusal.ts'
import type { ChannelKind } from '#core/schedule.ts'
import type { Clock } from '../clock.ts'
import { libraryOf, namesOf } from './assets.ts'
import { contentHashOf, isOtherKind, mediaFilesOf, openMedia, type MediaFile } from './mediaFiles.ts'
import type { AssetRecord, AssetStore, Trouble } from './store.ts'

export type LibraryDeps = {
  readonly mediaDir: string
  readonly store: AssetStore
  readonly clock: Clock
  /** Facts of an open file, or why it is refused. */
  probe(source: FileHandle): Promise<Outcome<MediaFacts>>
  hasPackage(id: PackageId): boolean
  readonly slate: Library['slate']
  /** A file must keep its size and time so long before it is looked at: copying takes time. */
  readonly settleMs?: number
  /** Told about troubles that are nobody's file: the folder cannot be read, the store does not answer. */
  onTrouble?(message: string, cause: unknown): void
}

export type MediaLibrary = {
  /** Loads what is known, looks through `media/` once, then watches it. Resolves when what is known is loaded. */
  start(): Promise<void>
  /** Everything playable; the same object until something changes. */
  snapshot(): Library
  records(): readonly AssetRecord[]
  /** Still at its first look through `media/`: more urgent files may turn up any moment. */
  isLooking(): boolean
  /** Told after each change; returns how to stop being told. */
  onChange(listener: () => void): () => void
  /** The file of a record, open, with exactly the content that was recorded. Throws MEDIA_REFUSED. */
  open(record: AssetRecord): Promise<FileHandle>
  note(path: string, contentHash: string, news: RecordNews): Promise<void>
  /** Forgets a file that is gone, so that it is not aired any more. */
  forget(path: string): Promise<void>
  /** Looks through `media/` now. */
  rescan(): Promise<void>
  close(): Promise<void>
}

export type RecordNews =
  | { readonly measurement: Measurement }
  | { readonly form: ChannelKind; readonly packaged: PackagedForm }
  | { readonly form: ChannelKind; readonly failure: Trouble | undefined }
  /** The package is damaged: it is made again. */
  | { readonly form: ChannelKind; readonly isLost: true }

/** Also when the system tells of no change (network shares), it is noticed within this time. */
const RESCAN_MS = 60_000
const DEFAULT_SETTLE_MS = 1500

export function createLibrary(deps: LibraryDeps): MediaLibrary {
  const settleMs = deps.settleMs ?? DEFAULT_SETTLE_MS
  const records = new Map<string, AssetRecord>()
  const files = new Map<string, MediaFile>()
  /** Files that changed lately, and since when (monotonic) they have looked the same. */
  const settling = new Map<string, { readonly file: MediaFile; readonly sinceMs: number }>()
  /** TypeScript with the ending `.ts`, by what was looked at. */
  const others = new Map<string, MediaFile>()
  const listeners = new Set<() => void>()
  let current: Library | undefined
  let root = deps.mediaDir
  let scanning: Promise<void> | undefined
  let isScanWanted = false
  let isLooking = true
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  const stops: (() => void | Promise<void>)[] = []

  const changed = (): void => {
    current = undefined
    for (const listener of listeners) listener()
  }
  const put = async (record: AssetRecord): Promise<void> => {
    records.set(record.path, record)
    changed()
    // what is not stored is found out again after the next start; a database that is away holds nothing up
    await deps.store
      .put(record)
      .catch((cause: unknown) => deps.onTrouble?.(`What is known about ${record.path} was not stored.`, cause))
  }
  const remove = async (path: string): Promise<void> => {
    records.delete(path)
    changed()
    await deps.store
      .remove(path)
      .catch((cause: unknown) => deps.onTrouble?.(`What is known about ${path} was not removed.`, cause))
  }

  const isSame = (a: MediaFile | AssetRecord | undefined, b: MediaFile): boolean =>
    a !== undefined && a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs

  const scan = async (): Promise<void> => {
    const seen = await mediaFilesOf(root)
    files.clear()
    for (const file of seen) files.set(file.path, file)
    const nowMs = performance.now()
    for (const file of seen) {
      const record = records.get(file.path)
      if (isSame(record, file) && !record?.isGone) settling.delete(file.path)
      else if (isSame(others.get(file.path), file)) settling.delete(file.path)
      else if (!isSame(settling.get(file.path)?.file, file)) settling.set(file.path, { file, sinceMs: nowMs })
    }
    for (const path of settling.keys()) if (!files.has(path)) settling.delete(path)
    for (const record of records.values()) {
      if (!files.has(record.path) && !record.isGone) await put({ ...record, isGone: true })
    }
    // small ones first: a short piece that is ready beats a film that is being looked at
    const settled = [...settling.values()]
      .filter(({ sinceMs }) => nowMs - sinceMs >= settleMs)
      .sort((a, b) => a.file.sizeBytes - b.file.sizeBytes)
    const work = async (): Promise<void> => {
      for (let next = settled.shift(); next && !isClosed; next = settled.shift()) {
        await examine(next.file)
        settling.delete(next.file.path)
      }
    }
    await Promise.all([work(), work()])
    if (settling.size > 0) later(settleMs / 2)
    else if (isLooking) {
      isLooking = false
      changed()
    }
  }

  const examine = async (file: MediaFile): Promise<void> => {
    const handle = await openMedia(root, file).catch(() => undefined)
    // gone or changing: the next look finds out
    if (!handle) return
    try {
      if (await isOtherKind(handle, file.path)) {
        others.set(file.path, file)
        return
      }
      await put(await recordOf(file, handle))
    } finally {
      await handle.close()
    }
    await dropMoved(file.path)
  }

  const recordOf = async (file: MediaFile, handle: FileHandle): Promise<AssetRecord> => {
    const contentHash = await contentHashOf(handle)
    const before = records.get(file.path)
    const stat = { path: file.path, sizeBytes: file.sizeBytes, modifiedMs: file.modifiedMs, isGone: false }
    if (before?.contentHash === contentHash && !before.refusal) return { ...before, ...stat }
    const twin = [...records.values()].find((record) => record.contentHash === contentHash && record.facts)
    const probed = twin ? undefined : await deps.probe(handle)
    const facts = twin ? twin.facts : probed?.ok ? probed.value : undefined
    const refusal = probed?.ok === false ? troubleOf(probed.problems) : undefined
    return {
      ...stat,
      contentHash,
      addedAt: before?.addedAt ?? deps.clock.now(),
      ...namesOf(file.path, facts),
      ...(facts ? { facts } : {}),
      ...(twin?.measurement ? { measurement: twin.measurement } : {}),
      ...(refusal ? { refusal } : {}),
      // what was there airs until its successor is ready; a successor that is no media replaces it with nothing
      forms: facts ? (before?.forms ?? {}) : {},
      staleForms: facts && before ? formsOf(before) : [],
      failures: {},
    }
  }

  /** A moved file leaves its old place: else a folder would go on playing what is not in it. */
  const dropMoved = async (path: string): Promise<void> => {
    const { contentHash } = records.get(path) ?? {}
    const moved = [...records.values()].filter(
      (record) => record.isGone && record.path !== path && record.contentHash === contentHash,
    )
    for (const record of moved) await remove(record.path)
  }

  const rescan = (): Promise<void> => {
    isScanWanted = true
    scanning ??= (async () => {
      while (isScanWanted && !isClosed) {
        isScanWanted = false
        await scan().catch((cause: unknown) => deps.onTrouble?.(`The folder of media, ${root}, cannot be looked through.`, cause))
      }
    })().finally(() => (scanning = undefined))
    return scanning
  }
  const later = (ms: number): void => {
    if (isClosed) return
    clearTimeout(timer)
    timer = setTimeout(() => void rescan(), ms)
  }

  return {
    async start() {
      await mkdir(deps.mediaDir, { recursive: true })
      root = await realpath(deps.mediaDir)
      // Without the database files are looked at anew, and their packages, which are named by content, are found again.
      const known = await deps.store.all().catch((cause: unknown) => {
        deps.onTrouble?.('What is known about media files could not be read; they are looked at anew.', cause)
        return []
      })
      for (const record of known) records.set(record.path, withPresentForms(record, deps.hasPackage))
      changed()
      void rescan()
      const watcher = watch(root, { followSymlinks: false, ignoreInitial: true, ignorePermissionErrors: true })
      watcher.on('all', () => later(Math.min(200, settleMs / 2)))
      watcher.on('error', (cause) =>
        deps.onTrouble?.(`The folder of media, ${root}, cannot be watched; it is looked through every minute.`, cause),
      )
      const repeat = deps.clock.every(RESCAN_MS, rescan)
      stops.push(
        () => watcher.close(),
        () => repeat.stop(),
      )
    },
    snapshot: () => (current ??= libraryOf(records.values(), deps.slate)),
    records: () => [...records.values()],
    isLooking: () => isLooking,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    open(record) {
      const { path, sizeBytes, modifiedMs } = record
      return openMedia(root, { path, diskPath: files.get(path)?.diskPath ?? path, sizeBytes, modifiedMs })
    },
    async note(path, contentHash, news) {
      const record = records.get(path)
      if (record?.contentHash !== contentHash) return
      await put(recordWith(record, news))
    },
    async forget(path) {
      if (records.get(path)?.isGone) await remove(path)
    },
    rescan,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await Promise.all(stops.map((stop) => stop()))
      await scanning
    },
  }
}

function recordWith(record: AssetRecord, news: RecordNews): AssetRecord {
  if ('measurement' in news) return { ...record, measurement: news.measurement }
  const staleForms = record.staleForms.filter((form) => form !== news.form)
  const { [news.form]: _failure, ...failures } = record.failures
  if ('packaged' in news) return { ...record, staleForms, failures, forms: { ...record.forms, [news.form]: news.packaged } }
  if ('isLost' in news) {
    const { [news.form]: _lost, ...left } = record.forms
    return { ...record, staleForms, forms: left }
  }
  if (!news.failure) return { ...record, failures }
  // what its successor failed to become may not air for ever instead
  const { [news.form]: _form, ...forms } = record.forms
  const kept = record.staleForms.includes(news.form) ? forms : record.forms
  return { ...record, staleForms, forms: kept, failures: { ...failures, [news.form]: news.failure } }
}

const formsOf = (record: AssetRecord): readonly ChannelKind[] => (['tv', 'radio'] as const).filter((form) => record.forms[form])

function withPresentForms(record: AssetRecord, hasPackage: (id: PackageId) => boolean): AssetRecord {
  const forms = Object.fromEntries(Object.entries(record.forms).filter(([, form]) => hasPackage(form.id)))
  return { ...record, forms, staleForms: record.staleForms.filter((form) => form in forms) }
}

const troubleOf = (problems: readonly { readonly code: string; readonly message: string }[]): Trouble => {
  const [first] = problems
  return { code: first?.code ?? 'UNREADABLE', message: first?.message ?? 'The file cannot be read.' }
}
