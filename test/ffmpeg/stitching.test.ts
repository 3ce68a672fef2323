import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { AUDIO_LADDER, isVideo, VIDEO_FRAME_UNITS, VIDEO_LADDER, type RenditionId } from '#core/ladder.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import { planOf, DEFAULT_LOUDNESS } from '#core/packaging.ts'
import { AAC_FRAME_SAMPLES, AAC_FRAMES_PER_TICK, FRAMES_PER_TICK, SEGMENT_TICKS } from '#core/time.ts'
import { airSegment } from '../../server/cmaf/air.ts'
import { assemble } from '../../server/packager/assemble.ts'
import { createCards } from '../../server/packager/card.ts'
import { openFolders } from '../../server/packager/folders.ts'
import { createPackages } from '../../server/packager/packages.ts'
import { ensureHouse } from '../../server/packager/slate.ts'
import { decodedFrames, ffmpeg, findTools, packageFile, packetTimes, temporaryFolder } from './support.ts'

const tools = await findTools()
const RENDITIONS = [...VIDEO_LADDER.map(({ id }) => id), ...AUDIO_LADDER.map(({ id }) => id)]

test('twelve items of different packages, cut at any tick, decode as one endless file under the house’s init sections', async (t) => {
  const folder = await temporaryFolder(t)
  const dataDir = join(folder, 'data')
  const folders = await openFolders(dataDir)
  const packages = await createPackages(folders)
  const house = await ensureHouse({ dataDir, folders, packages, tools, cards: await createCards() })

  const film = join(folder, 'film.mp4')
  const mute = join(folder, 'mute.mkv')
  const song = join(folder, 'song.mp3')
  const fast = ['-c:v', 'libx264', '-preset', 'ultrafast'] as const
  await ffmpeg(
    tools,
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=640x480:r=30:d=5',
    '-f',
    'lavfi',
    '-i',
    'sine=d=5',
    ...fast,
    '-c:a',
    'aac',
    film,
  )
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'mandelbrot=s=1280x720:r=24,trim=duration=4.4', ...fast, mute)
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'sine=f=300:d=4.2:r=44100', song)
  const ids: string[] = [house.slate.tv.id]
  for (const path of [film, mute, song]) {
    const { outcome } = await packageFile(tools, path, { form: 'tv', dataDir })
    assert.ok(outcome.ok, JSON.stringify(outcome))
    packages.noteNew(outcome.value.id)
    ids.push(outcome.value.id)
  }
  const indexes = await Promise.all(ids.map((id) => packages.index(id)))

  // whole items and cuts of every remainder; 7 and 13 leave a tail of one tick
  const lengths = [7, 16, 9, 13, 2, 14, 8, 6, 13, 3, 7, 11]
  const items = lengths.map((ticks, index) => {
    const source = indexes[index % indexes.length] as PackageIndex
    return { source, ticks: Math.min(ticks, source.ticks) }
  })
  const total = items.reduce((sum, { ticks }) => sum + ticks, 0)
  const epochTick = 5_610_793_121
  const ends: number[] = []
  for (const id of RENDITIONS) {
    const file = join(folder, `channel-${id}.mp4`)
    await writeFile(
      file,
      Buffer.concat([house.inits[id], ...(await onAir(id, { items, epochTick, read: packages.readFragments }))]),
    )
    const unit = isVideo(id) ? VIDEO_FRAME_UNITS : AAC_FRAME_SAMPLES
    const samples = total * samplesPerTick(id)
    const times = await packetTimes(tools, file)
    assert.equal(times.length, samples, `${id}: samples`)
    assert.equal(times[0], epochTick * samplesPerTick(id) * unit, `${id}: start`)
    assert.ok(
      times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === unit),
      `${id}: every sample follows the one before`,
    )
    assert.equal(await decodedFrames(tools, file), samples, `${id}: decoded without a word of complaint`)
    ends.push(((times.at(-1) ?? 0) + unit) / (isVideo(id) ? 12_800 : 48_000))
  }
  assert.deepEqual(new Set(ends).size, 1, `picture and sound end together: ${ends.join(' ')}`)
})

test('a package of another encoder plays under the house’s init section', async (t) => {
  const folder = await temporaryFolder(t)
  const dataDir = join(folder, 'data')
  const folders = await openFolders(dataDir)
  const packages = await createPackages(folders)
  const house = await ensureHouse({ dataDir, folders, packages, tools, cards: await createCards() })
  const measurement = { integratedLufs: null, truePeakDb: null, durationMs: 3840, isInterlaced: false }
  const video = { stream: 0, codec: 'h264', width: 1280, height: 720, sampleAspect: 1, rotation: 0, frameRate: 25 } as const
  const facts = {
    container: 'mov',
    durationMs: 3840,
    isDurationExact: true,
    video: { ...video, isVariableRate: false, scan: 'progressive', dynamicRange: 'sdr', matrix: null },
  } as const
  const plan = planOf(facts, measurement, { form: 'tv', target: DEFAULT_LOUDNESS })
  assert.ok(plan.ok)
  const into = join(folder, 'other')
  await mkdir(into)
  const other = [
    '-c:v',
    'libx264',
    '-preset',
    'slow',
    '-refs',
    '4',
    '-x264-params',
    'cabac=0',
    '-level',
    '3.1',
    '-bf',
    '0',
    '-g',
    '48',
    '-keyint_min',
    '48',
    '-sc_threshold',
    '0',
  ]
  const mp4 = [
    '-video_track_timescale',
    '12800',
    '-f',
    'mp4',
    '-movflags',
    'empty_moov+default_base_moof+skip_sidx+frag_keyframe',
    '-',
  ]
  const source = ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=3.84,format=yuv420p']
  const child = spawn(tools.ffmpeg, [...source, ...other, ...mp4], { stdio: ['ignore', 'pipe', 'inherit'] })
  const made = await assemble(child.stdout, 'v720', { plan: plan.value, directory: into })
  const stored = await readFile(join(into, made.file))
  const fragments = made.fragments.map(([offset, size]) => stored.subarray(offset, offset + size))
  const slate = await packages.readFragments(house.slate.tv.id, 'v720', 0, 1)
  const segments = [slate, fragments.slice(0, 1), slate, fragments.slice(1, 2)].map((parts, index) =>
    airSegment(parts, { sequence: index, tfdt: index * 48 * VIDEO_FRAME_UNITS, samples: 48 }),
  )
  const file = join(folder, 'mixed.mp4')
  await writeFile(file, Buffer.concat([house.inits.v720, ...segments]))
  assert.equal(await decodedFrames(tools, file), 4 * 48)
})

type Airing = {
  readonly items: readonly { readonly source: PackageIndex; readonly ticks: number }[]
  readonly epochTick: number
  read(id: string, rendition: RenditionId, first: number, count: number): Promise<readonly Buffer[]>
}

const samplesPerTick = (id: RenditionId): number => (isVideo(id) ? FRAMES_PER_TICK : AAC_FRAMES_PER_TICK)

/** The channel's segments: 6 ticks each, a tail of one tick merged into the one before. */
async function onAir(id: RenditionId, { items, epochTick, read }: Airing): Promise<readonly Buffer[]> {
  const segments: Buffer[] = []
  const unit = isVideo(id) ? VIDEO_FRAME_UNITS : AAC_FRAME_SAMPLES
  let at = epochTick
  for (const { source, ticks } of items) {
    for (let offset = 0; offset < ticks;) {
      const left = ticks - offset
      const length = left === SEGMENT_TICKS + 1 ? left : Math.min(SEGMENT_TICKS, left)
      const fragments = await read(source.id, id, offset / SEGMENT_TICKS, length > SEGMENT_TICKS ? 2 : 1)
      const samples = length * samplesPerTick(id)
      segments.push(airSegment(fragments, { sequence: segments.length + 1, tfdt: at * samplesPerTick(id) * unit, samples }))
      at += length
      offset += length
    }
  }
  return segments
}
