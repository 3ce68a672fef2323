import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { RenditionId } from '#core/ladder.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import { DEFAULT_LOUDNESS, identityOf } from '#core/packaging.ts'
import type { MediaFacts, Measurement } from '#core/packagingFacts.ts'
import type { Outcome } from '#core/refusal.ts'
import type { ChannelKind } from '#core/schedule.ts'
import { buildPackage } from '../../server/packager/build.ts'
import { createCards } from '../../server/packager/card.ts'
import { openFolders, packageIdOf } from '../../server/packager/folders.ts'
import { contentHashOf } from '../../server/library/mediaFiles.ts'
import { measureMedia, probeMedia } from '../../server/packager/measure.ts'
import { createPackages } from '../../server/packager/packages.ts'
import { checkTools, type CheckedTools } from '../../server/packager/tools.ts'

/** Real ffmpeg on sources of a few seconds, for tests that judge boxes, pictures and sound. */
export const findTools = (): Promise<CheckedTools> =>
  checkTools({
    ffmpeg: process.env['FFMPEG_PATH'] ?? 'ffmpeg',
    ffprobe: process.env['FFPROBE_PATH'] ?? 'ffprobe',
    path: process.env['PATH'] ?? '/usr/bin:/bin',
    niceness: 0,
  })

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'phat-song-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Runs ffmpeg as a test's own tool; returns its standard output and error. */
export function ffmpeg(tools: CheckedTools, ...args: readonly string[]): Promise<{ readonly out: Buffer; readonly log: string }> {
  return new Promise((resolve, reject) => {
    const all = ['-hide_banner', '-nostdin', '-y', '-v', 'error', ...args]
    execFile(tools.ffmpeg, all, { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 }, (error, out, log) =>
      error ? reject(new Error(`${error.message}\n${log.toString()}`)) : resolve({ out, log: log.toString() }),
    )
  })
}

export function ffprobe(tools: CheckedTools, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(tools.ffprobe, ['-hide_banner', '-v', 'error', ...args], { maxBuffer: 256 * 1024 * 1024 }, (error, out, log) =>
      error || log.trim() !== '' ? reject(new Error(`${error?.message ?? ''}\n${log}`)) : resolve(out),
    )
  })
}

export type Packaged = {
  readonly outcome: Outcome<PackageIndex>
  readonly facts: MediaFacts | undefined
  readonly measurement: Measurement | undefined
  /** The package's folder. */
  readonly folder: string
}

/** A file through the whole way: probe, measure, build, verify. */
export async function packageFile(
  tools: CheckedTools,
  path: string,
  to: { readonly form: ChannelKind; readonly dataDir: string },
): Promise<Packaged> {
  const folders = await openFolders(to.dataDir)
  const packages = await createPackages(folders)
  const cards = await createCards()
  const source = await open(path)
  try {
    const id = packageIdOf(identityOf(await contentHashOf(source), to.form, DEFAULT_LOUDNESS))
    const folder = join(folders.packages, id)
    const facts = await probeMedia(source, tools)
    if (!facts.ok) return { outcome: facts, facts: undefined, measurement: undefined, folder }
    const measurement = await measureMedia(source, facts.value, { tools })
    if (!measurement.ok) return { outcome: measurement, facts: facts.value, measurement: undefined, folder }
    const job = { id, source, facts: facts.value, measurement: measurement.value, form: to.form, target: DEFAULT_LOUDNESS }
    const outcome = await buildPackage(
      { ...job, card: () => cards.titleCard({ title: 'Thử sóng' }) },
      { folders, packages, tools },
    )
    return { outcome, facts: facts.value, measurement: measurement.value, folder }
  } finally {
    await source.close()
  }
}

export type Picture = {
  readonly width: number
  readonly height: number
  colour(x: number, y: number): readonly [red: number, green: number, blue: number]
}

/** One decoded picture of a rendition. */
export async function pictureOf(tools: CheckedTools, file: string, frame: number): Promise<Picture> {
  const size = await ffprobe(tools, '-show_entries', 'stream=width,height', '-of', 'csv=p=0', file)
  const [width = 0, height = 0] = size.trim().split(',').map(Number)
  const select = `select=eq(n\\,${frame}),scale=in_color_matrix=bt709:in_range=tv,format=rgb24`
  const { out } = await ffmpeg(tools, '-i', file, '-vf', select, '-frames:v', '1', '-f', 'rawvideo', '-')
  return {
    width,
    height,
    colour(x, y) {
      const at = (Math.round(y) * width + Math.round(x)) * 3
      return [out[at] ?? 0, out[at + 1] ?? 0, out[at + 2] ?? 0]
    },
  }
}

/** Decoded sound, left and right in turn, −1…1. */
export async function soundOf(tools: CheckedTools, file: string): Promise<Float32Array> {
  const { out } = await ffmpeg(tools, '-i', file, '-f', 'f32le', '-ac', '2', '-ar', '48000', '-')
  return new Float32Array(out.buffer.slice(out.byteOffset, out.byteOffset + out.length - (out.length % 4)))
}

export const rms = (sound: Float32Array, fromSeconds: number, toSeconds: number): number => {
  const part = sound.subarray(Math.round(fromSeconds * 48_000) * 2, Math.round(toSeconds * 48_000) * 2)
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / Math.max(1, part.length))
}

/** Presentation times of all packets, in the rendition's units. */
export async function packetTimes(tools: CheckedTools, file: string): Promise<readonly number[]> {
  const text = await ffprobe(tools, '-show_entries', 'packet=pts', '-of', 'csv=p=0', file)
  return text
    .trim()
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
}

export async function decodedFrames(tools: CheckedTools, file: string): Promise<number> {
  return Number.parseInt(
    await ffprobe(tools, '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', file),
    10,
  )
}

export const renditionFile = (folder: string, id: RenditionId): string => join(folder, `${id}.mp4`)
