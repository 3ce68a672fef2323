/** 11 × 11 weaves, one number per row, its bits the cells from left to right. */
const CELLS = 11
const DRAWN: Readonly<Record<string, readonly number[]>> = {
  ms1: [32, 112, 216, 428, 886, 1755, 886, 428, 216, 112, 32],
  ms2: [32, 112, 216, 396, 806, 1651, 216, 396, 806, 1651, 216],
  fm: [80, 216, 216, 854, 2015, 32, 2015, 854, 216, 216, 80],
  tb: [2015, 1025, 1501, 1285, 1317, 32, 1317, 1285, 1501, 1025, 2015],
}
const DRAWN_GROUND: Readonly<Record<string, string>> = { ms1: 'forest', ms2: 'cham', fm: 'ban', tb: 'nghe' }
const GROUNDS = ['forest', 'cham', 'ban', 'nghe', 'teal', 'plum'] as const

export type Weave = {
  /** SVG path data in a box of 11 × 11. */
  readonly path: string
  /** Custom property with the colour of the cloth. */
  readonly ground: string
}

/** A channel's mark; one that nobody drew is woven from its name, always the same. */
export function weaveOf(mark: string): Weave {
  const rows = DRAWN[mark] ?? wovenFrom(mark)
  const ground = DRAWN_GROUND[mark] ?? GROUNDS[hash(mark, 7) % GROUNDS.length] ?? 'forest'
  const cells = rows.flatMap((bits, y) =>
    Array.from({ length: CELLS }, (_, x) => ((bits >> (CELLS - 1 - x)) & 1 ? `M${x} ${y}h1v1h-1z` : '')),
  )
  return { path: cells.join(''), ground: `var(--ch-${ground})` }
}

/** Mirrored both ways like brocade, with diamonds as its bones so that it always holds together. */
function wovenFrom(name: string): readonly number[] {
  const middle = (CELLS - 1) / 2
  const ring = 2 + (hash(name, 0) % 3)
  const isWoven = (x: number, y: number): boolean => {
    const [dx, dy] = [Math.abs(x - middle), Math.abs(y - middle)]
    const distance = dx + dy
    if (distance > middle + 1) return dx === dy && hash(name, 3) % 2 === 0
    if (distance === middle || distance % ring === 0) return true
    return hash(name, Math.min(dx, dy) * CELLS + Math.max(dx, dy)) % 3 === 0
  }
  return Array.from({ length: CELLS }, (_, y) =>
    Array.from({ length: CELLS }, (_, x) => Number(isWoven(x, y))).reduce((bits, cell) => bits * 2 + cell, 0),
  )
}

/** FNV-1a: small, and the same everywhere. */
export function hash(text: string, salt: number): number {
  let value = 2166136261 ^ salt
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 16777619)
  return (value ^ (value >>> 13)) >>> 0
}
