export const SLEEP_MINUTES = [15, 30, 45, 60] as const
/** Nobody is woken by silence that comes at once. */
const FADE_MS = 20_000

/** Share of the volume with this much time left, 1..0. */
export const fadeOf = (leftMs: number): number => Math.min(1, Math.max(0, leftMs / FADE_MS))
