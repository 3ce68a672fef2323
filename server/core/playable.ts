import type { Library } from './library.ts'
import { materialOf, type Material } from './material.ts'
import type { Sequence } from './pieces.ts'
import type { Channel, Occurrence, Play, Slot } from './schedule.ts'
import { singleSequence, slateSequence, tapeSequence } from './sequences.ts'
import { orderedTape, shuffledTape, startingPlace, type Tape } from './tape.ts'
import type { Tick } from './time.ts'
import type { Reason } from './timeline.ts'

/** What a channel's slots and its filler come to with one library. Remembers lists, so that a plan sorts each only once. */
export type Playable = {
  materialOf(slot: Slot): Material
  /** Null when nothing it plays can air now. */
  sequenceOf(occurrence: Occurrence, ordinal: () => number, ticks: number): Sequence | null
  /** What stands in from a tick on: the channel's filler, else the slate; the same whenever it is asked. */
  standIn(from: Tick, reason: Reason): Sequence
}

export function createPlayable(channel: Channel, library: Library): Playable {
  const materials = new Map<string, Material>()
  const tapes = new Map<string, Tape>()
  const materialFor = (play: Play): Material =>
    remembered(materials, JSON.stringify(play), () => materialOf(play, channel.kind, library))
  const tapeFor = (name: string, material: Extract<Material, { kind: 'list' }>): Tape =>
    remembered(tapes, name, () => (material.isShuffled ? shuffledTape(material.clips, name) : orderedTape(material.clips)))
  const slate = { path: 'slate', package: library.slate[channel.kind].id, ticks: library.slate[channel.kind].ticks }

  return {
    materialOf: (slot) => materialFor(slot.play),
    sequenceOf({ slot }, ordinal, ticks) {
      const material = materialFor(slot.play)
      if (material.kind === 'none') return null
      if (material.kind === 'single') return singleSequence(material, slot.end.kind === 'fill')
      const tape = tapeFor(`slot ${slot.id}`, material)
      return tapeSequence(tape, startingPlace(tape, ordinal(), ticks), { kind: 'asset', reason: 'scheduled' })
    },
    standIn(from, reason) {
      const material = materialFor(channel.filler)
      if (material.kind === 'none') return slateSequence(slate, reason)
      if (material.kind === 'single') return { ...singleSequence(material, true), kind: 'filler', reason }
      const tape = tapeFor(`filler ${channel.id}`, material)
      return tapeSequence(tape, tape.placeByTime(from), { kind: 'filler', reason })
    },
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
}
