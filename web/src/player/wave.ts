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
export type WavePaths = { readonly heard: string; readonly gone: string; readonly ahead: string }

export const columnOf = (at: number, from: number, to: number): number =>
  Math.min(COLUMNS, Math.max(0, ((at - from) / Math.max(1, to - from)) * COLUMNS))

/** What went by unheard is a border of diamonds; what is to come lies flat, because nobody knows it. */
export function wavePaths({ levels, played }: Heard): WavePaths {
  let heard = ''
  let gone = ''
  let ahead = ''
  for (let x = 0; x < COLUMNS; x += 1) {
    const level = levels[x]
    if (x >= played) ahead += cellAt(x, HALF)
    else if (level === undefined) gone += diamondColumn(x)
    else heard += wovenColumn(x, Math.max(1, Math.round(level * (HALF + 0.5))))
  }
  return { heard, gone, ahead }
}

function wovenColumn(x: number, height: number): string {
  let cells = cellAt(x, HALF)
  for (let k = 1; k < Math.min(height, HALF + 1); k += 1) {
    // Every fourth crossing goes under: that is what makes it cloth and not a bar chart.
    const isUnder = k < height - 1 && height > 3 && (x + k) % 4 === 0
    if (!isUnder) cells += cellAt(x, HALF - k) + cellAt(x, HALF + k)
  }
  return cells
}

/** Quả trám: the outline of a diamond each six columns, and its heart. */
function diamondColumn(x: number): string {
  const rise = 3 - Math.abs((x % 6) - 3)
  if (rise === 0) return cellAt(x, HALF)
  return cellAt(x, HALF - rise) + cellAt(x, HALF + rise) + (rise === 3 ? cellAt(x, HALF) : '')
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
