import { execFileSync } from 'node:child_process'
import { open, mkdtemp, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AUDIO_LADDER, VIDEO_LADDER } from '#core/ladder.ts'
import { DEFAULT_LOUDNESS, planOf } from '#core/packaging.ts'
import { packagingArgs } from '#core/packagingArgs.ts'
import type { Outcome } from '#core/refusal.ts'
import { measureMedia, probeMedia } from '../../server/packager/measure.ts'
import { startRun } from '../../server/packager/run.ts'
import { checkTools, type CheckedTools } from '../../server/packager/tools.ts'
import type { Row } from './row.ts'

const ROUNDS = 3
const SECONDS = 20

/** CPU of packaging the whole ladder in one ffmpeg, beside the same with the picture of the 720p rung only. */
export async function benchLadder(): Promise<readonly Row[]> {
  const tools = await checkTools({
    ffmpeg: process.env['FFMPEG_PATH'] ?? 'ffmpeg',
    ffprobe: process.env['FFPROBE_PATH'] ?? 'ffprobe',
    path: process.env['PATH'] ?? '/usr/bin:/bin',
  })
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const source = await open(clip(tools, folder))
    try {
      return [await compare(tools, source)]
    } finally {
      await source.close()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function compare(tools: CheckedTools, source: FileHandle): Promise<Row> {
  const facts = must(await probeMedia(source, tools))
  const measurement = must(await measureMedia(source, facts, { tools }))
  const plan = must(planOf(facts, measurement, { form: 'tv', target: DEFAULT_LOUDNESS }))
  const all = packagingArgs({ plan, facts, measurement, target: DEFAULT_LOUDNESS, abilities: tools.abilities })
  const ratios: number[] = []
  const seconds: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await cpuSeconds(tools, source, onlyTopRung(all))
    const ladder = await cpuSeconds(tools, source, all)
    ratios.push(ladder / one)
    seconds.push(`${ladder.toFixed(1)}:${one.toFixed(1)}`)
  }
  const ratio = ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Infinity
  return {
    name: 'packaging three rungs, to one of 720p',
    value: ratio,
    target: 1.8,
    unit: '× CPU, at most',
    isGood: ratio <= 1.8,
    note: `CPU-seconds for ${SECONDS} s: ${seconds.join(' ')}`,
  }
}

/** Many edges that move and a little grain, so that x264 has the work of a real programme; as small as the top rung, so that reading costs little. */
function clip(tools: CheckedTools, folder: string): string {
  const path = join(folder, 'clip.mp4')
  const picture = `testsrc2=size=1280x720:rate=25:duration=${SECONDS},noise=alls=8:allf=t`
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p']
  execFileSync(tools.ffmpeg, ['-hide_banner', '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', picture, ...coding, path])
  return path
}

/** The same arguments without the lower rungs: neither their outputs nor their part of the filter graph. */
function onlyTopRung(args: readonly string[]): readonly string[] {
  const [top, ...lower] = VIDEO_LADDER.map(({ id }) => id)
  const kept = args.map((argument) =>
    argument.includes(`[${top}in]`)
      ? argument
          .split(';')
          .filter((chain) => !lower.some((id) => chain.startsWith(`[${id}in]`)))
          .map((chain) => chain.replace(/split=\d+(?=\[v)/, 'null').replace(/(\[v\d+in\])(?:\[v\d+in\])+$/, '$1'))
          .join(';')
      : argument,
  )
  return lower.reduce<readonly string[]>((rest, id) => {
    const from = rest.indexOf(`[${id}out]`) - 1
    const to = rest.findIndex((argument, index) => index > from && argument.startsWith('pipe:'))
    if (from < 0 || to < 0) throw new Error(`The arguments have no output ${id} with another after it.`)
    return [...rest.slice(0, from), ...rest.slice(to + 1)]
  }, kept)
}

/** User and system time of one run, as ffmpeg itself reads it from the kernel at its end. */
async function cpuSeconds(tools: CheckedTools, source: FileHandle, args: readonly string[]): Promise<number> {
  // A pipe for each rendition also where some are left out, since the arguments name pipes by number.
  const outputs = VIDEO_LADDER.length + AUDIO_LADDER.length
  const run = startRun({ tools, command: tools.ffmpeg, args: ['-benchmark', ...args], source: source.fd, outputs })
  for (const output of run.outputs) output.resume()
  const { code, log } = await run.end
  const times = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(log)
  if (code !== 0 || !times) throw new Error(`ffmpeg ended with ${code}:\n${log}`)
  return Number(times[1]) + Number(times[2])
}

function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new Error(outcome.problems.map((problem) => problem.message).join('\n'))
}
