import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'

/** Everything is drawn on 1280 × 720 at 25 frames a second: the largest rung of the house ladder. */
export const WIDTH = 1280
export const HEIGHT = 720
export const FPS = 25

export type Pen = SKRSContext2D
/** Draws one instant of a film; `t` in seconds. */
export type Draw = (pen: Pen, t: number) => void

const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/be-vietnam-pro/package.json'))
for (const [folder, weight] of [
  ['400Regular', 400],
  ['500Medium', 500],
  ['600SemiBold', 600],
  ['700Bold', 700],
] as const)
  GlobalFonts.registerFromPath(join(fonts, folder, `BeVietnamPro_${folder}.ttf`), `Be ${weight}`)

export const font = (pen: Pen, size: number, weight: 400 | 500 | 600 | 700 = 500): void => {
  pen.font = `${size}px "Be ${weight}"`
}

/** The station's colours, by what they are called on its pages. */
export const INK = {
  night: '#0d141a',
  dusk: '#141e26',
  paper: '#f2f4f1',
  white: '#ffffff',
  grey: '#93a4ad',
  soft: '#b9c5ca',
  line: '#33434f',
  forest: '#1c5a41',
  leaf: '#84cda7',
  deep: '#123e2c',
  ban: '#f1a9c4',
  thread: '#c7628d',
  wine: '#96295a',
  indigo: '#2b4a8b',
  sky: '#a3baf0',
  turmeric: '#efc66b',
  gold: '#d8a93f',
  brick: '#b5480f',
  red: '#d3233b',
} as const

export const clamp = (x: number, low = 0, high = 1): number => Math.max(low, Math.min(high, x))
export const mixOf = (a: number, b: number, x: number): number => a + (b - a) * x
/** 0 before `from`, 1 after `to`, gently between. */
export const ease = (t: number, from: number, to: number): number => {
  const x = clamp((t - from) / (to - from))
  return x * x * (3 - 2 * x)
}
/** In at `from`, out at `to`, each within `soft` seconds. */
export const shown = (t: number, from: number, to: number, soft = 0.6): number =>
  ease(t, from, from + soft) * (1 - ease(t, to - soft, to))

export const gradient = (pen: Pen, y0: number, y1: number, stops: readonly (readonly [at: number, colour: string])[]) => {
  const g = pen.createLinearGradient(0, y0, 0, y1)
  for (const [at, colour] of stops) g.addColorStop(at, colour)
  return g
}

export const glow = (pen: Pen, x: number, y: number, radius: number, colour: string, alpha: number): void => {
  const g = pen.createRadialGradient(x, y, 0, x, y, radius)
  const [r, gr, b] = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16))
  for (const [at, part] of [
    [0, 1],
    [0.3, 0.5],
    [0.65, 0.14],
    [1, 0],
  ] as const)
    g.addColorStop(at, `rgba(${r},${gr},${b},${alpha * part})`)
  pen.fillStyle = g
  pen.fillRect(x - radius, y - radius, radius * 2, radius * 2)
}

export const within = (pen: Pen, draw: () => void): void => {
  pen.save()
  draw()
  pen.restore()
}
