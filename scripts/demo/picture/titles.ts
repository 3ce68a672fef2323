import { clamp, ease, font, HEIGHT, INK, shown, WIDTH, within, type Pen } from './stage.ts'
import { hem } from './weave.ts'

export const wrapped = (pen: Pen, text: string, width: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && pen.measureText(`${last} ${word}`).width <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

export const diamond = (pen: Pen, x: number, y: number, radius: number, colour: string): void => {
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(x, y - radius)
  pen.lineTo(x + radius, y)
  pen.lineTo(x, y + radius)
  pen.lineTo(x - radius, y)
  pen.closePath()
  pen.fill()
}

/** Opening title: large, on the picture, with a scrim that keeps it readable. */
export const opening = (
  pen: Pen,
  t: number,
  text: { readonly kicker: string; readonly title: string; readonly under?: string },
  until = 5,
): void => {
  const alpha = shown(t, 0.4, until, 0.8)
  if (alpha === 0) return
  within(pen, () => {
    pen.globalAlpha = alpha
    const g = pen.createLinearGradient(0, 360, 0, HEIGHT)
    g.addColorStop(0, '#0d141a00')
    g.addColorStop(0.45, '#0d141ab8')
    g.addColorStop(1, '#0d141af0')
    pen.fillStyle = g
    pen.fillRect(0, 360, WIDTH, HEIGHT - 360)
    const rise = (1 - ease(t, 0.4, 1.4)) * 18
    font(pen, 25, 500)
    pen.fillStyle = INK.ban
    pen.fillText(text.kicker, 84, 540 + rise)
    font(pen, 62, 700)
    pen.fillStyle = INK.white
    pen.fillText(text.title, 82, 608 + rise, WIDTH - 170)
    if (text.under) {
      font(pen, 26, 400)
      pen.fillStyle = INK.soft
      pen.fillText(text.under, 84, 650 + rise, WIDTH - 170)
    }
    hem(pen, 84, 676, Math.round(ease(t, 0.6, 2.6) * 96), 3, { outer: INK.turmeric, inner: INK.thread })
  })
}

/** Lower third: who or what one sees. */
export const lowerThird = (
  pen: Pen,
  t: number,
  from: number,
  to: number,
  text: { readonly title: string; readonly under?: string },
): void => {
  const alpha = shown(t, from, to, 0.5)
  if (alpha === 0) return
  within(pen, () => {
    font(pen, 31, 600)
    const titleWidth = pen.measureText(text.title).width
    font(pen, 22, 400)
    const width = Math.max(titleWidth, text.under ? pen.measureText(text.under).width : 0) + 74
    const height = text.under ? 96 : 66
    const y = 606 - height / 2
    pen.globalAlpha = alpha
    pen.beginPath()
    pen.rect(64, y - 4, width * ease(t, from, from + 0.7), height + 8)
    pen.clip()
    pen.fillStyle = '#0d141ae0'
    pen.fillRect(64, y, width, height)
    pen.fillStyle = INK.turmeric
    pen.fillRect(64, y, 5, height)
    diamond(pen, 94, y + 34, 8, INK.ban)
    font(pen, 31, 600)
    pen.fillStyle = INK.white
    pen.fillText(text.title, 116, y + 44)
    if (text.under) {
      font(pen, 22, 400)
      pen.fillStyle = INK.soft
      pen.fillText(text.under, 116, y + 78)
    }
  })
}

/** Spoken words, two lines at most, on a plate. */
export const caption = (pen: Pen, text: string, alpha: number): void => {
  if (alpha === 0) return
  within(pen, () => {
    pen.globalAlpha = alpha
    font(pen, 30, 500)
    const lines = wrapped(pen, text, 980)
    const width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 48
    const height = lines.length * 42 + 22
    const y = 652 - height
    pen.fillStyle = '#0d141ad0'
    pen.fillRect((WIDTH - width) / 2, y, width, height)
    pen.fillStyle = INK.white
    pen.textAlign = 'center'
    lines.forEach((line, i) => pen.fillText(line, WIDTH / 2, y + 44 + i * 42))
    pen.textAlign = 'left'
  })
}

const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')

/** The station's own sign: two peaks and the diamond above them. */
export const sign = (pen: Pen, x: number, y: number, size: number): void =>
  within(pen, () => {
    pen.translate(x, y)
    pen.scale(size / 40, size / 40)
    pen.fillStyle = INK.deep
    pen.fillRect(0, 0, 40, 40)
    pen.strokeStyle = INK.white
    pen.lineWidth = 3.6
    pen.beginPath()
    for (const [px, py] of [
      [6, 31],
      [14, 16],
      [20, 25.5],
      [26, 16],
      [34, 31],
    ] as const)
      pen.lineTo(px, py)
    pen.stroke()
    diamond(pen, 20, 11, 5, INK.ban)
  })

/** The station's sign in the corner with the running time, and a thread along the bottom that shows how far the film is. */
export const furniture = (pen: Pen, t: number, seconds: number): void => {
  within(pen, () => {
    pen.globalAlpha = 0.92
    pen.fillStyle = '#0d141ab0'
    pen.fillRect(WIDTH - 190, 34, 146, 52)
    sign(pen, WIDTH - 184, 40, 40)
    font(pen, 25, 600)
    pen.fillStyle = INK.white
    pen.fillText(`${two(t / 60)}:${two(t % 60)}`, WIDTH - 132, 69)
  })
  pen.fillStyle = '#ffffff38'
  pen.fillRect(0, HEIGHT - 5, WIDTH, 5)
  pen.fillStyle = INK.leaf
  pen.fillRect(0, HEIGHT - 5, WIDTH * clamp(t / seconds), 5)
}
