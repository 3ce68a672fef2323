import { AUDIO_RATE } from '#core/time.ts'

/** The slate's sound: a soft chord that swells and sinks twice and ends as it began, so that it loops. A WAV file, 16 bit, stereo. */
export function chordWav(seconds: number): Buffer {
  const samples = Math.round(seconds * AUDIO_RATE)
  const wav = Buffer.alloc(44 + samples * 4)
  wavHeader(wav, samples)
  // whole periods in the loop: the end of every tone meets its beginning
  const tones = CHORD.map(([hertz, level, pan]) => ({ turns: Math.round(hertz * seconds), level, pan }))
  for (let sample = 0; sample < samples; sample++) {
    const place = sample / samples
    let left = 0
    let right = 0
    for (const [index, { turns, level, pan }] of tones.entries()) {
      const swell = 0.5 - 0.5 * Math.cos(2 * Math.PI * (2 * place + index * 0.04))
      const angle = 2 * Math.PI * turns * place
      const tone = level * swell * (Math.sin(angle) + 0.22 * Math.sin(2 * angle) + 0.06 * Math.sin(3 * angle))
      left += tone * (1 - pan)
      right += tone * pan
    }
    wav.writeInt16LE(Math.round(left * 32_767), 44 + sample * 4)
    wav.writeInt16LE(Math.round(right * 32_767), 46 + sample * 4)
  }
  return wav
}

/** Hertz, level, place between left and right: D, A, E, F sharp and A, wide apart. */
const CHORD = [
  [146.83, 0.16, 0.5],
  [220, 0.12, 0.38],
  [329.63, 0.09, 0.62],
  [369.99, 0.06, 0.3],
  [440, 0.05, 0.7],
] as const

function wavHeader(wav: Buffer, samples: number): void {
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(36 + samples * 4, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(2, 22)
  wav.writeUInt32LE(AUDIO_RATE, 24)
  wav.writeUInt32LE(AUDIO_RATE * 4, 28)
  wav.writeUInt16LE(4, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(samples * 4, 40)
}
