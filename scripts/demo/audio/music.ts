import { createRandom } from '../random.ts'
import { reverberated } from './filters.ts'
import { drum, flute, gong, lute, pad, reeds, type Instrument } from './instruments.ts'
import { addMono, addStereo, fade, master, silence, type Mono, type Stereo } from './sound.ts'

/**
 * A piece as one writes it down. A line is eighth notes: a number is a step of the five-note scale (0 is the root, 5 the octave above, -1 a
 * step below), `-` holds the note before, `.` rests, `|` is only for the eye.
 */
export type Piece = {
  readonly id: string
  readonly title: string
  readonly tempo: number
  /** Semitones of the five steps above the root. */
  readonly scale: readonly number[]
  readonly rootHertz: number
  readonly lines: { readonly [name: string]: string }
  /** Each part of the form: which line, who plays it, what is under it. */
  readonly form: readonly Part[]
  readonly seed: number
}
export type Part = {
  readonly line: string
  readonly lead: 'flute' | 'lute' | 'reeds' | 'bell' | 'none'
  readonly octave?: number
  /** Steps of the scale, one a bar, under the melody. */
  readonly ground: readonly number[]
  readonly under: readonly ('lute' | 'drone' | 'reeds' | 'drum' | 'soft-drum' | 'pad' | 'gong')[]
}

export const MINOR = [0, 3, 5, 7, 10]
export const MAJOR = [0, 2, 4, 7, 9]
export const MISTY = [0, 2, 5, 7, 10]

const LEADS: { readonly [lead in Exclude<Part['lead'], 'none'>]: { play: Instrument; gain: number; wet: number; pan: number } } =
  {
    flute: { play: flute, gain: 0.34, wet: 0.5, pan: 0.12 },
    lute: { play: lute, gain: 0.62, wet: 0.28, pan: -0.1 },
    reeds: { play: reeds, gain: 0.42, wet: 0.34, pan: 0.08 },
    bell: { play: gong, gain: 0.34, wet: 0.5, pan: 0.2 },
  }

type Sung = { readonly step: number; readonly at: number; readonly eighths: number }
const sungOf = (line: string): { readonly notes: readonly Sung[]; readonly eighths: number } => {
  const tokens = line.split(/\s+/).filter((token) => token !== '' && token !== '|')
  const notes: Sung[] = []
  tokens.forEach((token, at) => {
    const last = notes.at(-1)
    if (token === '-' && last) notes[notes.length - 1] = { ...last, eighths: last.eighths + 1 }
    else if (token !== '.' && token !== '-') notes.push({ step: Number(token), at, eighths: 1 })
  })
  return { notes, eighths: tokens.length }
}

export const play = (piece: Piece): Stereo => {
  const random = createRandom(piece.seed)
  const eighth = 30 / piece.tempo
  const total = piece.form.reduce((sum, part) => sum + sungOf(piece.lines[part.line] ?? '').eighths, 0) * eighth + 3.5
  const dry = silence(total)
  const send = silence(total)
  const hertzOf = (step: number, octave = 0) => {
    const turn = Math.floor(step / 5)
    return piece.rootHertz * 2 ** ((piece.scale[step - turn * 5] ?? 0) / 12 + turn + octave)
  }
  const put = (voice: Mono, seconds: number, level: { gain: number; pan: number; wet: number }) => {
    addMono(dry, voice, { seconds, gain: level.gain, pan: level.pan })
    addMono(send, voice, { seconds, gain: level.gain * level.wet, pan: level.pan * 0.5 })
  }
  // Nobody plays like a clock: a few milliseconds and a little strength either way.
  const human = () => (random() - 0.5) * 0.016
  const touch = (strength: number) => strength * (0.88 + random() * 0.24)
  const seed = () => Math.floor(random() * 1e9)

  let barStart = 0
  for (const part of piece.form) {
    const { notes, eighths } = sungOf(piece.lines[part.line] ?? '')
    const bars = Math.ceil(eighths / 8)
    if (part.lead !== 'none') {
      const lead = LEADS[part.lead]
      let before: number | undefined
      for (const note of notes) {
        const hertz = hertzOf(note.step, part.octave ?? 0)
        const slideFrom = part.lead === 'flute' && before !== undefined && random() < 0.4 ? before : undefined
        const at = Math.max(0, barStart + note.at * eighth + human())
        const strength = touch(note.at % 8 === 0 ? 0.95 : 0.78)
        put(
          lead.play({
            hertz,
            seconds: note.eighths * eighth * 0.96,
            strength,
            seed: seed(),
            ...(slideFrom === undefined ? {} : { from: slideFrom }),
          }),
          at,
          lead,
        )
        // A grace note now and then, from the step above.
        if (part.lead !== 'reeds' && note.eighths >= 3 && random() < 0.35)
          put(
            lead.play({ hertz: hertzOf(note.step + 1, part.octave ?? 0), seconds: 0.07, strength: 0.45, seed: seed() }),
            Math.max(0, at - 0.075),
            lead,
          )
        if (part.lead === 'reeds' && note.eighths >= 2)
          put(
            reeds({
              hertz: hertzOf(note.step - 2, part.octave ?? 0),
              seconds: note.eighths * eighth * 0.92,
              strength: 0.4,
              seed: seed(),
            }),
            at,
            { ...lead, pan: -0.2 },
          )
        before = hertz
      }
    }
    for (let bar = 0; bar < bars; bar++) {
      const at = barStart + bar * 8 * eighth
      const ground = part.ground[bar % part.ground.length] ?? 0
      const barSeconds = 8 * eighth
      for (const voice of part.under) {
        if (voice === 'lute')
          [0, 3, 5, 3, 2, 5, 3, 2].forEach((up, i) =>
            put(
              lute({
                hertz: hertzOf(ground + up, -1),
                seconds: eighth * 2,
                strength: touch(i % 4 === 0 ? 0.6 : 0.4),
                seed: seed(),
              }),
              Math.max(0, at + i * eighth + human()),
              { gain: 0.4, pan: -0.35, wet: 0.22 },
            ),
          )
        if (voice === 'drone')
          for (const [up, octave] of [
            [0, -2],
            [3, -2],
          ] as const)
            put(
              lute({ hertz: hertzOf(ground + up, octave), seconds: barSeconds, strength: touch(0.6), seed: seed() }),
              Math.max(0, at + (up ? 4 * eighth : 0) + human()),
              { gain: 0.5, pan: 0.25, wet: 0.2 },
            )
        if (voice === 'reeds')
          for (const up of [0, 3])
            put(reeds({ hertz: hertzOf(ground + up, -1), seconds: barSeconds * 0.97, strength: 0.32, seed: seed() }), at, {
              gain: 0.3,
              pan: up ? 0.3 : -0.3,
              wet: 0.35,
            })
        if (voice === 'pad')
          for (const up of [0, 2, 3])
            put(pad({ hertz: hertzOf(ground + up, -1), seconds: barSeconds, strength: 0.5, seed: seed() }), at, {
              gain: 0.32,
              pan: (up - 1.6) * 0.3,
              wet: 0.4,
            })
        if (voice === 'gong' && bar % 2 === 0)
          put(gong({ hertz: hertzOf(0, -2), seconds: 4, strength: 0.7, seed: seed() }), at, { gain: 0.34, pan: -0.15, wet: 0.5 })
        if (voice === 'drum')
          [1, 0, 0.35, 0.5, 0.8, 0, 0.5, 0.4].forEach((s, i) => {
            if (s > 0)
              put(
                drum({ hertz: s > 0.7 ? 82 : 168, seconds: 0.5, strength: touch(s), seed: seed() }),
                Math.max(0, at + i * eighth + human()),
                { gain: s > 0.7 ? 0.42 : 0.22, pan: s > 0.7 ? 0 : 0.3, wet: 0.22 },
              )
          })
        if (voice === 'soft-drum')
          [0.7, 0, 0, 0.25, 0.45, 0, 0, 0].forEach((s, i) => {
            if (s > 0)
              put(drum({ hertz: 74, seconds: 0.5, strength: touch(s), seed: seed() }), Math.max(0, at + i * eighth + human()), {
                gain: 0.34,
                pan: 0,
                wet: 0.3,
              })
          })
      }
    }
    barStart += eighths * eighth
  }
  const wet = reverberated(send, { size: 0.86, damping: 0.32, predelaySeconds: 0.028 })
  addStereo(dry, wet, 0, () => 1.5)
  return master(fade(dry, 0.05, 2.6))
}
