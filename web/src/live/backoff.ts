/**
 * Full jitter: anywhere between `floorMs` and a ceiling that doubles, so that all pages of a station do not come back at the same
 * moment after its server restarted. `random` is in [0, 1).
 */
export function backoffMs(
  attempt: number,
  random: number,
  { floorMs = 500, baseMs = 1_000, maxMs = 30_000 }: { floorMs?: number; baseMs?: number; maxMs?: number } = {},
): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.max(0, attempt - 1))
  return Math.round(floorMs + random * Math.max(0, ceiling - floorMs))
}
