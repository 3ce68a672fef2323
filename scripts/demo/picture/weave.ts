import type { Pen } from './stage.ts'

/** The station's cloth: which thread a cell of a diamond band shows. `outer` and `inner` are the two threads, undefined is the ground. */
export const bandCell = (x: number, y: number, rows: number, period: number): 'outer' | 'inner' | undefined => {
  const middle = (rows - 1) / 2
  const dx = Math.min(x % period, period - (x % period))
  const d = dx + Math.abs(y - middle)
  if (d === middle) return 'outer'
  if (d <= (middle > 3 ? 1 : 0) || d >= middle + period / 2 - 1) return 'inner'
  return undefined
}

/** A woven hem along a line, as far as `cells` reach. */
export const hem = (
  pen: Pen,
  x0: number,
  y0: number,
  cells: number,
  size: number,
  colours: { readonly outer: string; readonly inner: string },
): void => {
  for (let x = 0; x < cells; x++)
    for (let y = 0; y < 7; y++) {
      const cell = bandCell(x, y, 7, 8)
      if (!cell) continue
      pen.fillStyle = colours[cell]
      pen.fillRect(x0 + x * size, y0 + y * size, size, size)
    }
}

/** The eleven-by-eleven marks of the channels. */
export const MARKS = {
  ms1: [
    '.....#.....',
    '....###....',
    '...##.##...',
    '..##.#.##..',
    '.##.###.##.',
    '##.##.##.##',
    '.##.###.##.',
    '..##.#.##..',
    '...##.##...',
    '....###....',
    '.....#.....',
  ],
  ms2: [
    '.....#.....',
    '....###....',
    '...##.##...',
    '..##...##..',
    '.##..#..##.',
    '##..###..##',
    '...##.##...',
    '..##...##..',
    '.##..#..##.',
    '##..###..##',
    '...##.##...',
  ],
} as const
export type MarkId = keyof typeof MARKS

/** `woven` 0..1 weaves the mark cell by cell, from its middle outwards. */
export const mark = (
  pen: Pen,
  id: MarkId,
  x: number,
  y: number,
  size: number,
  colours: { readonly ground: string; readonly thread: string },
  woven = 1,
): void => {
  pen.fillStyle = colours.ground
  pen.fillRect(x, y, size, size)
  const cell = size / 15
  MARKS[id].forEach((row, j) =>
    [...row].forEach((c, i) => {
      if (c !== '#' || Math.hypot(i - 5, j - 5) / 7.1 > woven) return
      pen.fillStyle = colours.thread
      pen.fillRect(x + (i + 2) * cell, y + (j + 2) * cell, cell + 0.4, cell + 0.4)
    }),
  )
}
