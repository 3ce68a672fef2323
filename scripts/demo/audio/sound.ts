/** Sound in memory: 48 kHz floats, one array per ear. */
export const RATE = 48_000
export type Mono = Float32Array
export type Stereo = { readonly left: Mono; readonly right: Mono }

export const samplesOf = (seconds: number): number => Math.round(seconds * RATE)
export const silence = (seconds: number): Stereo => ({
  left: new Float32Array(samplesOf(seconds)),
  right: new Float32Array(samplesOf(seconds)),
})
export const secondsOf = (sound: Stereo): number => sound.left.length / RATE

/** Equal-power panning: -1 is left, 1 is right. */
export const addMono = (into: Stereo, voice: Mono, at: { seconds: number; gain: number; pan: number }): void => {
  const start = samplesOf(at.seconds)
  const angle = ((at.pan + 1) * Math.PI) / 4
  const left = Math.cos(angle) * at.gain
  const right = Math.sin(angle) * at.gain
  const count = Math.min(voice.length, into.left.length - start)
  for (let i = Math.max(0, -start); i < count; i++) {
    const v = voice[i] ?? 0
    into.left[start + i] = (into.left[start + i] ?? 0) + v * left
    into.right[start + i] = (into.right[start + i] ?? 0) + v * right
  }
}

/** `gainAt` lets the caller duck a bed under a voice. */
export const addStereo = (into: Stereo, other: Stereo, seconds: number, gainAt: (sample: number) => number): void => {
  const start = samplesOf(seconds)
  const count = Math.min(other.left.length, into.left.length - start)
  for (let i = 0; i < count; i++) {
    const gain = gainAt(start + i)
    into.left[start + i] = (into.left[start + i] ?? 0) + (other.left[i] ?? 0) * gain
    into.right[start + i] = (into.right[start + i] ?? 0) + (other.right[i] ?? 0) * gain
  }
}

export const fade = (sound: Stereo, inSeconds: number, outSeconds: number): Stereo => {
  const fadeIn = Math.max(1, samplesOf(inSeconds))
  const fadeOut = Math.max(1, samplesOf(outSeconds))
  const length = sound.left.length
  const shape = (i: number) => Math.min(1, i / fadeIn, (length - 1 - i) / fadeOut) ** 1.5
  const shaped = (ear: Mono) => ear.map((v, i) => v * shape(i))
  return { left: shaped(sound.left), right: shaped(sound.right) }
}

/** Brings the loudest sample to `peak`, rounding off rare peaks first so that one drum hit does not make the rest quiet. */
export const master = (sound: Stereo, peak = 0.82): Stereo => {
  let square = 0
  for (const v of sound.left) square += v * v
  const loudness = Math.sqrt(square / Math.max(1, sound.left.length)) || 1
  const drive = 0.1 / loudness
  const rounded = (ear: Mono) => ear.map((v) => Math.tanh(v * drive))
  const left = rounded(sound.left)
  const right = rounded(sound.right)
  let top = 1e-6
  for (const ear of [left, right]) for (const v of ear) top = Math.max(top, Math.abs(v))
  const gain = Math.min(peak / top, 1.25)
  return { left: left.map((v) => v * gain), right: right.map((v) => v * gain) }
}

/** 32-bit float, interleaved: what ffmpeg reads as `-f f32le -ac 2`. */
export const interleaved = (sound: Stereo): Buffer => {
  const both = new Float32Array(sound.left.length * 2)
  for (let i = 0; i < sound.left.length; i++) {
    both[2 * i] = sound.left[i] ?? 0
    both[2 * i + 1] = sound.right[i] ?? 0
  }
  return Buffer.from(both.buffer)
}
