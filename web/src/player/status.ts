import type { Model } from './state.ts'

/** What the viewer is told, one at a time; each has its words in `words.ts`. */
export type Status =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'playing' }
  | { readonly kind: 'buffering' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'behind'; readonly seconds: number }
  | { readonly kind: 'retrying'; readonly attempt: number; readonly seconds: number }
  | { readonly kind: 'offline' }
  | { readonly kind: 'off-air'; readonly until: number | null }
  | { readonly kind: 'blocked'; readonly what: 'sound' | 'playback' }
  | { readonly kind: 'unsupported'; readonly what: 'browser' | 'codec' }
  | { readonly kind: 'ended' }

export type Surroundings = {
  readonly at: number
  /** Seconds behind what is on air at this instant; null until the position is known. */
  readonly lagSeconds: number | null
  readonly isBehindByChoice: boolean
  /** Set while only the slate is on air: when the next programme begins, if that is known. */
  readonly offAir: null | { readonly until: number | null }
}

/** Less than this is called live (RFC 8216 players sit up to 10 s behind; 10 s is also the smallest step back). */
export const LIVE_TOLERANCE_SECONDS = 8

export function statusOf(model: Model, { at, lagSeconds, isBehindByChoice, offAir }: Surroundings): Status {
  if (model.unsupported) return { kind: 'unsupported', what: model.unsupported }
  if (model.phase === 'idle') return { kind: 'idle' }
  if (model.phase === 'ended') return { kind: 'ended' }
  if (model.blocked === 'playback') return { kind: 'blocked', what: 'playback' }
  if (model.phase === 'paused') return { kind: 'paused' }
  if (model.phase !== 'playing') {
    // What is buffered plays on through an outage; the words come when it does not.
    if (!model.isOnline) return { kind: 'offline' }
    const { trouble } = model
    if (trouble?.cause === 'missing') return { kind: 'off-air', until: offAir?.until ?? null }
    if (trouble)
      return { kind: 'retrying', attempt: trouble.attempt, seconds: Math.max(0, Math.ceil((trouble.retryAt - at) / 1000)) }
    if (model.isStruggling) return { kind: 'retrying', attempt: 0, seconds: 0 }
    return { kind: model.phase }
  }
  if (offAir) return { kind: 'off-air', until: offAir.until }
  if (model.blocked === 'sound') return { kind: 'blocked', what: 'sound' }
  if (isBehindByChoice && lagSeconds !== null && lagSeconds > LIVE_TOLERANCE_SECONDS) {
    return { kind: 'behind', seconds: Math.round(lagSeconds) }
  }
  return { kind: 'playing' }
}
