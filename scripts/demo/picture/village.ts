import { createRandom } from '../random.ts'
import { glow, HEIGHT, WIDTH, within, type Pen } from './stage.ts'

const shape = (pen: Pen, colour: string, points: readonly (readonly [number, number])[]): void => {
  pen.fillStyle = colour
  pen.beginPath()
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)))
  pen.closePath()
  pen.fill()
}

/** Stilt house with the crossed horns on its gables. */
export const house = (
  pen: Pen,
  x: number,
  y: number,
  scale: number,
  colours: { readonly wood: string; readonly window?: string },
  light = 1,
): void =>
  within(pen, () => {
    pen.translate(x, y)
    pen.scale(scale, scale)
    shape(pen, colours.wood, [
      [-62, 0],
      [-45, -46],
      [45, -46],
      [62, 0],
    ])
    pen.fillRect(-48, -1, 96, 28)
    for (const post of [-46, -17, 12, 41]) pen.fillRect(post, 26, 5, 32)
    pen.strokeStyle = colours.wood
    pen.lineWidth = 4
    pen.beginPath()
    for (const side of [-1, 1])
      for (const [a, b] of [
        [40, 55],
        [49, 34],
      ] as const) {
        pen.moveTo(side * a, -40)
        pen.lineTo(side * b, -62)
      }
    pen.stroke()
    if (colours.window) {
      pen.globalAlpha = light
      pen.fillStyle = colours.window
      for (const w of [-31, -7, 17]) pen.fillRect(w, 6, 15, 12)
    }
  })

/** Flames as a few leaning leaves whose tips follow summed sines: never the same, never jumping. */
export const fire = (pen: Pen, x: number, y: number, size: number, t: number): void => {
  const breath = 1 + 0.06 * Math.sin(t * 7.3) + 0.05 * Math.sin(t * 11.7 + 1)
  glow(pen, x, y - size * 0.35, size * 3.6 * breath, '#ffb35c', 0.55)
  const leaf = (dx: number, width: number, height: number, colour: string, phase: number) => {
    const tall = height * (1 + 0.12 * Math.sin(t * 6.1 + phase) + 0.08 * Math.sin(t * 13.3 + phase * 2))
    const lean = size * 0.12 * Math.sin(t * 3.7 + phase) + size * 0.06 * Math.sin(t * 8.9 + phase)
    pen.fillStyle = colour
    pen.beginPath()
    pen.moveTo(x + dx - width, y)
    pen.bezierCurveTo(x + dx - width * 1.3, y - tall * 0.45, x + dx - width * 0.2 + lean, y - tall * 0.6, x + dx + lean, y - tall)
    pen.bezierCurveTo(x + dx + width * 0.5 + lean, y - tall * 0.6, x + dx + width * 1.4, y - tall * 0.4, x + dx + width, y)
    pen.closePath()
    pen.fill()
  }
  leaf(-size * 0.22, size * 0.22, size * 0.74, '#e2622c', 0)
  leaf(size * 0.24, size * 0.2, size * 0.68, '#e2622c', 2.1)
  leaf(0, size * 0.34, size, '#f28a3a', 4)
  leaf(-size * 0.06, size * 0.22, size * 0.68, '#ffc15e', 1.2)
  leaf(size * 0.05, size * 0.13, size * 0.42, '#fff0b8', 3.3)
  const random = createRandom(5)
  for (let i = 0; i < 16; i++) {
    const life = (t * (0.22 + random() * 0.25) + random()) % 1
    const dx = (random() - 0.5) * size * 0.8 + Math.sin(t * 2 + i) * size * 0.12
    pen.globalAlpha = (1 - life) * 0.9
    pen.fillStyle = '#ffd27a'
    pen.beginPath()
    pen.arc(x + dx, y - size * (0.4 + life * 2.1), 1 + random() * 1.8, 0, 7)
    pen.fill()
  }
  pen.globalAlpha = 1
}

/** A row of heads and shoulders, breathing or swaying in time. */
export const crowd = (pen: Pen, seed: number, y: number, colour: string, count: number, sway: (i: number) => number): void => {
  const random = createRandom(seed)
  pen.fillStyle = colour
  for (let i = 0; i < count; i++) {
    const k = 16 + random() * 9
    const x = (i + 0.5) * (WIDTH / count) + (random() - 0.5) * 18 + sway(i) * 6
    const top = y + random() * 34 + sway(i) * 3
    pen.beginPath()
    pen.arc(x, top, k, 0, 7)
    pen.fill()
    pen.beginPath()
    pen.moveTo(x - k * 2, HEIGHT + 10)
    pen.quadraticCurveTo(x - k * 1.9, top + k, x, top + k * 0.9)
    pen.quadraticCurveTo(x + k * 1.9, top + k, x + k * 2, HEIGHT + 10)
    pen.fill()
  }
}

/** Dancers hand in hand, seen against the fire; `step` 0..1 is where they are in the step. */
export const dancers = (pen: Pen, x0: number, x1: number, y: number, colour: string, count: number, t: number): void => {
  pen.fillStyle = colour
  pen.strokeStyle = colour
  pen.lineCap = 'round'
  const at = (i: number) => {
    const x = x0 + ((x1 - x0) * i) / (count - 1)
    const lift = Math.abs(Math.sin(t * 2.9 + i * 0.25)) * 7
    return { x: x + Math.sin(t * 1.45) * 22, y: y - lift + Math.cos(i * 0.9) * 3 }
  }
  for (let i = 0; i < count; i++) {
    const p = at(i)
    pen.beginPath()
    pen.arc(p.x, p.y - 66, 9, 0, 7)
    pen.fill()
    pen.fillRect(p.x - 7, p.y - 79, 14, 7)
    pen.beginPath()
    pen.moveTo(p.x - 10, p.y - 54)
    pen.lineTo(p.x + 10, p.y - 54)
    pen.lineTo(p.x + 8, p.y - 28)
    pen.lineTo(p.x + 15, p.y + 4)
    pen.lineTo(p.x - 15, p.y + 4)
    pen.lineTo(p.x - 8, p.y - 28)
    pen.fill()
    if (i + 1 < count) {
      const q = at(i + 1)
      const raise = 10 * Math.sin(t * 2.9)
      pen.lineWidth = 5
      pen.beginPath()
      pen.moveTo(p.x + 8, p.y - 50)
      pen.quadraticCurveTo((p.x + q.x) / 2, (p.y + q.y) / 2 - 34 - raise, q.x - 8, q.y - 50)
      pen.stroke()
    }
  }
}

export const horse = (
  pen: Pen,
  x: number,
  y: number,
  scale: number,
  colour: string,
  t: number,
  phase: number,
  load: string,
): void =>
  within(pen, () => {
    const bob = Math.sin(t * 4.4 + phase) * 2
    pen.translate(x, y + bob)
    pen.scale(scale, scale)
    pen.fillStyle = colour
    pen.strokeStyle = colour
    pen.lineCap = 'round'
    pen.lineWidth = 6
    for (const [hip, turn] of [
      [-26, 0],
      [-19, 3.1],
      [22, 1.6],
      [29, 4.7],
    ] as const) {
      const swing = Math.sin(t * 4.4 + phase + turn) * 9
      pen.beginPath()
      pen.moveTo(hip, -24)
      pen.quadraticCurveTo(hip + swing * 0.3, -10, hip + swing, 4 - bob)
      pen.stroke()
    }
    pen.beginPath()
    pen.ellipse(0, -34, 37, 15, 0, 0, 7)
    pen.fill()
    pen.lineWidth = 13
    pen.beginPath()
    pen.moveTo(28, -38)
    pen.lineTo(46, -62 + bob)
    pen.stroke()
    pen.lineWidth = 10
    pen.beginPath()
    pen.moveTo(46, -62 + bob)
    pen.lineTo(61, -55 + bob)
    pen.stroke()
    pen.lineWidth = 4
    pen.beginPath()
    pen.moveTo(-35, -38)
    pen.quadraticCurveTo(-48, -32, -46 + Math.sin(t * 3 + phase) * 4, -12)
    pen.stroke()
    pen.fillStyle = load
    for (const side of [-16, 8]) pen.fillRect(side, -56, 20, 26)
  })

/** Market stalls with woven edges. */
export const stall = (pen: Pen, x: number, y: number, colour: string, t: number, phase: number): void => {
  const flap = Math.sin(t * 1.7 + phase) * 3
  shape(pen, colour, [
    [x - 148, y],
    [x, y - 92],
    [x + 148, y],
  ])
  pen.fillStyle = '#fff3df'
  for (let i = 0; i < 24; i++) {
    const px = x - 138 + i * 12
    pen.save()
    pen.translate(px + 4, y + 7 + Math.sin(i * 0.5 + t * 1.7 + phase) * flap * 0.5)
    pen.rotate(Math.PI / 4)
    pen.fillRect(-4, -4, 8, 8)
    pen.restore()
  }
  pen.fillStyle = '#4a3733'
  pen.fillRect(x - 134, y + 2, 7, 190)
  pen.fillRect(x + 127, y + 2, 7, 190)
  pen.fillStyle = '#6b4a3d'
  pen.fillRect(x - 134, y + 92, 268, 14)
}
