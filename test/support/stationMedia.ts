import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Odd in rate, size, length and sound on purpose; each a few seconds, quick to encode. */
const SOURCES: { readonly [path: string]: readonly string[] } = {
  'hinh/a.mp4': [
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=320x180:r=24:d=7.3',
    '-f',
    'lavfi',
    '-i',
    'sine=440:r=44100:d=7.3',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
  ],
  'hinh/b.mkv': [
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=320x240:r=30000/1001:d=5.5',
    '-f',
    'lavfi',
    '-i',
    'sine=660:r=22050:d=5.2',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'libmp3lame',
  ],
  'hinh/c.mp4': ['-f', 'lavfi', '-i', 'testsrc=s=360x288:r=50:d=4.1', '-c:v', 'mpeg4', '-q:v', '5'],
  'nen-hinh/n.mp4': [
    '-f',
    'lavfi',
    '-i',
    'smptebars=s=320x180:r=25:d=6',
    '-f',
    'lavfi',
    '-i',
    'sine=220:r=48000:d=6',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
  ],
  'tieng/a.opus': ['-f', 'lavfi', '-i', 'sine=500:r=48000:d=9', '-c:a', 'libopus'],
  'tieng/b.mp3': ['-f', 'lavfi', '-i', 'sine=700:r=44100:d=6.7', '-c:a', 'libmp3lame'],
  'nen-tieng/n.flac': ['-f', 'lavfi', '-i', 'sine=300:r=32000:d=11', '-c:a', 'flac'],
}

/** Writes the media of the test station (`STATION_FILES`) into its folder. */
export function makeStationMedia(mediaDir: string): void {
  for (const [path, args] of Object.entries(SOURCES)) {
    const file = join(mediaDir, path)
    mkdirSync(dirname(file), { recursive: true })
    const { status, stderr } = spawnSync(
      process.env['FFMPEG_PATH'] || 'ffmpeg',
      ['-v', 'error', '-nostdin', '-y', ...args, file],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`ffmpeg could not make ${path}: ${stderr}`)
  }
}

export const MEDIA_FILES = Object.keys(SOURCES).length
