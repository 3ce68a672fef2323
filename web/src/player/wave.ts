/** The woven wave of a programme: columns of cells from its beginning to its end. Pure drawing. */
export const COLUMNS = 132
export const HALF = 7
const CELL = 4

export type Heard = {
  /** Loudness 0..1 per column; undefined where one was not listening. */
  readonly levels: readonly (number | undefined)[]
  /** Columns behind the playhead, may be a fraction. */
  readonly played: number
}
export type WavePaths = { readonly heard: string; readonly ahead: string }

export const columnOf = (at: number, from: number, to: number): number =>
  Math.min(COLUMNS, Math.max(0, ((at - from) / Math.max(1, to - from)) * COLUMNS))

/** What went by unheard is a thin selvedge; what is to come lies flat, because nobody knows it. */
export function wavePaths({ levels, played }: Heard): WavePaths {
  let heard = ''
  let ahead = ''
  for (let x = 0; x < COLUMNS; x += 1) {
    if (x >= played) {
      ahead += cellAt(x, HALF)
      continue
    }
    const level = levels[x]
    const height = level === undefined ? 1 + (x % 4 === 0 ? 1 : 0) : Math.max(1, Math.round(level * (HALF + 0.5)))
    heard += cellAt(x, HALF)
    for (let k = 1; k < Math.min(height, HALF + 1); k += 1) {
      // Every fourth crossing goes under: that is what makes it cloth and not a bar chart.
      const isUnder = k < height - 1 && height > 3 && (x + k) % 4 === 0
      if (!isUnder) heard += cellAt(x, HALF - k) + cellAt(x, HALF + k)
    }
  }
  return { heard, ahead }
}

const cellAt = (x: number, y: number): string => `M${x * CELL} ${y * CELL}h${CELL - 1}v${CELL - 1}h-${CELL - 1}z`

export const WAVE_BOX = `0 0 ${COLUMNS * CELL} ${(HALF * 2 + 1) * CELL}`

/** The louder of what a column has had and what it hears now: peaks are what one remembers. */
export function withLevel(
  levels: readonly (number | undefined)[],
  column: number,
  level: number,
): readonly (number | undefined)[] {
  const next = [...levels]
  next[column] = Math.max(next[column] ?? 0, level)
  return next
}
