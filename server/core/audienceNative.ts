import type { Instant } from './time.ts'

/**
 * Players that cannot beat (VLC, a television) are seen only by the segments they fetch. Their number is an estimate for the staff: an
 * edge cache hides players, and two behind one address with the same program look like one. It is never part of the public count.
 */
export type NativeState = {
  readonly seen: Map<string, Seen>
  /** Browsers that beat also fetch segments: when they last beat. */
  readonly beating: Map<string, Instant>
}
type Seen = { readonly channel: string; lastAt: Instant; requests: number }
export type Fetcher = { readonly address: string; readonly userAgent: string }

/** A player fetches a segment every 1.92 s and may buffer some of them. */
const RECENT_MS = 20_000
/** One or two requests are a link preview or a check. */
const MIN_REQUESTS = 4
const BEATING_MS = 150_000
/** Beyond this many at once the estimate stands still rather than the memory growing. */
const MAX_SEEN = 50_000

export const emptyNative = (): NativeState => ({ seen: new Map(), beating: new Map() })

export function sawSegment(
  state: NativeState,
  { channel, ...fetcher }: Fetcher & { readonly channel: string },
  at: Instant,
): void {
  const key = `${channel}\n${keyOf(fetcher)}`
  const seen = state.seen.get(key)
  if (seen && at - seen.lastAt < RECENT_MS) {
    seen.lastAt = at
    seen.requests += 1
  } else if (seen || state.seen.size < MAX_SEEN) {
    state.seen.set(key, { channel, lastAt: at, requests: 1 })
  }
}

export function sawBeat(state: NativeState, fetcher: Fetcher, at: Instant): void {
  const key = keyOf(fetcher)
  if (state.beating.has(key) || state.beating.size < MAX_SEEN) state.beating.set(key, at)
}

export function nativeEstimate(state: NativeState, channel: string, at: Instant): number {
  let count = 0
  for (const [key, seen] of state.seen) {
    if (seen.channel !== channel || at - seen.lastAt > RECENT_MS || seen.requests < MIN_REQUESTS) continue
    const lastBeat = state.beating.get(key.slice(channel.length + 1))
    if (lastBeat === undefined || at - lastBeat > BEATING_MS) count += 1
  }
  return count
}

export function expireNative(state: NativeState, at: Instant): void {
  for (const [key, seen] of state.seen) if (at - seen.lastAt > RECENT_MS) state.seen.delete(key)
  for (const [key, lastBeat] of state.beating) if (at - lastBeat > BEATING_MS) state.beating.delete(key)
}

const keyOf = ({ address, userAgent }: Fetcher): string => `${address}\n${userAgent}`
