import type { PackagedForm } from '#core/library.ts'
import type { MediaFacts, Measurement } from '#core/packagingFacts.ts'
import type { ChannelKind } from '#core/schedule.ts'
import type { Instant } from '#core/time.ts'

/** Everything known about one file of `media/`, plain JSON. Survives restarts so that nothing is probed or packaged twice. */
export type AssetRecord = {
  /** Relative to `media/`, NFC, `/` as separator. The key. */
  readonly path: string
  readonly sizeBytes: number
  /** Of the file, whole milliseconds; with the size it tells whether the content must be read again. */
  readonly modifiedMs: number
  /** SHA-256 of the content, hex. */
  readonly contentHash: string
  /** When this path was first seen. */
  readonly addedAt: Instant
  readonly title: string
  readonly programme?: string
  readonly tags: readonly string[]
  /** No longer on disk. */
  readonly isGone: boolean
  /** Absent when the file was refused. */
  readonly facts?: MediaFacts
  readonly measurement?: Measurement
  /** Why the file is not something that may be packaged. */
  readonly refusal?: Trouble
  readonly forms: { readonly [form in ChannelKind]?: PackagedForm }
  /** Those of `forms` that still hold the content before the last change; they air until their successors are ready. */
  readonly staleForms: readonly ChannelKind[]
  /** Packaging that failed; not tried again until the content changes. */
  readonly failures: { readonly [form in ChannelKind]?: Trouble }
}

/** `code` lets the web app say it in the reader's language; `message` is the English sentence. */
export type Trouble = { readonly code: string; readonly message: string }

/** `put` replaces the record of the same path. */
export type AssetStore = {
  all(): Promise<readonly AssetRecord[]>
  put(record: AssetRecord): Promise<void>
  remove(path: string): Promise<void>
}
