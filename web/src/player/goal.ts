/** Where playback shall go once the playlist lists it: the station's clock, or an instant of the past. */
export type Goal = { readonly kind: 'clock' } | { readonly kind: 'instant'; readonly instant: number }
export type Listed = { readonly from: number; readonly to: number }
export type Landing = {
  readonly instant: number
  /** One wanted to go further back than there is anything. */
  readonly isCut: boolean
}

/** Room for the window to slide while the first segment is fetched, and for a last segment that is only being listed. */
const HEAD_MS = 1_000
const TAIL_MS = 500
const CUT_MS = 2_000

/**
 * Where to seek now; null while the playlist is from before a pause or an outage and ends in the past: a fresh one is on its way, and
 * a seek beyond the end of the old one would be cut to it.
 */
export function landingOf(goal: Goal, listed: Listed, at: number): Landing | null {
  const wanted = goal.kind === 'clock' ? at : goal.instant
  if (goal.kind === 'clock' && wanted > listed.to - TAIL_MS) return null
  const instant = Math.max(listed.from + HEAD_MS, Math.min(wanted, listed.to - TAIL_MS))
  return { instant, isCut: goal.kind === 'instant' && instant > wanted + CUT_MS }
}
