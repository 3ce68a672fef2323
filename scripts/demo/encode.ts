import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { interleaved, type Stereo } from './audio/sound.ts'
import { FPS, HEIGHT, WIDTH } from './picture/stage.ts'
import { furniture } from './picture/titles.ts'
import type { Film } from './scenes/film.ts'

const ffmpeg = process.env['FFMPEG_PATH'] ?? 'ffmpeg'
// The same bytes from the same ffmpeg: no dates, no encoder names in the files.
const STILL = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact']

const run = async (args: readonly string[], feed?: (write: (bytes: Buffer) => Promise<void>) => Promise<void>): Promise<void> => {
  const child = spawn(ffmpeg, ['-hide_banner', '-loglevel', 'error', '-y', ...args], { stdio: ['pipe', 'inherit', 'inherit'] })
  const ended = once(child, 'exit')
  if (feed) {
    await feed(async (bytes) => {
      if (!child.stdin.write(bytes)) await once(child.stdin, 'drain')
    })
  }
  child.stdin.end()
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${args.join(' ')}`)
}

// Some files with the older codec, so that the demo holds what stations really have.
const AAC = ['-c:a', 'aac', '-b:a', '44k', '-ac', '1', '-ar', '32000']
const soundArgs: { readonly [ending: string]: readonly string[] } = {
  '.mp4': ['-c:a', 'libopus', '-b:a', '28k', '-ac', '1'],
  '.mkv': ['-c:a', 'libopus', '-b:a', '28k', '-ac', '1'],
  '.webm': ['-c:a', 'libopus', '-b:a', '28k', '-ac', '1'],
  '.opus': ['-c:a', 'libopus', '-b:a', '36k'],
  '.ogg': ['-c:a', 'libopus', '-b:a', '22k', '-ac', '1', '-application', 'voip'],
  '.mp3': ['-c:a', 'libmp3lame', '-b:a', '48k', '-ac', '1', '-ar', '32000'],
  '.m4a': ['-c:a', 'aac', '-b:a', '48k', '-ac', '1', '-ar', '44100'],
  '.flac': ['-c:a', 'flac', '-ac', '1', '-ar', '32000', '-sample_fmt', 's16', '-compression_level', '12'],
}
const pictureArgs = (ending: string, crf: number): readonly string[] =>
  ending === '.webm'
    ? [
        '-c:v',
        'libvpx-vp9',
        '-crf',
        String(Math.max(42, crf)),
        '-b:v',
        '0',
        '-deadline',
        'good',
        '-cpu-used',
        '2',
        '-row-mt',
        '1',
        '-g',
        '250',
      ]
    : [
        '-c:v',
        'libx264',
        '-preset',
        'medium',
        '-tune',
        'animation',
        '-crf',
        String(crf),
        '-g',
        '250',
        '-x264-params',
        'no-info=1',
      ]

const withSound = async (sound: Stereo, use: (file: string) => Promise<void>): Promise<void> => {
  const file = join(tmpdir(), `demo-sound-${process.pid}.f32`)
  writeFileSync(file, interleaved(sound))
  try {
    await use(file)
  } finally {
    rmSync(file, { force: true })
  }
}
const soundInput = (file: string): readonly string[] => ['-f', 'f32le', '-ar', '48000', '-ac', '2', '-i', file]

export const encodeSound = async (target: string, sound: Stereo, tags: readonly string[]): Promise<void> => {
  mkdirSync(dirname(target), { recursive: true })
  await withSound(sound, (file) => run([...soundInput(file), ...(soundArgs[extname(target)] ?? []), ...STILL, ...tags, target]))
}

export const encodeFilm = async (target: string, film: Film, tags: readonly string[]): Promise<void> => {
  mkdirSync(dirname(target), { recursive: true })
  const { seconds, sound, draw } = film.build()
  const canvas = createCanvas(WIDTH, HEIGHT)
  const pen = canvas.getContext('2d')
  const ending = extname(target)
  await withSound(sound, (file) =>
    run(
      [
        ...['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${WIDTH}x${HEIGHT}`, '-r', String(FPS), '-i', '-'],
        ...soundInput(file),
        ...[
          '-vf',
          'format=yuv420p',
          ...pictureArgs(ending, film.crf ?? 33),
          ...((film.isAac ? AAC : soundArgs[ending]) ?? []),
          ...STILL,
          ...tags,
        ],
        ...(ending === '.mp4' ? ['-movflags', '+faststart'] : []),
        target,
      ],
      async (write) => {
        for (let frame = 0; frame < Math.round(seconds * FPS); frame++) {
          const t = frame / FPS
          draw(pen, t)
          if (!film.isBare) furniture(pen, t, seconds)
          await write(Buffer.from(canvas.data()))
        }
      },
    ),
  )
}
