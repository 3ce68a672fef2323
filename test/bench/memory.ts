import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import type { Row } from './row.ts'

const ROOT = join(import.meta.dirname, '../..')
const CHANNELS = ['muong-suong-1', 'song-nui'] as const
const VIEWERS_PER_CHANNEL = 4
const SECONDS = 30
const PACKAGING_LIMIT_MS = 30 * 60_000
const TARGET_MB = 200
const DONE = ['ready', 'failed', 'cancelled']

/**
 * Resident memory of the real server, started as `npm start` starts it, with a TV and a radio channel of the demo that are being listened
 * to. With `BENCH_DATA_DIR` the packages are kept there for the next time; packaging all of the demo takes minutes.
 */
export async function benchMemory(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const dataDir = process.env['BENCH_DATA_DIR'] ?? join(folder, 'data')
  const schedulesDir = join(folder, 'schedules')
  await mkdir(dataDir, { recursive: true })
  await copySchedules(schedulesDir)
  const { child, address } = await startServer({ DATA_DIR: dataDir, SCHEDULES_DIR: schedulesDir, MEDIA_DIR: join(ROOT, 'media') })
  try {
    const before = await memoryOf(child)
    await packaged(address)
    const done = await memoryOf(child)
    const until = Date.now() + SECONDS * 1000
    const viewers = CHANNELS.flatMap((channel) =>
      Array.from({ length: VIEWERS_PER_CHANNEL }, () => view(address, channel, until)),
    )
    const segments = (await Promise.all(viewers)).reduce((total, fetched) => total + fetched, 0)
    if (segments === 0) throw new Error('No segment was played.')
    const { residentMb, peakMb } = await memoryOf(child)
    return [
      {
        name: `resident memory of the server after ${SECONDS} s of playing`,
        value: residentMb,
        target: TARGET_MB,
        unit: 'MB, at most',
        isGood: residentMb <= TARGET_MB,
        note: `listening ${before.residentMb.toFixed(0)}, packaged ${done.residentMb.toFixed(0)}, peak ${peakMb.toFixed(0)}; ${segments} segments`,
      },
    ]
  } finally {
    await end(child)
    await rm(folder, { recursive: true })
  }
}

async function copySchedules(to: string): Promise<void> {
  await mkdir(to)
  const names = ['station.yaml', 'programmes.yaml', 'ads', 'news', ...CHANNELS.map((channel) => `${channel}.yaml`)]
  for (const name of names) await cp(join(ROOT, 'schedules', name), join(to, name), { recursive: true })
}

/** The start script itself, in a shell as npm runs it: its flags and its environment count. */
async function startServer(settings: { readonly [name: string]: string }) {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }
  if (!/\bexec\b/.test(scripts.start))
    throw new Error('The start script should exec node, or the shell would be what is measured.')
  const child = spawn('sh', ['-c', scripts.start], {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: '',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const heard: string[] = []
  const address = new Promise<string>((done, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      heard.push(line)
      const found = /http:\/\/localhost:(\d+)\//.exec(line)
      if (found) done(`http://127.0.0.1:${found[1]}`)
    })
    child.once('exit', () => fail(new Error(`The server ended:\n${heard.join('\n')}`)))
  })
  return { child: child as ChildProcess, address: await address }
}

async function packaged(address: string): Promise<void> {
  const until = Date.now() + PACKAGING_LIMIT_MS
  let quiet = 0
  // More than once, because files are still being looked for while the first answers come.
  while (quiet < 3) {
    if (Date.now() > until) throw new Error('Packaging did not end.')
    const { jobs } = (await json(`${address}/api/packaging`)) as { jobs: readonly { state: string }[] }
    quiet = jobs.every(({ state }) => DONE.includes(state)) ? quiet + 1 : 0
    await wait(1_000)
  }
}

/** Plays as a player does: its variant's playlist every two seconds, and each new segment of picture and sound. */
async function view(address: string, channel: string, until: number): Promise<number> {
  const base = `${address}/hls/${channel}`
  const master = await text(`${base}/master.m3u8`)
  const renditions = [...new Set(master.match(/\b[av]\d+(?=\/live\.m3u8)/g) ?? [])]
  const picked = renditions
    .filter((id) => id.startsWith('a'))
    .slice(0, 1)
    .concat(renditions.filter((id) => id.startsWith('v')).slice(0, 1))
  const seen = new Set<string>()
  while (Date.now() < until) {
    for (const rendition of picked) {
      const playlist = await text(`${base}/${rendition}/live.m3u8`)
      for (const name of (playlist.match(/^\d+\.m4s$/gm) ?? []).slice(-3)) {
        const segment = `${base}/${rendition}/${name}`
        if (seen.has(segment)) continue
        seen.add(segment)
        await (await answer(segment)).arrayBuffer()
      }
    }
    await wait(1_920)
  }
  return seen.size
}

async function answer(url: string): Promise<Response> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`)
  return response
}
const text = async (url: string): Promise<string> => (await answer(url)).text()
const json = async (url: string): Promise<unknown> => (await answer(url)).json()

async function memoryOf({ pid }: ChildProcess): Promise<{ readonly residentMb: number; readonly peakMb: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const megabytes = (field: string) => (Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1_024) / 1e6
  return { residentMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
