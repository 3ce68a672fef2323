import { DAY_MS } from './localTime.ts'
import { clipped, laidOut, type Piece } from './pieces.ts'
import type { Playable } from './playable.ts'
import type { Rundown } from './rundown.ts'
import type { Run, Stretch } from './settle.ts'
import type { Slice } from './slices.ts'
import { SEGMENT_TICKS, TICK_MS, tick, type TickSpan } from './time.ts'
import type { Airing, Item } from './timeline.ts'

type Filling = {
  readonly span: TickSpan
  readonly playable: Playable
  readonly last: Slice | undefined
  readonly airingOf: (run: Run) => Airing
}
type Placed = { readonly piece: Piece; readonly airing: Airing | undefined }

/** A rundown made gap-free: what nothing is scheduled for gets the channel's filler. */
export function itemsOf(rundown: Rundown, filling: Filling): Item[] {
  const { span } = filling
  const airings = new Map<Run, Airing>()
  const airingOf = (run: Run): Airing => {
    const airing = airings.get(run) ?? filling.airingOf(run)
    airings.set(run, airing)
    return airing
  }
  const placed = rundown
    .filter((stretch) => stretch.from < span.to && span.from < stretch.to)
    .flatMap((stretch): Placed[] => {
      const [from, to] = [tick(Math.max(stretch.from, span.from)), tick(Math.min(stretch.to, span.to))]
      const { run } = stretch
      const pieces = run ? run.pieces : gapPieces(stretch, filling)
      return clipped(pieces, from, to).map((piece) => ({ piece, airing: run ? airingOf(run) : undefined }))
    })
  return withoutCrumbs(placed).map(itemOf)
}

/** How long a gap lasts before its filler begins anew each day at midnight UTC, so that no plan need know how long ago it began. */
const LONG_GAP_TICKS = DAY_MS / TICK_MS
const DAY_TICKS = DAY_MS / TICK_MS

function gapPieces(gap: Stretch, { span, playable, last }: Filling): Piece[] {
  const pieces: Piece[] = []
  for (let from = gap.from; from < gap.to && from < span.to;) {
    const midnight = Math.ceil((from + LONG_GAP_TICKS) / DAY_TICKS) * DAY_TICKS
    // From the first such midnight on there is one every day.
    const to = tick(Math.min(gap.to, from === gap.from ? midnight : from + DAY_TICKS))
    if (to > span.from) {
      const isInIt = last !== undefined && last.airing === undefined && from < last.to && last.to <= to
      const laid = laidOut(playable.standIn(from, 'gap'), { from, until: to }, isInIt ? last : undefined)
      for (const piece of clipped(laid, from, to)) pieces.push(piece)
    }
    from = to
  }
  return pieces
}

/** A clip of one tick is a click, not a programme: the clip before it plays on where it can. */
function withoutCrumbs(placed: readonly Placed[]): Placed[] {
  const kept: Placed[] = []
  for (const each of placed) {
    const before = kept.at(-1)
    const isCrumb = each.piece.to - each.piece.from < 2
    if (isCrumb && before && before.airing === each.airing && lastsUntil(before.piece) >= each.piece.to) {
      kept[kept.length - 1] = { ...before, piece: { ...before.piece, to: each.piece.to } }
    } else kept.push(each)
  }
  return kept
}

/** Entered late, a clip plays from the GOP before: what it plays of it is where an entry can be. */
const offsetOf = (piece: Piece): number => Math.floor((piece.from - piece.start) / SEGMENT_TICKS) * SEGMENT_TICKS
/** Up to 5 ticks more than planned, when it was entered late. */
const lastsUntil = (piece: Piece): number => piece.from - offsetOf(piece) + piece.clip.ticks

function itemOf({ piece, airing }: Placed): Item {
  const offset = offsetOf(piece)
  return {
    from: piece.from,
    to: piece.to,
    source: { kind: piece.kind, package: piece.clip.package, offset, path: piece.clip.path },
    ...(airing ? { airing } : {}),
    reason: piece.reason,
  }
}
