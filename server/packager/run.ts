import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { FD } from '#core/packagingArgs.ts'
import { progressOf, type Progress } from '#core/packagingReports.ts'
import { StationError } from '../errors.ts'
import type { Tools } from './tools.ts'

export type RunOptions = {
  readonly tools: Tools
  readonly command: string
  readonly args: readonly string[]
  /** Descriptor of the open media file; it becomes `FD.source`. */
  readonly source?: number
  /** Fed to standard input. */
  readonly input?: Buffer
  /** Fed to `FD.card`. */
  readonly card?: Buffer
  /** How many pipes there are from `FD.firstOutput` on. */
  readonly outputs?: number
  /** No further media time for so long: ended. ffmpeg can hang alive for hours. */
  readonly stallMs?: number
  /** Ended after so long whatever it does. */
  readonly limitMs?: number
  readonly signal?: AbortSignal
  onProgress?(progress: Progress): void
}

export type RunEnd = {
  readonly code: number | null
  /** The end of standard error. */
  readonly log: string
  /** Standard output, for ffprobe. */
  readonly text: string
  readonly endedBy: 'itself' | 'stall' | 'limit' | 'flood' | 'cancel'
}

export type Run = { readonly pid: number | undefined; readonly outputs: readonly Readable[]; readonly end: Promise<RunEnd> }

const KEPT_LOG = 64 * 1024
const MOST_TEXT = 4 * 1024 * 1024

/** Starts ffmpeg or ffprobe niced, in a process group of its own, with nothing of the server's environment but PATH. */
export function startRun(options: RunOptions): Run {
  const { tools, command, args, outputs = 0 } = options
  const stdio: StdioOptions = [
    options.input ? 'pipe' : 'ignore',
    'pipe',
    'pipe',
    'pipe',
    options.source ?? 'ignore',
    options.card ? 'pipe' : 'ignore',
    ...Array.from({ length: outputs }, () => 'pipe' as const),
  ]
  const child = spawn('nice', ['-n', String(tools.niceness ?? 10), command, ...args], {
    stdio,
    detached: true,
    env: { PATH: tools.path, LC_ALL: 'C' },
  })
  feed(child.stdin, options.input)
  feed(pipeOf(child, FD.card) as Writable | undefined, options.card)
  return {
    pid: child.pid,
    outputs: Array.from({ length: outputs }, (_, index) => pipeOf(child, FD.firstOutput + index) as Readable),
    end: endOf(child, options),
  }
}

async function endOf(child: ChildProcess, options: RunOptions): Promise<RunEnd> {
  let log = ''
  let text = ''
  let report = ''
  let endedBy: RunEnd['endedBy'] = 'itself'
  const stop = (why: RunEnd['endedBy']): void => {
    if (endedBy === 'itself') endedBy = why
    killGroup(child.pid)
  }
  let isOver = false
  let reached = -1
  let stallTimer: NodeJS.Timeout | undefined
  const rearm = (): void => {
    clearTimeout(stallTimer)
    if (options.stallMs && !isOver) stallTimer = setTimeout(() => stop('stall'), options.stallMs)
  }
  rearm()
  const limitTimer = options.limitMs ? setTimeout(() => stop('limit'), options.limitMs) : undefined
  const cancel = (): void => stop('cancel')
  options.signal?.addEventListener('abort', cancel, { once: true })
  if (options.signal?.aborted) cancel()

  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (log = (log + chunk).slice(-KEPT_LOG)))
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    if (text.length > MOST_TEXT) stop('flood')
  })
  const progressPipe = pipeOf(child, FD.progress) as Readable | undefined
  progressPipe?.setEncoding('utf8').on('data', (chunk: string) => {
    report = (report + chunk).slice(-4096)
    const progress = progressOf(report)
    if (!progress) return
    if (progress.outTimeMs > reached) {
      reached = progress.outTimeMs
      rearm()
    }
    options.onProgress?.(progress)
  })
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.on('error', (error) => {
        log += String(error)
        resolve(null)
      })
      child.on('close', resolve)
    })
    // what `nice` says when it cannot run the program: nothing is known about the file then
    if (code === 126 || code === 127) throw new StationError('TOOL_MISSING', `${options.command} cannot be run any more.`)
    return { code, log, text, endedBy }
  } finally {
    isOver = true
    clearTimeout(stallTimer)
    clearTimeout(limitTimer)
    options.signal?.removeEventListener('abort', cancel)
  }
}

/** Node types only the first five descriptors. */
const pipeOf = (child: ChildProcess, descriptor: number): unknown => (child.stdio as readonly unknown[])[descriptor]

function feed(pipe: Writable | null | undefined, bytes: Buffer | undefined): void {
  if (!pipe || !bytes) return
  // the program may end without reading everything
  pipe.on('error', () => undefined)
  pipe.end(bytes)
}

export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // already gone
  }
}
