import type { Piece } from './pieces.ts'
import type { Occurrence } from './schedule.ts'
import { TICK_MS, nearestTick, tick, type Instant, type Tick } from './time.ts'

/**
 * Who is on air when, where occurrences overlap. The one rule:
 *
 * - The higher priority is on air. What it covers goes on underneath and is back, where it would be by then, when the cover ends.
 * - Of equal priority, the one that starts later ends the earlier. Starting together, a hard start wins, then the first by id.
 * - A hard start happens on its tick. A soft one waits for the clip before to end, but not longer than it may. One that follows the
 *   previous waits until nothing of its own priority or a higher one is left running.
 * - One that waits while another of its priority starts, or until its own slot comes round again, has missed its turn.
 * - Running over is a favour, not a claim: any hard start ends it.
 */
export type Run = {
  readonly occurrence: Occurrence
  readonly from: Tick
  /** Where its own time ends; from here to `to` it runs over. */
  readonly ownEnd: Tick
  readonly to: Tick
  readonly pieces: readonly Piece[]
}

export type Known = { readonly at: Tick; readonly scheduledFrom: Instant; isOf(occurrence: Occurrence): boolean }

/** A stretch of time with one run on air, or nothing. Stretches touch. */
export type Stretch = { readonly from: Tick; readonly to: Tick; readonly run: Run | null }

export type Settling = {
  readonly occurrences: readonly Occurrence[]
  readonly from: Tick
  readonly to: Tick
  /** What an occurrence comes to when it starts at this tick; null when none of its time is left. */
  enter(occurrence: Occurrence, at: Tick): Run | null
  /** An occurrence that has begun at a tick, whatever its start policy says: viewers have seen it. */
  readonly known?: Known | undefined
}

type Arrival = { readonly occurrence: Occurrence; readonly at: Tick; readonly start: keyof typeof START_ORDER }
type Waiting = { readonly arrival: Arrival; readonly until: Tick }

// The known one comes after all that began at its tick: it is what was on air in the end.
const START_ORDER = { soft: 0, hard: 1, known: 2, 'after-previous': 3 } as const
const NEVER = Number.POSITIVE_INFINITY as Tick

export function settled(settling: Settling): Stretch[] {
  const arrivals = arrivalsOf(settling).sort(inOrder)
  const cuts = new Map<Run, Tick>()
  const stretches: Stretch[] = []
  let active: Run[] = []
  let waiting: Waiting[] = []
  let next = 0
  let now = tick(Math.min(settling.from, arrivals[0]?.at ?? settling.from))

  const end = (isEnded: (run: Run) => boolean) => {
    for (const run of active) if (isEnded(run)) cuts.set(run, now)
    active = active.filter((run) => !isEnded(run))
  }
  const begin = (arrival: Arrival) => {
    const run = settling.enter(arrival.occurrence, now)
    if (!run) return
    const { priority } = arrival.occurrence.slot
    end((other) => other.occurrence.slot.priority === priority || (isPunctual(arrival) && other.ownEnd <= now))
    waiting = waiting.filter(
      (other) => other.arrival.occurrence.slot.priority !== priority || inOrder(other.arrival, arrival) > 0,
    )
    active.push(run)
  }
  const isClear = (arrival: Arrival) => !active.some((run) => run.occurrence.slot.priority >= arrival.occurrence.slot.priority)

  while (now < settling.to) {
    active = active.filter((run) => run.to > now)
    const before = topOf(active)
    for (let arrival = arrivals[next]; arrival && arrival.at <= now; arrival = arrivals[++next]) {
      waiting = waiting.filter((other) => other.arrival.occurrence.slot !== arrival.occurrence.slot)
      const until = waitOf(
        arrival,
        active.find((run) => run === before),
        now,
      )
      if (arrival.start === 'after-previous' ? isClear(arrival) : until <= now) begin(arrival)
      else waiting.push({ arrival, until })
    }
    for (const each of [...waiting]) {
      if (!waiting.includes(each)) continue
      if (each.arrival.start === 'after-previous' ? !isClear(each.arrival) : each.until > now) continue
      waiting = waiting.filter((other) => other !== each)
      begin(each.arrival)
    }
    const events = [
      settling.to,
      arrivals[next]?.at ?? NEVER,
      ...active.map((run) => run.to),
      ...waiting.map((each) => each.until),
    ]
    const upTo = tick(Math.min(...events.filter((at) => at > now)))
    push(stretches, { from: now, to: upTo, run: topOf(active) })
    now = upTo
  }
  return withCuts(stretches, cuts)
}

const isPunctual = ({ start }: Arrival): boolean => start === 'hard' || start === 'known'

function arrivalsOf({ occurrences, known }: Settling): Arrival[] {
  return occurrences.map((occurrence): Arrival => {
    const at = nearestTick(occurrence.from)
    if (!known) return { occurrence, at, start: occurrence.slot.start.kind }
    if (known.isOf(occurrence)) return { occurrence, at: known.at, start: 'known' }
    // What follows the previous stands in line behind the known one, however late that was.
    const isBehind = occurrence.slot.start.kind === 'after-previous' && known.scheduledFrom < occurrence.from
    return { occurrence, at: isBehind ? tick(Math.max(at, known.at)) : at, start: occurrence.slot.start.kind }
  })
}

function inOrder(a: Arrival, b: Arrival): number {
  const [x, y] = [a.occurrence.slot, b.occurrence.slot]
  const byStart = a.at - b.at || START_ORDER[a.start] - START_ORDER[b.start] || a.occurrence.from - b.occurrence.from
  return byStart || x.priority - y.priority || (x.id < y.id ? 1 : x.id > y.id ? -1 : 0)
}

/** How long a start may have to wait for the clip that was on air before it; filler is not worth waiting for. */
function waitOf({ occurrence, at, start }: Arrival, before: Run | undefined, now: Tick): Tick {
  if (start === 'after-previous') return NEVER
  if (start !== 'soft' || occurrence.slot.start.kind !== 'soft' || !before) return now
  const playing = before.pieces.find((piece) => piece.from <= now && now < piece.to && piece.kind === 'asset')
  const patience = Math.floor((occurrence.slot.start.withinSeconds * 1000) / TICK_MS)
  return playing ? tick(Math.min(playing.to, before.to, at + patience)) : now
}

/** Two of equal priority are never active together. */
function topOf(active: readonly Run[]): Run | null {
  return active.reduce<Run | null>(
    (top, run) => (top && top.occurrence.slot.priority > run.occurrence.slot.priority ? top : run),
    null,
  )
}

function push(stretches: Stretch[], stretch: Stretch): void {
  const last = stretches.at(-1)
  if (last && last.run === stretch.run) stretches[stretches.length - 1] = { ...last, to: stretch.to }
  else stretches.push(stretch)
}

/** A run says where it really ended, also in the stretches before its cut was known. */
function withCuts(stretches: readonly Stretch[], cuts: ReadonlyMap<Run, Tick>): Stretch[] {
  const whole = new Map<Run, Run>()
  for (const [run, at] of cuts) whole.set(run, { ...run, to: at, ownEnd: tick(Math.min(run.ownEnd, at)) })
  return stretches.map((stretch) => (stretch.run ? { ...stretch, run: whole.get(stretch.run) ?? stretch.run } : stretch))
}
