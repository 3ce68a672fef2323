import type { Clip, Material } from './material.ts'
import type { Sequence } from './pieces.ts'
import type { Tape } from './tape.ts'
import type { Reason } from './timeline.ts'

type Named = Pick<Clip, 'path' | 'package'>
const isSame = (a: Named, b: Named): boolean => a.package === b.package && a.path === b.path

/** A file or a newest one: once, or over and over. */
export function singleSequence(material: Extract<Material, { kind: 'single' }>, isRepeated: boolean): Sequence {
  const { clip, others } = material
  return {
    kind: 'asset',
    reason: 'scheduled',
    clipAt: (index) => (index === 0 || isRepeated ? clip : undefined),
    indexOf(running) {
      // An older bulletin that was on when a newer one arrived is read to its end.
      const found = [clip, ...others].find((candidate) => isSame(candidate, running))
      return found ? { index: 0, clip: found } : null
    },
  }
}

/** A list from some place of its tape on. */
export function tapeSequence(tape: Tape, place: number, as: Pick<Sequence, 'kind' | 'reason'>): Sequence {
  return {
    ...as,
    clipAt: (index) => tape.clipAt(place + index),
    indexOf(running, near) {
      for (let distance = 0; distance < tape.period; distance++) {
        for (const index of distance === 0 ? [near] : [near + distance, near - distance]) {
          const clip = tape.clipAt(place + index)
          if (isSame(clip, running)) return { index, clip }
        }
      }
      return null
    },
  }
}

/** The picture and sound that need no file, over and over. */
export function slateSequence(slate: Clip, reason: Reason): Sequence {
  return {
    kind: 'slate',
    reason,
    clipAt: () => slate,
    indexOf: (running) => (isSame(slate, running) ? { index: 0, clip: slate } : null),
  }
}
