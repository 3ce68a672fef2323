import { RATE, type Mono, type Stereo } from './sound.ts'

type Shape = {
  readonly kind: 'low' | 'high' | 'band' | 'peak'
  readonly hertz: number
  readonly q?: number
  readonly decibels?: number
}

/** One second-order section, coefficients after the well-known audio EQ cookbook formulas. */
export const filtered = (sound: Mono, shape: Shape): Mono => {
  const w = (2 * Math.PI * shape.hertz) / RATE
  const alpha = Math.sin(w) / (2 * (shape.q ?? 0.707))
  const cos = Math.cos(w)
  const a = 10 ** ((shape.decibels ?? 0) / 40)
  const [b0, b1, b2, a0, a1, a2] = {
    low: [(1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha],
    high: [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha],
    band: [alpha, 0, -alpha, 1 + alpha, -2 * cos, 1 - alpha],
    peak: [1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a],
  }[shape.kind] as [number, number, number, number, number, number]
  const out = new Float32Array(sound.length)
  let x1 = 0
  let x2 = 0
  let y1 = 0
  let y2 = 0
  for (let i = 0; i < sound.length; i++) {
    const x = sound[i] ?? 0
    const y = (b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0
    out[i] = y
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
  }
  return out
}

const COMBS = [1557, 1617, 1491, 1422, 1277, 1356, 1188, 1116]
const ALLPASSES = [225, 556, 441, 341]

const ear = (input: Mono, spread: number, room: { size: number; damping: number }): Mono => {
  const wet = new Float32Array(input.length)
  for (const length of COMBS) {
    const line = new Float32Array(length + spread)
    let at = 0
    let held = 0
    for (let i = 0; i < input.length; i++) {
      const out = line[at] ?? 0
      held = out * (1 - room.damping) + held * room.damping
      line[at] = (input[i] ?? 0) + held * room.size
      at = (at + 1) % line.length
      wet[i] = (wet[i] ?? 0) + out / COMBS.length
    }
  }
  for (const length of ALLPASSES) {
    const line = new Float32Array(length + spread)
    let at = 0
    for (let i = 0; i < wet.length; i++) {
      const held = line[at] ?? 0
      const x = wet[i] ?? 0
      line[at] = x + held * 0.5
      wet[i] = held - x * 0.5
      at = (at + 1) % line.length
    }
  }
  return wet
}

/** A valley around the players: parallel combs into allpasses, the right ear a little longer than the left. */
export const reverberated = (send: Stereo, room: { size: number; damping: number; predelaySeconds: number }): Stereo => {
  const delay = Math.round(room.predelaySeconds * RATE)
  const late = (channel: Mono) => {
    const moved = new Float32Array(channel.length)
    moved.set(channel.subarray(0, channel.length - delay), delay)
    return filtered(moved, { kind: 'high', hertz: 180 })
  }
  return { left: ear(late(send.left), 0, room), right: ear(late(send.right), 23, room) }
}
