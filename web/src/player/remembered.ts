import type { Keep } from '../live/keep.ts'
import type { Quality } from './engine.ts'
import { isQuality } from './levels.ts'

export type Remembered = {
  readonly volume: number
  readonly isMuted: boolean
  readonly quality: Quality
  readonly isSoundOnly: boolean
  readonly channel: string | null
}

const KEY = 'phat-song.player'
const FRESH: Remembered = { volume: 1, isMuted: false, quality: 'auto', isSoundOnly: false, channel: null }

/** What a visitor chose last time; whatever in it is not what we would write is as good as never chosen. */
export function recall(keep: Keep): Remembered {
  const kept = fieldsOf(keep.get(KEY))
  const { volume, isMuted, quality, isSoundOnly, channel } = kept
  return {
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : FRESH.volume,
    isMuted: isMuted === true,
    quality: typeof quality === 'string' && isQuality(quality) ? quality : FRESH.quality,
    isSoundOnly: isSoundOnly === true,
    channel: typeof channel === 'string' ? channel : null,
  }
}

export const remember = (keep: Keep, choices: Remembered): void => keep.set(KEY, JSON.stringify(choices))

function fieldsOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
