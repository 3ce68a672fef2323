import type { Instant } from './time.ts'

/**
 * What the editors wrote: channels, programmes and the slots that put programmes on channels. Plain data, valid by construction
 * (`server/schedules` turns YAML and API bodies into this, with refusals).
 */
export type ChannelKind = 'tv' | 'radio'
export type ChannelId = string
export type ProgrammeId = string
export type SlotId = string

export type Schedule = {
  /** IANA name, e.g. `Asia/Ho_Chi_Minh`. All local times of the schedule are in it. */
  readonly zone: string
  readonly channels: readonly Channel[]
  readonly programmes: readonly Programme[]
  readonly slots: readonly Slot[]
}

export type Channel = {
  /** Lower-case letters, digits and hyphens; part of public addresses. */
  readonly id: ChannelId
  readonly kind: ChannelKind
  readonly name: string
  /** What the channel is for, a few words. */
  readonly strapline: string
  /** BCP 47. */
  readonly language: string
  /** E.g. `FM 98,6 MHz`; absent when the channel has none. */
  readonly frequency?: string
  /** Names one of the weave marks of the web app: `ms1`, `ms2`, `fm`, `tb`. */
  readonly mark: string
  readonly order: number
  /** Plays whenever nothing else does. */
  readonly filler: Play
}

export type Programme = {
  readonly id: ProgrammeId
  readonly title: string
  readonly description: string
  readonly language: string
  /** E.g. `thoi-su`, `ca-nhac`; the words for it are the web app's. */
  readonly category: string
}

/** What to play. Paths are relative to `media/`, NFC, with `/`. */
export type Play =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string; readonly order: PlayOrder }
  | { readonly kind: 'tag'; readonly tag: string; readonly order: PlayOrder }
  /** The most recently added file of a programme (its folder or its `programme` tag). */
  | { readonly kind: 'newest'; readonly programme: ProgrammeId }
export type PlayOrder = 'in-order' | 'shuffle'

export type StartPolicy =
  /** On the tick nearest to the scheduled instant, whatever is running. */
  | { readonly kind: 'hard' }
  /** Waits for the item before to end, at most this long. */
  | { readonly kind: 'soft'; readonly withinSeconds: number }
  /** Starts when the slot before it ends, however late. */
  | { readonly kind: 'after-previous' }

export type EndPolicy =
  /** Cut at the slot's end; short material is followed by filler. */
  | { readonly kind: 'cut' }
  /** The item running at the slot's end may finish, at most this long after it. */
  | { readonly kind: 'run-over'; readonly upToSeconds: number }
  /** Play on from the list (repeating) until the slot's end, then cut. */
  | { readonly kind: 'fill' }

export type Slot = {
  readonly id: SlotId
  readonly channel: ChannelId
  readonly programme: ProgrammeId
  /** Overrides the programme's title and description for this slot. */
  readonly title?: string
  readonly description?: string
  readonly when: Recurrence
  readonly durationSeconds: number
  readonly play: Play
  readonly start: StartPolicy
  readonly end: EndPolicy
  /** Higher wins where slots overlap. Default 0. */
  readonly priority: number
  /** A repeat of an earlier airing, said so in the guide. */
  readonly isRepeat: boolean
}

export type Recurrence =
  | {
      readonly kind: 'cron'
      /** 5 or 6 fields, day-of-month AND day-of-week (like node-cron). */
      readonly cron: string
      /** First and last local day, `YYYY-MM-DD`, both inclusive. */
      readonly validFrom?: string
      readonly validUntil?: string
      /** Local days without this slot. */
      readonly excluded: readonly string[]
    }
  /** One-off, local date-time `YYYY-MM-DDTHH:mm[:ss]`. */
  | { readonly kind: 'once'; readonly at: string }

/** One firing of a slot. */
export type Occurrence = {
  readonly slot: Slot
  /** When it is scheduled to start and end. */
  readonly from: Instant
  readonly to: Instant
}
