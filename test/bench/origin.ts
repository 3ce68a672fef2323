import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { COMMON_HEADERS, IMMUTABLE, PLAYLIST_CACHE } from '../../server/origin/headers.ts'
import type { Row } from './row.ts'

const SECONDS = 3
const ROUNDS = 5
/** Server and load never share a core, so that what one does to the caches of the other is the same for both servers. */
const CORES = { load: 0, server: 1 } as const
const canPin = cpus().length > 1 && spawnSync('sh', ['-c', 'command -v taskset']).status === 0

const pinned = (core: number, program: string, args: readonly string[]): readonly [string, string[]] =>
  canPin ? ['taskset', ['-c', String(core), program, ...args]] : [program, [...args]]

/** Requests per second of server CPU, ours beside nginx on the same bytes in the same run; nginx is the peer, wrk the load. */
export async function benchOrigin(): Promise<readonly Row[]> {
  for (const program of ['nginx', 'wrk']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
      throw new Error(`${program} is needed as a peer: apt-get install -y nginx-light wrk`)
  }
  return [
    await segments('segments of 600 kB, per CPU-second, to nginx', 600_000, 20, 1),
    await segments('segments of 40 kB, per CPU-second, to nginx', 40_000, 200, 0.5),
    await playlist(),
  ]
}

async function segments(name: string, sizeBytes: number, count: number, target: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  for (let index = 0; index < 200; index += 1)
    if (index < count) writeFileSync(join(folder, `${1000 + index}.m4s`), randomBytes(sizeBytes))
  const script = join(folder, 'walk.lua')
  writeFileSync(
    script,
    `local i = 0\nrequest = function()\n  i = i + 1\n  return wrk.format("GET", wrk.path .. (1000 + i % ${count}) .. ".m4s")\nend\n`,
  )
  try {
    return await pair(name, target, folder, [String(sizeBytes), String(count)], ['-s', script], {
      ours: '/hls/bench/v720/',
      peer: '/',
      known: '/1000.m4s',
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function playlist(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const text = Array.from(
      { length: 34 },
      (_, index) => `#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\n#EXTINF:1.920,\n${1000 + index}.m4s\n`,
    ).join('')
    writeFileSync(join(folder, 'live.m3u8'), text)
    writeFileSync(join(folder, 'live.m3u8.gz'), gzipSync(text))
    return await pair(
      'cached live playlist (gzip), per CPU-second, to nginx gzip_static',
      0.5,
      folder,
      ['1000', '2'],
      ['-H', 'Accept-Encoding: gzip'],
      {
        ours: '/hls/bench/v720/live.m3u8',
        peer: '/live.m3u8',
        known: '/live.m3u8',
      },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function pair(
  name: string,
  target: number,
  folder: string,
  childArguments: readonly string[],
  load: readonly string[],
  paths: { readonly ours: string; readonly peer: string; readonly known: string },
): Promise<Row> {
  const ours = await startOurs(childArguments)
  const peer = await startNginx(folder, paths.known)
  const ratios: number[] = []
  try {
    // The first round warms compiler and caches up and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const us = await perCpuSecond([ours.process.pid ?? 0], `http://127.0.0.1:${ours.port}${paths.ours}`, load)
      const them = await perCpuSecond(childrenOf(peer.process.pid ?? 0), `http://127.0.0.1:${peer.port}${paths.peer}`, load)
      if (round > 0) ratios.push(us / them)
    }
  } finally {
    await end(ours.process)
    await end(peer.process)
  }
  const ratio = ratios.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
  return {
    name,
    value: ratio,
    target,
    unit: '× nginx',
    isGood: ratio >= target,
    note: ratios.map((one) => one.toFixed(2)).join(' '),
  }
}

async function perCpuSecond(pids: readonly number[], url: string, load: readonly string[]): Promise<number> {
  const before = cpuSeconds(pids)
  const wrk = spawn(...pinned(CORES.load, 'wrk', ['-t1', '-c16', `-d${SECONDS}s`, ...load, url]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  wrk.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await new Promise((done) => wrk.once('close', done))
  const requests = Number(/(\d+) requests in/.exec(text)?.[1] ?? 0)
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text)
  if (requests === 0 || bad) throw new Error(`${url} answered badly:\n${text}`)
  return requests / (cpuSeconds(pids) - before)
}

/** utime + stime of each process, /proc/pid/stat fields 14 and 15 in clock ticks of 10 ms. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((total, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return total + (Number(fields[11]) + Number(fields[12])) / 100
  }, 0)
}

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return [pid, ...text.split(' ').filter(Boolean).map(Number)]
}

async function startOurs(childArguments: readonly string[]) {
  const program = [join(import.meta.dirname, 'originProcess.ts'), ...childArguments]
  const child = spawn(...pinned(CORES.server, process.execPath, program), { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((done, fail) => {
    child.stdout.once('data', (chunk: Buffer) => done(Number(chunk.toString())))
    child.once('exit', () => fail(new Error('the origin process ended')))
  })
  return { process: child as ChildProcess, port }
}

async function startNginx(folder: string, known: string) {
  const port = await freePort()
  const conf = join(folder, 'nginx.conf')
  writeFileSync(
    conf,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr error; user root;
events { worker_connections 256; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=1000; gzip_static on;
types { application/vnd.apple.mpegurl m3u8; video/iso.segment m4s; }
client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
${nginxHeaders(known)}
server { listen 127.0.0.1:${port}; root ${folder}; } }
`,
  )
  const child = spawn(...pinned(CORES.server, 'nginx', ['-p', folder, '-c', conf]), { stdio: ['ignore', 'inherit', 'inherit'] })
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}${known}`).then(
        () => true,
        () => false,
      )
    )
      break
    await new Promise((done) => setTimeout(done, 50))
  }
  return { process: child as ChildProcess, port }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** nginx says what we say, or it would be measured at sending less. */
function nginxHeaders(known: string): string {
  const isPlaylist = known.endsWith('.m3u8')
  const headers = {
    ...COMMON_HEADERS,
    'cache-control': isPlaylist ? PLAYLIST_CACHE : IMMUTABLE,
    ...(isPlaylist ? { vary: 'accept-encoding' } : {}),
  }
  return Object.entries(headers)
    .map(([name, value]) => `add_header ${name} "${value}";`)
    .join(' ')
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })
}
