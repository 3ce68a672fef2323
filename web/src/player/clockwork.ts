/** Keeping to the station's clock. Milliseconds; `lag` is positive when playback is late. */

/** Beyond this a listener is not "on time" and is brought back by a seek. */
const SEEK_MS = { tv: 1_500, radio: 1_000 } as const
/** Within this nothing is done: less than players and screens add by themselves. */
const FINE_MS = 120
/** A seek that did not help must not be repeated every second. */
const SEEK_REST_MS = 15_000

export type Correction = { readonly kind: 'none' } | { readonly kind: 'rate'; readonly rate: number } | { readonly kind: 'seek' }

/** Pictures catch up by 4 % (nobody sees it, pitch is kept); music is never played at another speed. */
export function correctionOf({
  lagMs,
  isRadio,
  sinceSeekMs,
}: {
  readonly lagMs: number
  readonly isRadio: boolean
  readonly sinceSeekMs: number
}): Correction {
  const lag = Math.abs(lagMs)
  if (lag > (isRadio ? SEEK_MS.radio : SEEK_MS.tv) && sinceSeekMs > SEEK_REST_MS) return { kind: 'seek' }
  if (isRadio || lag <= FINE_MS) return { kind: 'none' }
  return { kind: 'rate', rate: lagMs > 0 ? 1.04 : 0.96 }
}

/**
 * The station's clock. Whatever the server wrote as its time was true before it arrived: `server time - arrival` is never more than the
 * station's clock minus ours, and over several messages the largest comes close to it.
 */
export type ClockBound = number | null
export const raised = (bound: ClockBound, serverMs: number, arrivedAtMs: number): number =>
  Math.max(bound ?? Number.NEGATIVE_INFINITY, serverMs - arrivedAtMs)

/** A clock that the network keeps right is better than what one message says about it, which is early by its way to us. */
const RIGHT_MS = { early: -500, late: 300 } as const

/** What to add to this device's clock. `Date` headers are cut to whole seconds, so they alone leave half a second open. */
export function offsetOf({ messages, headers }: { readonly messages: ClockBound; readonly headers: ClockBound }): number {
  const bound = messages === null ? (headers === null ? 0 : headers + 500) : Math.max(messages, headers ?? messages)
  const isRight =
    messages === null && headers !== null ? Math.abs(bound) <= 1_000 : bound > RIGHT_MS.early && bound <= RIGHT_MS.late
  return isRight ? 0 : bound
}
