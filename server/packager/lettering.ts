import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import opentype, { type Font } from 'opentype.js'

/**
 * Text as outlines from the station's own typeface. What a person typed becomes curves, never markup or a filter argument, and it looks
 * the same on machines without any font.
 */
export type Lettering = {
  /** Words wrapped to `width`, at most `lines` lines, the last one shortened with an ellipsis. */
  wrap(text: string, size: number, limits: { readonly width: number; readonly lines: number }): readonly string[]
  widthOf(text: string, size: number): number
  /** SVG path data with the baseline's start at x, y. */
  path(text: string, size: number, at: { readonly x: number; readonly y: number }): string
}

/** More than any card shows. */
const MOST_LETTERS = 300

/** The typeface comes in files by script; each letter is taken from the first that has it. */
export async function loadLettering(weight: 500 | 700): Promise<Lettering> {
  const fonts = await Promise.all(
    ['latin', 'vietnamese', 'latin-ext'].map(async (script) => {
      const file = import.meta.resolve(`@fontsource/be-vietnam-pro/files/be-vietnam-pro-${script}-${weight}-normal.woff`)
      return opentype.parse(Uint8Array.from(await readFile(fileURLToPath(file))).buffer)
    }),
  )
  const glyphOf = (letter: string): { readonly font: Font; readonly index: number } | undefined => {
    const font = fonts.find((candidate) => candidate.charToGlyphIndex(letter) > 0)
    return font && { font, index: font.charToGlyphIndex(letter) }
  }
  /** Letters that no file has are left out: a card without one odd sign is better than one with boxes. */
  const letters = (text: string) => [...text.normalize('NFC')].flatMap((letter) => glyphOf(letter) ?? [])
  const advance = (text: string, size: number): number =>
    letters(text).reduce((sum, { font, index }) => sum + ((font.glyphs.get(index).advanceWidth ?? 0) * size) / font.unitsPerEm, 0)

  return {
    widthOf: advance,
    wrap(text, size, { width, lines }) {
      const fits = (line: string): boolean => advance(line, size) <= width
      const wrapped: string[] = []
      let line = ''
      for (const word of text
        .slice(0, MOST_LETTERS)
        .split(/\s+/)
        .filter((part) => part !== '')) {
        const longer = line === '' ? word : `${line} ${word}`
        if (line === '' || fits(longer)) line = longer
        else {
          wrapped.push(line)
          line = word
        }
      }
      wrapped.push(line)
      const kept = wrapped.slice(0, lines).map((part) => shortened(part, fits, false))
      const last = kept.at(-1) ?? ''
      return wrapped.length > lines ? [...kept.slice(0, -1), shortened(last, fits, true)] : kept
    },
    path(text, size, { x, y }) {
      let at = x
      return letters(text)
        .map(({ font, index }) => {
          const glyph = font.glyphs.get(index)
          const outline = glyph.getPath(at, y, size).toPathData(1)
          at += ((glyph.advanceWidth ?? 0) * size) / font.unitsPerEm
          return outline
        })
        .join('')
    },
  }
}

function shortened(line: string, fits: (line: string) => boolean, always: boolean): string {
  if (!always && fits(line)) return line
  let letters = [...line]
  while (letters.length > 1 && !fits(`${letters.join('').trimEnd()}…`)) letters = letters.slice(0, -1)
  return `${letters.join('').trimEnd()}…`
}
