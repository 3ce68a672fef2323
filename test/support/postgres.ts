import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type TemporaryPostgres = {
  /** Of an empty database, new with each call. */
  newDatabase(): Promise<string>
  /** The server goes away as in a crash, and comes back with its data. */
  crash(): Promise<void>
  start(): Promise<void>
  /** The server stops answering without closing anything. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  stop(): Promise<void>
}

/** A throw-away PostgreSQL on a unix socket of its own: no port, no password, nothing left behind. */
export async function startPostgres(): Promise<TemporaryPostgres> {
  const bin = await findBinaries()
  const folder = await mkdtemp(join(tmpdir(), 'ps-pg-'))
  const owner = await ownerOf()
  if (owner) await chown(folder, owner.uid, owner.gid)
  const identity = owner ? { uid: owner.uid, gid: owner.gid } : {}
  const data = join(folder, 'data')
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'station', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...identity,
    cwd: folder,
  })

  const serve = async () => {
    const server = spawn(
      join(bin, 'postgres'),
      [
        '-D',
        data,
        '-k',
        folder,
        '-c',
        'listen_addresses=',
        '-c',
        'shared_buffers=16MB',
        '-c',
        'fsync=off',
        '-c',
        'max_connections=30',
      ],
      { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    const isReady = new Promise<void>((resolve, reject) => {
      server.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('database system is ready to accept connections')) resolve()
      })
      server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
    })
    await isReady
    return server
  }
  let server = await serve()
  const url = (database: string) => `postgres://station@localhost/${database}?host=${encodeURIComponent(folder)}`
  let databases = 0

  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill(signal)
    await gone
  }
  return {
    async newDatabase() {
      const name = `station_${++databases}`
      await run(join(bin, 'createdb'), ['-h', folder, '-U', 'station', name], { cwd: folder })
      return url(name)
    },
    // "Immediate" shutdown: connections are cut, and the next start recovers from the log.
    crash: () => end('SIGQUIT'),
    async start() {
      server = await serve()
    },
    freeze: () => signalAll(server.pid, 'SIGSTOP'),
    thaw: () => signalAll(server.pid, 'SIGCONT'),
    async stop() {
      await end('SIGQUIT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The postmaster and the backends it started: frozen alone, it would leave its connections answering. */
async function signalAll(pid: number | undefined, signal: NodeJS.Signals): Promise<void> {
  if (pid === undefined) return
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(() => ({ stdout: '' }))
  for (const one of [pid, ...stdout.split(/\s+/).filter(Boolean).map(Number)]) process.kill(one, signal)
}

async function findBinaries(): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql').catch((): string[] => [])
  const debian = versions.sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`)
  for (const folder of [...debian, ...(process.env['PATH'] ?? '').split(delimiter)]) {
    const isThere = await access(join(folder, 'initdb')).then(
      () => true,
      () => false,
    )
    if (isThere) return folder
  }
  throw new Error('The tests need PostgreSQL (initdb and postgres): install the package "postgresql".')
}

/** PostgreSQL refuses to run as root. */
async function ownerOf(): Promise<{ uid: number; gid: number } | undefined> {
  if (userInfo().uid !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      // Try the next user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody".')
}
