import { spawn } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_LOUDNESS } from '#core/packaging.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import { houseInit } from '../../server/cmaf/air.ts'
import { buildPackage, type BuildDeps } from '../../server/packager/build.ts'
import { openFolders, packageIdOf } from '../../server/packager/folders.ts'
import { measureMedia, probeMedia } from '../../server/packager/measure.ts'
import { createPackages } from '../../server/packager/packages.ts'
import { checkTools, type CheckedTools } from '../../server/packager/tools.ts'
import type { Packages } from '../../server/origin/ports.ts'

/** 6 segments: the package goes round and round on the grid, so that a picture tells at which instant it belongs on air. */
export const LOOP_TICKS = 36
export const LOOP_MS = LOOP_TICKS * 320
const FRAMES = LOOP_MS / 40
const BITS = 9

/** Nine black or white blocks along the bottom write each frame's number, lowest bit first. */
const barcode = Array.from(
  { length: BITS },
  (_, bit) => `drawbox=x=${40 + bit * 64}:y=600:w=64:h=64:color=white:t=fill:enable='mod(floor(n/${2 ** bit})\\,2)'`,
)
export const BARCODE = { bits: BITS, left: 40 / 1280, step: 64 / 1280, middle: 632 / 720 }

export type LiveMedia = { readonly tv: PackageIndex; readonly radio: PackageIndex; readonly packages: Packages }

/** Two packages of the house, made by the packager from what ffmpeg draws and sings. */
export async function packageLiveMedia(folder: string): Promise<LiveMedia> {
  await mkdir(folder, { recursive: true })
  const tools = await checkTools({
    ffmpeg: process.env['FFMPEG_PATH'] ?? 'ffmpeg',
    ffprobe: process.env['FFPROBE_PATH'] ?? 'ffprobe',
    path: process.env['PATH'] ?? '',
  })
  const seconds = String(LOOP_MS / 1000)
  const tune = ['-f', 'lavfi', '-i', `sine=frequency=440:beep_factor=2:sample_rate=48000:duration=${seconds}`]
  const picture = [
    ...[
      '-f',
      'lavfi',
      '-i',
      `color=0x202830:size=1280x720:rate=25,drawbox=x=40:y=600:w=576:h=64:color=black:t=fill,${barcode.join(',')}`,
    ],
    ...['-frames:v', String(FRAMES), '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '14'],
  ]
  const film = join(folder, 'film.mkv')
  const song = join(folder, 'song.flac')
  await run(tools, [...tune, ...picture, '-c:a', 'flac', '-shortest', film])
  await run(tools, [...tune, '-c:a', 'flac', song])
  const folders = await openFolders(folder)
  const stored = await createPackages(folders)
  const deps = { folders, packages: stored, tools }
  const tv = await packaged(film, 'tv', deps)
  const radio = await packaged(song, 'radio', deps)
  return {
    tv,
    radio,
    packages: {
      indexOf: stored.index,
      readFragments: stored.readFragments,
      houseInit: async (rendition) => houseInit(await stored.readInit(rendition in tv.renditions ? tv.id : radio.id, rendition)),
    },
  }
}

async function packaged(file: string, form: 'tv' | 'radio', deps: BuildDeps): Promise<PackageIndex> {
  const { tools } = deps
  const source = await open(file)
  try {
    const facts = await probeMedia(source, tools)
    if (!facts.ok) throw new Error(JSON.stringify(facts.problems))
    const measurement = await measureMedia(source, facts.value, { tools })
    if (!measurement.ok) throw new Error(JSON.stringify(measurement.problems))
    const job = {
      id: packageIdOf(file),
      source,
      facts: facts.value,
      measurement: measurement.value,
      form,
      target: DEFAULT_LOUDNESS,
      card: () => Promise.reject(new Error('the film has a picture')),
    }
    const built = await buildPackage(job, deps)
    if (!built.ok) throw new Error(JSON.stringify(built.problems))
    return built.value
  } finally {
    await source.close()
  }
}

function run(tools: CheckedTools, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('nice', ['-n', '5', tools.ffmpeg, '-v', 'error', '-nostdin', '-y', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let log = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}: ${log}`))))
  })
}
