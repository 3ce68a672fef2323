import { clipped, laidOut, type Piece, type Running } from './pieces.ts'
import type { Playable } from './playable.ts'
import type { Occurrence, Slot } from './schedule.ts'
import { settled, type Run, type Stretch } from './settle.ts'
import type { Slice } from './slices.ts'
import { TICK_MS, nearestTick, tick, type Tick, type TickSpan } from './time.ts'

/** The occurrences of a span in order, overlaps settled (`settle.ts` states the rule), each with what it plays. */
export type Rundown = readonly Stretch[]

export type RundownInput = {
  readonly occurrences: readonly Occurrence[]
  readonly ordinalOf: (occurrence: Occurrence) => number
  readonly playable: Playable
  readonly span: TickSpan
  readonly last: Slice | undefined
}

export function rundownOf({ occurrences, ordinalOf, playable, span, last }: RundownInput): Rundown {
  const onAirNow = last?.airing
  const isOnAirNow = (occurrence: Occurrence) =>
    onAirNow !== undefined && onAirNow.slot === occurrence.slot.id && onAirNow.scheduledFrom === occurrence.from

  return settled({
    occurrences,
    ...span,
    // What viewers have seen beginning has begun, even if it would begin otherwise by the schedule or the library of now.
    known: onAirNow && { at: onAirNow.from, scheduledFrom: onAirNow.scheduledFrom, isOf: isOnAirNow },
    enter: (occurrence, at) =>
      entered(occurrence, at, {
        ordinal: () => ordinalOf(occurrence),
        playable,
        running: isOnAirNow(occurrence) ? last : undefined,
      }),
  })
}

type Entering = { readonly ordinal: () => number; readonly playable: Playable; readonly running: Slice | undefined }

function entered(occurrence: Occurrence, from: Tick, { ordinal, playable, running }: Entering): Run | null {
  const { slot } = occurrence
  const material = playable.materialOf(slot)
  const ticks = lengthOf(occurrence)
  const pieceTicks = material.kind === 'single' && slot.end.kind !== 'fill' ? material.clip.ticks : null
  const ownEnd = endOf(occurrence, from, pieceTicks)
  if (ownEnd <= from) return null

  const sequence = playable.sequenceOf(occurrence, ordinal, ticks)
  const played = sequence ? laidOut(sequence, { from, until: ownEnd }, assetOf(running)) : []
  const to = slot.end.kind === 'run-over' ? overrunOf(played, ownEnd, slot.end.upToSeconds) : ownEnd
  const standsIn = standInOf(tick(Math.max(from, played.at(-1)?.to ?? from)), to)
  return { occurrence, from, ownEnd, to, pieces: [...clipped(played, from, to), ...standsIn] }

  function standInOf(start: Tick, until: Tick): Piece[] {
    if (start >= until) return []
    const reason = material.kind === 'none' ? material.reason : 'underrun'
    const isInIt = running !== undefined && running.source.kind !== 'asset' && running.to > start
    return clipped(laidOut(playable.standIn(start, reason), { from: start, until }, isInIt ? running : undefined), start, until)
  }
}

const assetOf = (running: Slice | undefined): Running | undefined => (running?.source.kind === 'asset' ? running : undefined)

/** At least one tick. */
export const lengthOf = (occurrence: Occurrence): number => Math.max(1, nearestTick(occurrence.to) - nearestTick(occurrence.from))

/**
 * Where an occurrence's own time ends: as scheduled when it started on time. After a late start a list or a fill still ends as
 * scheduled, so that lateness is made up; a single piece goes on until it is through, but not longer than the slot is; and what
 * follows the previous "however late" keeps its length.
 */
function endOf(occurrence: Occurrence, from: Tick, pieceTicks: number | null): Tick {
  const scheduled = nearestTick(occurrence.from) + lengthOf(occurrence)
  if (from <= nearestTick(occurrence.from)) return tick(scheduled)
  if (pieceTicks !== null) return tick(Math.max(scheduled, from + Math.min(lengthOf(occurrence), pieceTicks)))
  return tick(keepsLength(occurrence.slot) ? from + lengthOf(occurrence) : scheduled)
}

const keepsLength = (slot: Slot): boolean => slot.start.kind === 'after-previous'

function overrunOf(played: readonly Piece[], ownEnd: Tick, upToSeconds: number): Tick {
  const running = played.find((piece) => piece.from < ownEnd && ownEnd < piece.to)
  return running ? tick(Math.min(running.to, ownEnd + Math.floor((upToSeconds * 1000) / TICK_MS))) : ownEnd
}
