import { createRandom } from '../random.ts'
import { HEIGHT, WIDTH, within, type Pen } from './stage.ts'

const petal = (pen: Pen, size: number): void => {
  pen.beginPath()
  pen.moveTo(0, 0)
  pen.bezierCurveTo(-size * 0.24, -size * 0.2, -size * 0.34, -size * 0.66, 0, -size)
  pen.bezierCurveTo(size * 0.34, -size * 0.66, size * 0.24, -size * 0.2, 0, 0)
  pen.fill()
}

/** A ban flower: five long petals, one of them veined dark. */
export const flower = (pen: Pen, x: number, y: number, size: number, turn: number, open = 1): void =>
  within(pen, () => {
    pen.translate(x, y)
    pen.rotate(turn)
    for (let i = 0; i < 5; i++)
      within(pen, () => {
        pen.rotate((i * 2 * Math.PI * (0.35 + 0.65 * open)) / 5)
        pen.fillStyle = i === 0 ? '#f3bfd3' : '#fbeaf1'
        petal(pen, size)
        pen.strokeStyle = i === 0 ? '#c2417c' : '#e7b3c8'
        pen.lineWidth = i === 0 ? size * 0.07 : size * 0.028
        pen.beginPath()
        pen.moveTo(0, -size * 0.1)
        pen.lineTo(0, -size * 0.74)
        pen.stroke()
      })
    pen.strokeStyle = '#ffffff'
    pen.lineWidth = size * 0.04
    for (const lean of [-0.4, 0.05, 0.5]) {
      pen.beginPath()
      pen.moveTo(0, 0)
      pen.quadraticCurveTo(0, -size * 0.25, Math.sin(lean) * size * 0.5, -size * 0.44)
      pen.stroke()
    }
    pen.fillStyle = '#b6d4a0'
    pen.beginPath()
    pen.arc(0, 0, size * 0.1, 0, 7)
    pen.fill()
  })

/** A twig from the right edge with its flowers, moved a little by the wind. */
export const branch = (
  pen: Pen,
  t: number,
  options: { readonly wood: string; readonly open?: number; readonly flipped?: boolean },
): void =>
  within(pen, () => {
    if (options.flipped) {
      pen.translate(WIDTH, 0)
      pen.scale(-1, 1)
    }
    const wind = Math.sin(t * 0.8) * 4 + Math.sin(t * 1.9) * 1.5
    pen.strokeStyle = options.wood
    pen.lineCap = 'round'
    const twig = (width: number, points: readonly number[]) => {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points
      pen.lineWidth = width
      pen.beginPath()
      pen.moveTo(x0, y0)
      pen.quadraticCurveTo(x1, y1 + wind * 0.4, x2, y2 + wind)
      pen.stroke()
    }
    twig(15, [1310, 60, 1120, 40, 960, 150])
    twig(9, [1110, 66, 1090, 140, 1030, 196])
    twig(8, [1000, 120, 930, 130, 872, 214])
    twig(7, [1190, 56, 1200, 140, 1176, 186])
    const blooms = [
      [960, 150, 44, 0.4],
      [1034, 196, 38, 1.4],
      [876, 214, 34, -0.4],
      [1060, 84, 48, 2.2],
      [1150, 58, 42, 0.9],
      [1178, 190, 36, 0.2],
      [1238, 70, 46, 1.8],
      [920, 168, 28, 2.7],
    ] as const
    blooms.forEach(([x, y, size, turn], i) =>
      flower(pen, x, y + wind * (x < 1000 ? 1 : 0.5), size, turn + Math.sin(t * 0.9 + i) * 0.05, options.open ?? 1),
    )
  })

/** Petals let go by the wind. */
export const falling = (pen: Pen, seed: number, count: number, t: number, alpha = 0.95): void => {
  const random = createRandom(seed)
  for (let i = 0; i < count; i++) {
    const speed = 34 + random() * 34
    const loop = HEIGHT + 120
    const y = ((random() * loop + t * speed) % loop) - 60
    const x = random() * (WIDTH + 200) - 100 + Math.sin(t * (0.5 + random() * 0.6) + i) * 46 - y * 0.12
    const size = 9 + random() * 12
    within(pen, () => {
      pen.translate(x, y)
      pen.rotate(t * (0.5 + random() * 1.2) * (i % 2 ? 1 : -1) + i)
      pen.scale(1, 0.45 + 0.55 * Math.abs(Math.sin(t * 1.1 + i)))
      pen.globalAlpha = alpha
      pen.fillStyle = i % 4 === 0 ? '#f3bfd3' : '#fdf0f5'
      petal(pen, size)
    })
  }
}
