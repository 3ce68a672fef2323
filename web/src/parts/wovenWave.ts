import { hash } from './weave.ts'

/** Sound drawn as woven cells: the heard part stands, what is ahead lies flat, because nobody knows the future. */
export type WovenWave = { readonly heard: string; readonly ahead: string; readonly width: number; readonly height: number }

const CELL = 4
const HALF_ROWS = 6

export function wovenWave(seed: string, columns: number, percent: number): WovenWave {
  const middle = HALF_ROWS * CELL
  const edge = Math.round((percent / 100) * columns)
  const cell = (column: number, y: number) => `M${column * CELL} ${y}h3v3h-3z`
  let heard = ''
  let ahead = ''
  for (let column = 0; column < columns; column += 1) {
    if (column >= edge) {
      ahead += cell(column, middle)
      continue
    }
    heard += cell(column, middle)
    for (let row = 1; row <= heightAt(seed, column); row += 1) {
      heard += cell(column, middle - row * CELL) + cell(column, middle + row * CELL)
    }
  }
  return { heard, ahead, width: columns * CELL, height: 2 * middle + CELL }
}

/** Phrases of speech: swells of a few columns under a slower breath. */
function heightAt(seed: string, column: number): number {
  const breath = Math.abs(Math.sin(column / 5 + (hash(seed, 1) % 7))) * 0.6 + Math.abs(Math.sin(column / 13)) * 0.4
  const grain = (hash(seed, column) % 100) / 100
  return Math.round(HALF_ROWS * breath * (0.35 + 0.65 * grain))
}
