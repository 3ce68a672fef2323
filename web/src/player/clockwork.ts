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
 * The station's clock from `Date` headers, which are cut to whole seconds: a header says that at some instant not after its arrival the
 * server's clock stood in [date, date + 1 s). Over several answers the largest lower bound is close to the truth.
 */
export type ClockBounds = { readonly least: number }
export function narrowed(bounds: ClockBounds | null, serverMs: number, receivedAtMs: number): ClockBounds {
  const least = serverMs - receivedAtMs
  return { least: bounds === null ? least : Math.max(bounds.least, least) }
}
/** Half a second is the middle of what one header leaves open; a clock that is right within it is left alone. */
export function offsetFromHeaders(bounds: ClockBounds | null): number {
  if (bounds === null) return 0
  return bounds.least > -1_500 && bounds.least <= 500 ? 0 : bounds.least + 500
}
