import sharp from 'sharp'
import { VIDEO_LADDER } from '#core/ladder.ts'
import { loadLettering, type Lettering } from './lettering.ts'

/** Pictures of our own drawing, 1280 × 720 PNG: the title card of a sound file on television, and the slate. */
export type Cards = {
  titleCard(words: { readonly title: string; readonly above?: string; readonly below?: string }): Promise<Buffer>
  slate(words: string): Promise<Buffer>
}

const { width: WIDTH, height: HEIGHT } = VIDEO_LADDER[0] ?? { width: 1280, height: 720 }
const NIGHT = '#0e161e'
const INK = '#f1f4f2'
const INK_SOFT = '#b6c3c9'
const FOREST = '#84cda7'
const BAN = '#c7628d'
/** Inside what old sets crop. */
const MARGIN = 96

export async function createCards(): Promise<Cards> {
  const [bold, medium] = await Promise.all([loadLettering(700), loadLettering(500)])
  return {
    titleCard({ title, above, below }) {
      const left = 560
      const width = WIDTH - left - MARGIN
      const size = title.length > 60 ? 50 : 62
      const lines = bold.wrap(title, size, { width, lines: 4 })
      const step = size * 1.24
      const top = HEIGHT / 2 - ((lines.length - 1) * step) / 2 + size * 0.34
      const small = (text: string | undefined, y: number, colour: string): string =>
        text ? inked(medium.path(medium.wrap(text, 28, { width, lines: 1 })[0] ?? '', 28, { x: left, y }), colour) : ''
      return picture(
        diamond({ x: 292, y: HEIGHT / 2, cell: 16 }),
        small(above, top - size - 30, FOREST),
        ...lines.map((line, index) => inked(bold.path(line, size, { x: left, y: top + index * step }), INK)),
        small(below, top + (lines.length - 1) * step + 62, INK_SOFT),
        hem(HEIGHT - 44),
      )
    },
    slate(words) {
      return picture(diamond({ x: WIDTH / 2, y: 278, cell: 15 }), centred(bold, words, 50, 560), hem(HEIGHT - 44))
    },
  }
}

function picture(...shapes: readonly string[]): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="${NIGHT}"/>${shapes.join('')}</svg>`
  return sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 3 }).toBuffer()
}

const inked = (outline: string, colour: string): string => `<path d="${outline}" fill="${colour}"/>`

const centred = (lettering: Lettering, words: string, size: number, y: number): string =>
  inked(lettering.path(words, size, { x: (WIDTH - lettering.widthOf(words, size)) / 2, y }), INK)

/** Quả trám, the diamond of Thái brocade: rings of cells by their distance from the middle, two threads through each other. */
function diamond(at: { readonly x: number; readonly y: number; readonly cell: number }): string {
  const cells = (rings: readonly number[], colour: string): string => {
    const squares: string[] = []
    for (let row = -REACH; row <= REACH; row++) {
      for (let column = -REACH; column <= REACH; column++) {
        if (!rings.includes(Math.abs(row) + Math.abs(column))) continue
        const side = at.cell - 2
        squares.push(`M${at.x + column * at.cell - side / 2} ${at.y + row * at.cell - side / 2}h${side}v${side}h-${side}z`)
      }
    }
    return inked(squares.join(''), colour)
  }
  return cells([10, 9, 7, 3, 2], FOREST) + cells([5, 0], BAN)
}
const REACH = 10

/** The woven edge that closes a picture: small diamonds on a thread. */
function hem(y: number): string {
  const step = 32
  const knots = Array.from({ length: Math.ceil(WIDTH / step) + 1 }, (_, index) => {
    const x = index * step
    return `M${x} ${y - 7}l7 7l-7 7l-7 -7z`
  })
  return `<rect x="0" y="${y - 1}" width="${WIDTH}" height="2" fill="#2d3b46"/>${inked(knots.join(''), '#2d3b46')}`
}
