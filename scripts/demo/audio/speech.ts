import { execFileSync } from 'node:child_process'
import { filtered, reverberated } from './filters.ts'
import { addStereo, master, RATE, samplesOf, secondsOf, silence, type Mono, type Stereo } from './sound.ts'

/** Two newsreaders made from one synthetic voice. */
export type Reader = 'ha' | 'trung'
const VOICES: {
  readonly [reader in Reader]: {
    readonly name: string
    readonly pitch: number
    readonly wordsAMinute: number
    readonly body: number
  }
} = {
  ha: { name: 'vi+f2', pitch: 52, wordsAMinute: 148, body: 260 },
  trung: { name: 'vi+m3', pitch: 38, wordsAMinute: 146, body: 170 },
}

const samplesOfWav = (wav: Buffer): Mono => {
  const at = wav.indexOf('data', 12, 'latin1') + 8
  const rate = wav.readUInt32LE(24)
  // The size in a streamed header is a guess, so the end of the buffer decides.
  const count = Math.floor((wav.length - at) / 2)
  const out = new Float32Array(Math.floor((count * RATE) / rate))
  for (let i = 0; i < out.length; i++) {
    const x = (i * rate) / RATE
    const k = Math.floor(x)
    const a = wav.readInt16LE(at + 2 * Math.min(k, count - 1))
    const b = wav.readInt16LE(at + 2 * Math.min(k + 1, count - 1))
    out[i] = (a + (b - a) * (x - k)) / 32768
  }
  return out
}

/** Slow compressor: evens out syllables that the synthesiser says too loud or too soft. */
const evened = (voice: Mono): Mono => {
  let level = 0
  return voice.map((v) => {
    level += (Math.abs(v) - level) * (Math.abs(v) > level ? 0.004 : 0.00012)
    return (v * 0.16) / Math.max(0.05, level ** 0.55 * 0.32)
  })
}

const sentence = (reader: Reader, text: string): Mono => {
  const voice = VOICES[reader]
  const wav = execFileSync(
    'espeak-ng',
    ['-v', voice.name, '-s', String(voice.wordsAMinute), '-p', String(voice.pitch), '-g', '2', '-a', '120', '--stdout', text],
    {
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  let sound = filtered(samplesOfWav(wav), { kind: 'high', hertz: 95 })
  sound = filtered(sound, { kind: 'peak', hertz: voice.body, q: 0.9, decibels: 3 })
  sound = filtered(sound, { kind: 'peak', hertz: 3100, q: 0.9, decibels: -5 })
  sound = filtered(sound, { kind: 'low', hertz: 7200 })
  return evened(sound)
}

export type Mark = { readonly from: number; readonly to: number; readonly text: string }
export type Speech = { readonly sound: Stereo; readonly marks: readonly Mark[] }
const GAP = 0.45

/** Sentences one after another in a small warm room; an empty one is a longer pause. The marks say when each is spoken. */
export const speak = (reader: Reader, sentences: readonly string[]): Speech => {
  const marks: Mark[] = []
  const spoken: { readonly voice: Mono; readonly at: number }[] = []
  let at = 0
  for (const text of sentences) {
    const voice = text === '' ? new Float32Array(samplesOf(GAP)) : sentence(reader, text)
    spoken.push({ voice, at })
    const seconds = voice.length / RATE
    if (text !== '') marks.push({ from: at, to: at + seconds, text })
    at += seconds + GAP
  }
  const total = at + 0.6
  const mono = new Float32Array(samplesOf(total))
  for (const s of spoken) mono.set(s.voice, samplesOf(s.at))
  const wet = reverberated({ left: mono, right: mono }, { size: 0.6, damping: 0.6, predelaySeconds: 0.008 })
  const out = silence(total)
  addStereo(out, { left: mono, right: mono }, 0, () => 0.9)
  addStereo(out, wet, 0, () => 0.16)
  return { sound: out, marks }
}

/** Two readers taking turns. */
export const dialogue = (turns: readonly (readonly [Reader, readonly string[]])[]): Speech => {
  const parts = turns.map(([reader, sentences]) => speak(reader, sentences))
  const total = parts.reduce((sum, p) => sum + secondsOf(p.sound), 0)
  const out = silence(total)
  const marks: Mark[] = []
  let at = 0
  for (const part of parts) {
    addStereo(out, part.sound, at, () => 1)
    for (const m of part.marks) marks.push({ ...m, from: m.from + at, to: m.to + at })
    at += secondsOf(part.sound) - 0.3
  }
  return { sound: out, marks }
}

/** The bed sinks while the voice speaks and rises in the pauses and at both ends. */
export const overBed = (
  speech: Speech,
  bed: Stereo,
  options: { readonly leadSeconds: number; readonly tailSeconds: number },
): Speech => {
  const voice = speech.sound
  const lead = samplesOf(options.leadSeconds)
  const total = lead + voice.left.length + samplesOf(options.tailSeconds)
  const out = silence(total / RATE)
  const gain = new Float32Array(total)
  let level = 0
  let hold = 0
  for (let i = total - 1; i >= 0; i--) {
    const v = Math.abs(voice.left[i - lead] ?? 0)
    hold = v > 0.02 ? samplesOf(0.5) : hold - 1
    const wanted = hold > 0 ? 0.2 : 0.62
    level += (wanted - level) * 0.00006
    const edge = Math.min(1, i / samplesOf(0.3), (total - 1 - i) / samplesOf(2))
    gain[i] = level * edge
  }
  const bedLength = bed.left.length
  const looped: Stereo = {
    left: Float32Array.from({ length: total }, (_, i) => bed.left[i % bedLength] ?? 0),
    right: Float32Array.from({ length: total }, (_, i) => bed.right[i % bedLength] ?? 0),
  }
  addStereo(out, looped, 0, (i) => gain[i] ?? 0)
  addStereo(out, voice, options.leadSeconds, () => 0.85)
  const moved = speech.marks.map((m) => ({ ...m, from: m.from + options.leadSeconds, to: m.to + options.leadSeconds }))
  return { sound: master(out), marks: moved }
}
