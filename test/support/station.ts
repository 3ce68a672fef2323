import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'

const ROOT = join(import.meta.dirname, '../..')

export type TestStation = {
  readonly folder: string
  readonly dataDir: string
  readonly mediaDir: string
  /** Starts the server as `npm start` does; resolves with its address when it listens. */
  start(env?: Record<string, string>): Promise<string>
  /** SIGKILL to the server alone, as the kernel's memory killer would. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** What it has printed so far. */
  output(): string
  remove(): Promise<void>
}

/** A station of its own in a temporary folder: one TV and one radio channel that change programme every few seconds. */
export function createTestStation(schedules: { readonly [file: string]: string } = STATION_FILES): TestStation {
  const folder = mkdtempSync(join(tmpdir(), 'station-'))
  const [dataDir, mediaDir, schedulesDir] = ['var', 'media', 'schedules'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [mediaDir, schedulesDir]) mkdirSync(path)
  for (const [file, text] of Object.entries(schedules)) writeFileSync(join(schedulesDir, file), text)
  let child: ChildProcess | undefined
  let text = ''
  let port = '0'

  async function start(env: Record<string, string> = {}): Promise<string> {
    text = ''
    const started = spawn(process.execPath, [join(ROOT, 'server/main.ts')], {
      env: {
        ...process.env,
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: port,
        DATA_DIR: dataDir,
        MEDIA_DIR: mediaDir,
        SCHEDULES_DIR: schedulesDir,
        DATABASE_URL: '',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    return new Promise<string>((done, fail) => {
      const read = (chunk: Buffer) => {
        text += chunk.toString()
        const address = /http:\/\/[^\s/]+/.exec(text)?.[0]
        if (!address) return
        // The next start takes the same port, so that players find it again.
        port = new URL(address.replace('localhost', '127.0.0.1')).port
        done(`http://127.0.0.1:${port}`)
      }
      started.stdout.on('data', read)
      started.stderr.on('data', read)
      started.once('exit', (code, signal) => fail(new Error(`The server ended (${code ?? signal}):\n${text}`)))
    })
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const exited = once(child, 'exit')
    child.kill(signal)
    const [code] = (await exited) as [number | null]
    return code
  }

  return {
    folder,
    dataDir,
    mediaDir,
    start,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    output: () => text,
    async remove() {
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Copies what another station has packaged, so that a test need not package it again. */
export const copyData = (from: TestStation, to: TestStation): void => cpSync(from.dataDir, to.dataDir, { recursive: true })

const slotsOf = (folder: string) => `
slots:
  - { id: ${folder}-chan, programme: chan, cron: "*/20 * * * * *", length: 10s, play: { folder: ${folder}, order: in-order }, end: fill }
  - { id: ${folder}-le, programme: le, cron: "10,30,50 * * * * *", length: 7s, play: { folder: ${folder}, order: shuffle } }
`

/** Twenty seconds: ten of one programme, seven of another, three of filler. */
export const STATION_FILES: { readonly [file: string]: string } = {
  'station.yaml': `
name: Đài Thử
strapline: Chỉ để thử
zone: Asia/Ho_Chi_Minh
language: vi
owner: Tổ kiểm thử
licence: Số 00
responsible: [{ role: Giám đốc, name: Người Thử }]
address: Số 1
telephone: "0200000000"
email: thu@dai.example
links: []
advertisements: []
`,
  'programmes.yaml': `
programmes:
  - { id: chan, title: Chương trình chẵn, description: Mười giây, language: vi, category: thoi-su }
  - { id: le, title: Chương trình lẻ, description: Bảy giây, language: vi, category: ca-nhac }
`,
  'hinh.yaml': `
channel: { id: hinh, kind: tv, name: Kênh hình, strapline: Thử hình, language: vi, mark: ms1, order: 1, filler: { folder: nen-hinh, order: shuffle } }
${slotsOf('hinh')}`,
  'tieng.yaml': `
channel: { id: tieng, kind: radio, name: Kênh tiếng, strapline: Thử tiếng, language: vi, mark: fm, order: 2, filler: { folder: nen-tieng, order: shuffle } }
${slotsOf('tieng')}`,
}
