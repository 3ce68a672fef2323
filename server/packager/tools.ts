import { spawn } from 'node:child_process'
import type { FfmpegAbilities } from '#core/packaging.ts'
import { StationError } from '../errors.ts'

export type Tools = {
  /** Name or path of the programs. */
  readonly ffmpeg: string
  readonly ffprobe: string
  /** The `PATH` they are looked up and run with: they get nothing else of the server's environment. */
  readonly path: string
  /** How far they step back behind the air, 0 to 19; 10 when not said. */
  readonly niceness?: number
}

export type CheckedTools = Tools & { readonly version: string; readonly abilities: FfmpegAbilities }

/** Runs both programs once. Throws TOOL_MISSING with what to do about it. */
export async function checkTools(tools: Tools): Promise<CheckedTools> {
  const [version, filters] = await Promise.all([
    outputOf(tools, tools.ffmpeg, ['-hide_banner', '-version']),
    outputOf(tools, tools.ffmpeg, ['-hide_banner', '-filters']),
    outputOf(tools, tools.ffprobe, ['-hide_banner', '-version']),
  ])
  const has = (filter: string): boolean => new RegExp(`^\\s*\\S+\\s+${filter}\\s`, 'm').test(filters)
  const lacking = ['ebur128', 'alimiter', 'tpad', 'fps', 'scale', 'afade'].filter((filter) => !has(filter))
  if (lacking.length > 0) {
    throw new StationError(
      'TOOL_MISSING',
      `This ffmpeg (${tools.ffmpeg}) lacks the filters ${lacking.join(', ')}; install a full build.`,
    )
  }
  return {
    ...tools,
    version: /version (\S+)/.exec(version)?.[1] ?? 'unknown',
    abilities: { canToneMap: has('zscale') && has('tonemap'), hasBwdif: has('bwdif') },
  }
}

function outputOf(tools: Tools, command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: tools.path, LC_ALL: 'C' },
      timeout: 20_000,
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    const missing = (cause: unknown): void =>
      reject(
        new StationError('TOOL_MISSING', `${command} cannot be run; install ffmpeg or set FFMPEG_PATH and FFPROBE_PATH.`, {
          cause,
        }),
      )
    child.on('error', missing)
    child.on('close', (code) => (code === 0 ? resolve(text) : missing(`exit code ${code}`)))
  })
}
