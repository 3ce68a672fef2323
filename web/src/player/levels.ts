import type { Level, Quality } from './engine.ts'

export type Connection = { readonly downlink?: number; readonly effectiveType?: string; readonly saveData?: boolean }

/** Not in TypeScript's DOM library: Chromium only, and that is enough for a first guess. */
export const connectionOf = (nav: Navigator): Connection => (nav as { connection?: Connection }).connection ?? {}

/** What a picture may cost of the line, so that sound and a second of slack fit too. */
const SHARE = 0.6

/**
 * Where to start before anything was measured: the richest level that fits into the line's reported rate, the poorest on lines that
 * say they are slow. `downlink` is in Mbit/s and capped at 10 by browsers.
 */
export function startLevelOf(levels: readonly Level[], { downlink, effectiveType, saveData }: Connection): number {
  const ascending = [...levels].sort((a, b) => a.bitsPerSecond - b.bitsPerSecond)
  const poorest = ascending[0]?.id ?? -1
  if (saveData || effectiveType === '2g' || effectiveType === 'slow-2g') return poorest
  const budget = (downlink ?? 1.5) * 1_000_000 * SHARE
  return ascending.findLast((level) => level.bitsPerSecond <= budget)?.id ?? poorest
}

/** The level a choice means; -1 leaves it to measuring. A height that this channel does not have means the next lower one. */
export function levelOf(levels: readonly Level[], quality: Quality): number {
  if (quality === 'auto') return -1
  const ascending = [...levels].sort((a, b) => a.height - b.height || a.bitsPerSecond - b.bitsPerSecond)
  const poorest = ascending[0]?.id ?? -1
  if (quality === 'saver') return poorest
  const wanted = Number(quality)
  return ascending.findLast((level) => level.height > 0 && level.height <= wanted)?.id ?? (ascending[0]?.height ? poorest : -1)
}

export const isQuality = (text: string | null): text is Quality =>
  text === 'auto' || text === 'saver' || (text !== null && /^\d{2,4}$/.test(text))
