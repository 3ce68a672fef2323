import type { ProgrammeId } from './schedule.ts'
import type { Instant } from './time.ts'

/** Content address of a package: 64 lower-case hex digits. Stands in file names, never in anything a person types. */
export type PackageId = string

/** A media file as the planner sees it. */
export type Asset = {
  /** Relative to `media/`, NFC, `/` as separator. */
  readonly path: string
  readonly title: string
  readonly addedAt: Instant
  readonly tags: readonly string[]
  readonly programme?: ProgrammeId
  /** Its house-format forms; a channel takes the one of its kind. Absent while waiting, packaging or failed. */
  readonly tv?: PackagedForm
  readonly radio?: PackagedForm
  /** In the library but no longer on disk and without a package that may air. */
  readonly isMissing: boolean
}

export type PackagedForm = {
  readonly id: PackageId
  /** Length in ticks, >= 2. */
  readonly ticks: number
}

/** Everything playable at one instant, sorted by path. */
export type Library = {
  readonly assets: readonly Asset[]
  /** Built-in pictures and sounds that need no media file; they exist before a channel may air. */
  readonly slate: { readonly tv: PackagedForm; readonly radio: PackagedForm }
}
