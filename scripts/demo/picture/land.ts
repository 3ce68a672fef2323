import { Path2D } from '@napi-rs/canvas'
import { createRandom } from '../random.ts'
import { gradient, HEIGHT, WIDTH, within, type Pen } from './stage.ts'

/** Wider than the picture, so that layers can drift at different speeds. */
export const LAND_WIDTH = WIDTH + 420

export type Ridge = { readonly path: Path2D; readonly colour: string; readonly drift: number }

/** A mountain line by midpoint displacement. */
export const ridge = (seed: number, y: number, height: number, colour: string, drift: number): Ridge => {
  const random = createRandom(seed)
  let points = [random() - 0.5, random() - 0.5, random() - 0.5].map((v) => v * height)
  let rough = height * 0.62
  while (points.length < 180) {
    points = points.flatMap((p, i) => {
      const next = points[i + 1]
      return next === undefined ? [p] : [p, (p + next) / 2 + (random() - 0.5) * rough]
    })
    rough *= 0.52
  }
  const step = LAND_WIDTH / (points.length - 1)
  const path = new Path2D()
  path.moveTo(0, HEIGHT + 40)
  points.forEach((p, i) => path.lineTo(i * step, y + p))
  path.lineTo(LAND_WIDTH, HEIGHT + 40)
  path.closePath()
  return { path, colour, drift }
}

export const drawRidge = (pen: Pen, { path, colour, drift }: Ridge, t: number): void =>
  within(pen, () => {
    pen.translate(-20 - drift * t, 0)
    pen.fillStyle = colour
    pen.fill(path)
  })

export const sky = (pen: Pen, stops: readonly (readonly [number, string])[]): void => {
  pen.fillStyle = gradient(pen, 0, HEIGHT, stops)
  pen.fillRect(0, 0, WIDTH, HEIGHT)
}

/** A bank of mist: a few long soft ovals that wander. */
export const mist = (
  pen: Pen,
  seed: number,
  y: number,
  thickness: number,
  colour: string,
  alpha: number,
  t: number,
  speed = 9,
): void => {
  const random = createRandom(seed)
  for (let i = 0; i < 6; i++) {
    const length = 380 + random() * 420
    const loop = WIDTH + 2 * length
    const x = ((((random() * loop + t * speed * (0.6 + random() * 0.8)) % loop) + loop) % loop) - length
    const up = y + (random() - 0.5) * thickness
    within(pen, () => {
      pen.translate(x, up)
      pen.scale(1, thickness / length / 1.5)
      const g = pen.createRadialGradient(0, 0, 0, 0, 0, length)
      g.addColorStop(0, `${colour}${hex(alpha * (0.5 + random() * 0.5))}`)
      g.addColorStop(0.55, `${colour}${hex(alpha * 0.28)}`)
      g.addColorStop(1, `${colour}00`)
      pen.fillStyle = g
      pen.fillRect(-length, -length, 2 * length, 2 * length)
    })
  }
}
export const hex = (alpha: number): string =>
  Math.round(Math.max(0, Math.min(1, alpha)) * 255)
    .toString(16)
    .padStart(2, '0')

export const stars = (pen: Pen, seed: number, count: number, lowest: number, t: number, turn = 0): void => {
  const random = createRandom(seed)
  for (let i = 0; i < count; i++) {
    const x0 = random() * (WIDTH + 400) - 200
    const y0 = random() * lowest
    const size = 0.7 + random() ** 3 * 1.9
    const twinkle = 0.55 + 0.45 * Math.sin(t * (0.5 + random() * 1.4) + random() * 6)
    pen.globalAlpha = twinkle * (0.45 + random() * 0.55) * Math.min(1, (lowest - y0) / 160)
    pen.fillStyle = i % 9 === 0 ? '#ffdcb0' : '#eef3ff'
    pen.beginPath()
    pen.arc(x0 + turn * t, y0, size, 0, 7)
    pen.fill()
  }
  pen.globalAlpha = 1
}

/** Rice steps over the lower part of the picture, water moving in the flooded ones. */
export const terraces = (pen: Pen, t: number, palette: readonly string[], water: string): void => {
  for (let i = 0; i < 10; i++) {
    const y = 330 + i * 42
    const bend = 46 + i * 9
    const shift = -i * 0.8 * t
    const edge = () => {
      pen.beginPath()
      pen.moveTo(-60, y + 24)
      pen.bezierCurveTo(180 + shift, y - bend, 350 + shift, y + 32, 540 + shift, y - 10)
      pen.bezierCurveTo(730 + shift, y - 52, 930 + shift, y + bend / 2, WIDTH + 60, y - bend / 2)
    }
    edge()
    pen.lineTo(WIDTH + 60, HEIGHT)
    pen.lineTo(-60, HEIGHT)
    pen.closePath()
    pen.fillStyle = palette[i % palette.length] ?? '#8bb684'
    pen.fill()
    edge()
    pen.strokeStyle = '#2c554080'
    pen.lineWidth = 3 + i * 0.25
    pen.stroke()
    if (i % 3 === 1)
      within(pen, () => {
        edge()
        pen.lineTo(WIDTH + 60, y + 30)
        pen.lineTo(-60, y + 46)
        pen.closePath()
        pen.clip()
        pen.fillStyle = water
        pen.fillRect(0, y - 60, WIDTH, 120)
        pen.strokeStyle = '#ffffff66'
        pen.lineWidth = 1.6
        for (let k = 0; k < 26; k++) {
          const x = ((k * 97 + t * 14 * (1 + (k % 3) * 0.3)) % (WIDTH + 120)) - 60
          const yy = y - 22 + ((k * 37) % 56)
          pen.beginPath()
          pen.moveTo(x, yy)
          pen.lineTo(x + 26 + (k % 4) * 9, yy + Math.sin(t + k) * 1.5)
          pen.stroke()
        }
      })
  }
}
