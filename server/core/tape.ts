import type { Clip } from './material.ts'
import { seedOf, shuffled } from './seed.ts'

/** A list laid end to end for ever: what plays at place 0, 1, 2 … It comes round after `period` places. */
export type Tape = {
  readonly period: number
  clipAt(place: number): Clip
  /** The place after the clips that are begun within `ticks` from the beginning of `place`, within the period. */
  placeAfter(place: number, ticks: number): number
  /** Moves on with time by the shortest clip: a later stretch never begins before the place an earlier one had come to. */
  placeByTime(tick: number): number
}

/** In the order given, over and over. */
export const orderedTape = (clips: readonly Clip[]): Tape => tapeOf(clips)

/**
 * Shuffled over and over, each round differently and without quick repeats: one half of the list always plays before the other and only
 * the order within a half changes, so at least half of the list lies between two plays of the same clip.
 */
export function shuffledTape(clips: readonly Clip[], seed: string): Tape {
  const nameOf = (clip: Clip) => clip.path
  const halves = shuffled(clips, nameOf, seed)
  const middle = Math.floor(clips.length / 2)
  const [first, second] = [halves.slice(0, middle), halves.slice(middle)]
  // A short list is heard through often and needs more rounds before the first comes back.
  const rounds = clips.length < 64 ? 8 : 2
  return tapeOf(
    Array.from({ length: rounds }, (_, round) => `${seed} ${round}`).flatMap((roundSeed) => [
      ...shuffled(first, nameOf, roundSeed),
      ...shuffled(second, nameOf, roundSeed),
    ]),
    seedOf(seed),
  )
}

function tapeOf(clips: readonly Clip[], phase = 0): Tape {
  const period = clips.length
  const ends: number[] = []
  let total = 0
  for (const clip of clips) ends.push((total += clip.ticks))
  const shortest = Math.min(...new Set(clips.map((clip) => clip.ticks)))
  const wrap = (place: number) => ((place % period) + period) % period

  return {
    period,
    clipAt(place) {
      const clip = clips[wrap(place)]
      if (clip === undefined) throw new RangeError('An empty tape has nothing to play.')
      return clip
    },
    placeAfter(place, ticks) {
      const from = wrap(place)
      const beginning = from === 0 ? 0 : (ends[from - 1] ?? 0)
      const target = (beginning + ticks) % total
      return target === 0 ? 0 : wrap(firstAtLeast(ends, target) + 1)
    },
    placeByTime: (tick) => wrap(Math.floor(tick / shortest) + phase),
  }
}

/** Index of the first number >= `target` in an ascending list that has one. */
function firstAtLeast(ascending: readonly number[], target: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) >= target) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Where the occurrence with this ordinal begins on the tape, when occurrence 0 begins at place 0 and each other one where the one before
 * stopped after filling `ticks`. A walk over so many places soon comes to one it has seen: even the ten-thousandth occurrence costs
 * one round.
 */
export function startingPlace(tape: Tape, ordinal: number, ticks: number): number {
  const walked = [0]
  const seenAt = new Map([[0, 0]])
  for (let place = 0; walked.length <= ordinal;) {
    place = tape.placeAfter(place, ticks)
    const earlier = seenAt.get(place)
    if (earlier !== undefined) return walked[earlier + ((ordinal - earlier) % (walked.length - earlier))] ?? 0
    seenAt.set(place, walked.length)
    walked.push(place)
  }
  // Before occurrence 0 there is nothing to go on from.
  return walked[Math.max(0, ordinal)] ?? 0
}
