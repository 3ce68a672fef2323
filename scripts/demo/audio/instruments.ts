import { createRandom, type Random } from '../random.ts'
import { filtered } from './filters.ts'
import { RATE, samplesOf, type Mono } from './sound.ts'

/** One played note. `from` is the pitch to slide from; `strength` is 0..1. */
export type Note = {
  readonly hertz: number
  readonly seconds: number
  readonly strength: number
  readonly from?: number
  readonly seed: number
}
export type Instrument = (note: Note) => Mono

const noise = (count: number, random: Random): Mono => Float32Array.from({ length: count }, () => random() * 2 - 1)
const envelope = (t: number, length: number, attack: number, release: number): number =>
  Math.max(0, Math.min(1, t / attack, (length - t) / release))

/** Bamboo flute: few harmonics, breath around the pitch, vibrato that comes late, a scoop into the note. */
export const flute: Instrument = ({ hertz, seconds, strength, from, seed }) => {
  const release = 0.12
  const count = samplesOf(seconds + release)
  const random = createRandom(seed)
  const breath = filtered(noise(count, random), { kind: 'band', hertz: Math.min(hertz * 2, 5000), q: 3 })
  const out = new Float32Array(count)
  const start = from ?? hertz * 0.965
  let phase = 0
  for (let i = 0; i < count; i++) {
    const t = i / RATE
    const slide = 1 - Math.exp(-t / 0.035)
    const depth = 0.006 * Math.min(1, Math.max(0, (t - 0.25) / 0.5))
    const pitch = (start + (hertz - start) * slide) * (1 + depth * Math.sin(2 * Math.PI * 5.1 * t))
    phase += (2 * Math.PI * pitch) / RATE
    const loud = envelope(t, seconds + release, 0.07, release + 0.05) * (0.9 + 0.1 * Math.sin(2 * Math.PI * 5.1 * t + 1))
    const tone = Math.sin(phase) + 0.28 * Math.sin(2 * phase + 0.4) + 0.1 * Math.sin(3 * phase) + 0.03 * Math.sin(4 * phase)
    out[i] = strength * loud * (0.62 * tone + (0.28 + 0.8 * Math.exp(-t / 0.03)) * (breath[i] ?? 0))
  }
  return out
}

/** Two-stringed lute: a plucked delay line (Karplus–Strong) with the pick near the bridge and a small gourd for a body. */
export const lute: Instrument = ({ hertz, seconds, strength, seed }) => {
  const count = samplesOf(Math.max(seconds, 0.9) + 1.1)
  const random = createRandom(seed)
  const period = RATE / hertz - 0.5
  const whole = Math.floor(period)
  const part = period - whole
  const allpass = (1 - part) / (1 + part)
  const pluck = filtered(noise(whole, random), { kind: 'low', hertz: 1800 + 3800 * strength })
  const pick = Math.max(1, Math.round(whole * 0.19))
  const line = Float32Array.from({ length: whole }, (_, i) => (pluck[i] ?? 0) - 0.7 * (pluck[(i + pick) % whole] ?? 0))
  const loss = 0.5 * 0.9985 ** (220 / hertz + 0.4)
  const out = new Float32Array(count)
  let before = 0
  let x1 = 0
  let y1 = 0
  for (let i = 0; i < count; i++) {
    const x = line[i % whole] ?? 0
    const averaged = loss * (x + before)
    before = x
    const y = allpass * averaged + x1 - allpass * y1
    x1 = averaged
    y1 = y
    line[i % whole] = y
    const t = i / RATE
    out[i] = x * strength * Math.min(1, (count / RATE - t) / 0.3)
  }
  const body = filtered(filtered(out, { kind: 'peak', hertz: 310, q: 1.4, decibels: 5 }), {
    kind: 'peak',
    hertz: 2400,
    q: 1,
    decibels: -3,
  })
  return body.map((v) => v * 1.5)
}

/** Free-reed mouth organ: bright, steady, its pipes beating against each other. */
export const reeds: Instrument = ({ hertz, seconds, strength, seed }) => {
  const release = 0.1
  const count = samplesOf(seconds + release)
  const random = createRandom(seed)
  const out = new Float32Array(count)
  const partials = [1, 0.62, 0.55, 0.36, 0.3, 0.2, 0.13, 0.09]
  for (const detune of [-0.0016, 0.0019]) {
    const start = random()
    for (let i = 0; i < count; i++) {
      const t = i / RATE
      const phase = 2 * Math.PI * (hertz * (1 + detune) * t + start)
      let v = 0
      for (let k = 0; k < partials.length; k++) v += (partials[k] ?? 0) * Math.sin((k + 1) * phase + k * 0.7)
      out[i] =
        (out[i] ?? 0) +
        v * 0.16 * strength * envelope(t, seconds + release, 0.045, release) * (1 + 0.06 * Math.sin(2 * Math.PI * 3.3 * t))
    }
  }
  return filtered(filtered(out, { kind: 'low', hertz: 3600 }), { kind: 'peak', hertz: 1100, q: 1.2, decibels: 3 })
}

/** Frame drum; a low `hertz` is the open hit, a high one the rim. */
export const drum: Instrument = ({ hertz, strength, seed }) => {
  const count = samplesOf(0.7)
  const slap = filtered(noise(count, createRandom(seed)), { kind: 'band', hertz: hertz * 9, q: 0.8 })
  let phase = 0
  return slap.map((v, i) => {
    const t = i / RATE
    phase += (2 * Math.PI * hertz * (1 + 0.7 * Math.exp(-t / 0.02))) / RATE
    return (
      strength *
      (Math.sin(phase) * Math.exp(-t / 0.16) +
        0.5 * Math.sin(phase * 1.59) * Math.exp(-t / 0.09) +
        v * 0.9 * Math.exp(-t / 0.018))
    )
  })
}

/** Bronze gong, also small and high as a bell. */
export const gong: Instrument = ({ hertz, seconds, strength }) => {
  const partials = [
    [1, 1, 1],
    [2.01, 0.6, 0.8],
    [2.74, 0.42, 0.5],
    [3.76, 0.25, 0.34],
    [5.41, 0.14, 0.2],
  ] as const
  return Float32Array.from({ length: samplesOf(seconds * 1.6) }, (_, i) => {
    const t = i / RATE
    const end = Math.min(1, (seconds * 1.6 - t) / 0.2)
    return (
      partials.reduce(
        (sum, [ratio, loud, ring]) =>
          sum + loud * Math.sin(2 * Math.PI * hertz * ratio * t) * Math.exp(-t / (seconds * 0.45 * ring)),
        0,
      ) *
      0.4 *
      strength *
      end *
      Math.min(1, t / 0.004)
    )
  })
}

/** Breathing bed of soft voices under speech. */
export const pad: Instrument = ({ hertz, seconds, strength, seed }) => {
  const random = createRandom(seed)
  const voices = Array.from({ length: 4 }, () => ({
    detune: (random() - 0.5) * 0.006,
    phase: random(),
    swell: 0.1 + random() * 0.15,
  }))
  const length = seconds + 1.6
  return Float32Array.from({ length: samplesOf(length) }, (_, i) => {
    const t = i / RATE
    const sum = voices.reduce((all, v) => {
      const angle = 2 * Math.PI * (hertz * (1 + v.detune) * t + v.phase)
      return all + (Math.sin(angle) + 0.22 * Math.sin(2 * angle)) * (0.8 + 0.2 * Math.sin(2 * Math.PI * v.swell * t))
    }, 0)
    return sum * 0.16 * strength * envelope(t, length, 1.2, 1.6)
  })
}
