import type { Clip } from './material.ts'
import { SEGMENT_TICKS, tick, type Tick } from './time.ts'
import type { ItemSource, Reason } from './timeline.ts'
import type { Slice } from './slices.ts'

/** One clip laid on the tick grid, playing from its own beginning at `start`; it may be heard from `from` to `to` only. */
export type Piece = {
  readonly kind: ItemSource['kind']
  readonly clip: Clip
  readonly start: Tick
  readonly from: Tick
  readonly to: Tick
  readonly reason: Reason
}

/** What plays one after the other from some place on: clip 0, 1, 2 …; undefined where it has no more. */
export type Sequence = {
  readonly kind: ItemSource['kind']
  readonly reason: Reason
  clipAt(index: number): Clip | undefined
  /** The index of a clip in it that is nearest to `index`; null when it is not among what this sequence may play. */
  indexOf(clip: Pick<Clip, 'path' | 'package'>, near: number): { readonly index: number; readonly clip: Clip } | null
}

/** What was committed last, when it belongs to the sequence at hand: the listener is in the middle of it. */
export type Running = Pick<Slice, 'from' | 'to' | 'source'>

/** Clips in full from `from` on, each begun before `until`. */
export function laidOut(sequence: Sequence, span: { readonly from: Tick; readonly until: Tick }, running?: Running): Piece[] {
  const planned = layFrom(sequence, { ...span, index: 0 })
  return running ? goOn(sequence, planned, { ...span, running }) : planned
}

function layFrom(sequence: Sequence, at: { readonly from: Tick; readonly until: Tick; readonly index: number }): Piece[] {
  const pieces: Piece[] = []
  let from = at.from
  for (let index = at.index; from < at.until; index++) {
    const clip = sequence.clipAt(index)
    if (!clip) break
    const to = tick(from + clip.ticks)
    pieces.push({ kind: sequence.kind, clip, start: from, from, to, reason: sequence.reason })
    from = to
  }
  return pieces
}

/**
 * The plan, unless the running clip does not fit into it, because the library or the schedule changed while it played: then it plays to
 * its end and the sequence goes on from there.
 */
function goOn(
  sequence: Sequence,
  planned: readonly Piece[],
  { from, until, running }: { readonly from: Tick; readonly until: Tick; readonly running: Running },
): Piece[] {
  const start = tick(running.from - running.source.offset)
  const lastTick = running.to - 1
  const plannedIndex = planned.findIndex((piece) => piece.from <= lastTick && lastTick < piece.to)
  const there = planned[plannedIndex]
  // A clip that was entered late began up to 5 ticks before its GOP; its end stays where it was planned.
  const late = there ? start - there.start : Number.NaN
  if (there?.clip.package === running.source.package && 0 <= late && late < SEGMENT_TICKS) return [...planned]
  const found = sequence.indexOf(running.source, Math.max(0, plannedIndex))
  if (!found || running.source.kind !== sequence.kind) return [...planned]
  const piece: Piece = {
    kind: sequence.kind,
    clip: found.clip,
    start,
    from: tick(Math.max(from, start)),
    to: tick(start + found.clip.ticks),
    reason: sequence.reason,
  }
  const before = planned
    .filter((earlier) => earlier.from < piece.from)
    .map((earlier) => (earlier.to > piece.from ? { ...earlier, to: piece.from } : earlier))
  return [...before, piece, ...layFrom(sequence, { from: piece.to, until, index: found.index + 1 })]
}

/** Only what lies within the span. */
export function clipped(pieces: readonly Piece[], from: Tick, to: Tick): Piece[] {
  return pieces
    .filter((piece) => piece.from < to && from < piece.to)
    .map((piece) => ({ ...piece, from: tick(Math.max(piece.from, from)), to: tick(Math.min(piece.to, to)) }))
}
