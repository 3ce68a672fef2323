import { DAY_MS, createLocalTime } from './localTime.ts'
import type { Library } from './library.ts'
import { itemsOf } from './items.ts'
import { createPlayable, type Playable } from './playable.ts'
import { createSlotTimes, type SlotTimes } from './recurrence.ts'
import { rundownOf, type Rundown } from './rundown.ts'
import type { Channel, ChannelId, Occurrence, Schedule, SlotId } from './schedule.ts'
import type { Slice } from './slices.ts'
import {
  TICK_MS,
  instant,
  instantOfTick,
  plusMs,
  tick,
  tickAt,
  type Instant,
  type Span,
  type Tick,
  type TickSpan,
} from './time.ts'
import type { Run } from './settle.ts'
import type { Airing, Timeline } from './timeline.ts'

/** The edge of what is committed: its last slice tells what the listener is in the middle of. */
export type Committed = { readonly tick: Tick; readonly slice?: Slice | undefined }

export type PlanInput = {
  readonly channel: ChannelId
  readonly library: Library
  /** The plan begins at the committed edge when that is later. */
  readonly span: TickSpan
  readonly committed?: Committed | undefined
}

/** Answers every question about one schedule. Taking its crons apart costs some milliseconds: keep it as long as the schedule. */
export type Planner = {
  readonly schedule: Schedule
  /** What is scheduled, overlaps and all, in order of time. */
  occurrencesOf(channel: ChannelId, span: Span): readonly Occurrence[]
  occurrencesOfSlot(slot: SlotId, span: Span): readonly Occurrence[]
  rundownOf(input: PlanInput): Rundown
  timelineOf(input: PlanInput): Timeline
}

/**
 * A plan looks back so far that any two plans see the same past: what started a day before may still be running or may have made
 * others late. Looking back to the start of a day makes all plans of a day start from the same tick.
 */
const LOOK_BACK_DAYS = 2

export function createPlanner(schedule: Schedule): Planner {
  const local = createLocalTime(schedule.zone)
  const times = new Map<SlotId, SlotTimes>(schedule.slots.map((slot) => [slot.id, createSlotTimes(slot, local)]))

  const programmes = new Map(schedule.programmes.map((programme) => [programme.id, programme]))

  const airingOf = (run: Run): Airing => {
    const { slot, from, to } = run.occurrence
    const programme = programmes.get(slot.programme)
    return {
      slot: slot.id,
      programme: slot.programme,
      title: slot.title ?? programme?.title ?? slot.id,
      description: slot.description ?? programme?.description ?? '',
      language: programme?.language ?? '',
      category: programme?.category ?? '',
      isRepeat: slot.isRepeat,
      scheduledFrom: from,
      scheduledTo: to,
      from: run.from,
      to: run.to,
    }
  }

  const occurrencesOf = (channel: ChannelId, span: Span): readonly Occurrence[] =>
    schedule.slots
      .filter((slot) => slot.channel === channel)
      .flatMap((slot) => times.get(slot.id)?.occurrences(span) ?? [])
      .sort((a, b) => a.from - b.from || (a.slot.id < b.slot.id ? -1 : 1))

  const playables = new Map<ChannelId, { readonly library: Library; readonly playable: Playable }>()
  const playableOf = (channel: Channel, library: Library): Playable => {
    const known = playables.get(channel.id)
    if (known?.library === library) return known.playable
    const playable = createPlayable(channel, library)
    playables.set(channel.id, { library, playable })
    return playable
  }

  const planOf = (input: PlanInput) => {
    const channel = schedule.channels.find((candidate) => candidate.id === input.channel)
    if (!channel) throw new RangeError(`The schedule has no channel "${input.channel}".`)
    const from = tick(Math.max(input.span.from, input.committed?.tick ?? input.span.from))
    const origin = originOf(instantOfTick(from))
    const playable = playableOf(channel, input.library)
    const last = input.committed?.slice
    const rundown = rundownOf({
      // Half a tick more: what starts just after the span may be nearest to a tick in it.
      occurrences: occurrencesOf(channel.id, { from: origin, to: plusMs(instantOfTick(input.span.to), TICK_MS / 2) }),
      ordinalOf: (occurrence) => times.get(occurrence.slot.id)?.ordinalOf(occurrence) ?? 0,
      playable,
      span: { from: tickAt(origin), to: input.span.to },
      last,
    })
    return { from, playable, rundown, last }
  }

  return {
    schedule,
    occurrencesOf,
    occurrencesOfSlot: (slot, span) => times.get(slot)?.occurrences(span) ?? [],
    rundownOf(input) {
      const { from, rundown } = planOf(input)
      return rundown.filter((stretch) => stretch.to > from)
    },
    timelineOf(input) {
      const { from, playable, rundown, last } = planOf(input)
      const to = tick(Math.max(from, input.span.to))
      return { channel: input.channel, from, to, items: itemsOf(rundown, { span: { from, to }, playable, last, airingOf }) }
    },
  }
}

const originOf = (from: Instant): Instant => instant((Math.floor(from / DAY_MS) - LOOK_BACK_DAYS) * DAY_MS)
