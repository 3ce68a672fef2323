import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openFolders } from '../../server/packager/folders.ts'
import { killGroup, startRun } from '../../server/packager/run.ts'
import { ffmpeg, findTools, temporaryFolder } from './support.ts'
import { memoryStore, startMediaStation, until } from './stationOfMedia.ts'

const tools = await findTools()

async function tone(folder: string, name: string, seconds: number): Promise<void> {
  await mkdir(join(folder, 'media'), { recursive: true })
  const hertz = 200 + [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  await ffmpeg(tools, '-f', 'lavfi', '-i', `sine=f=${hertz}:r=48000:d=${seconds}`, join(folder, 'media', name))
}

test('the most urgent file is packaged first, each state is told, and a restart packages nothing again', async (t) => {
  const folder = await temporaryFolder(t)
  for (const name of ['a.wav', 'b.wav', 'c.wav']) await tone(folder, name, 2)
  const store = memoryStore()
  const due: Record<string, number> = { 'a.wav': 30, 'b.wav': 10, 'c.wav': 20 }
  // nothing is taken up until all three are known
  let known = 0
  const first = await startMediaStation(t, { folder, tools, store, urgency: (path) => due[path] ?? 0, forms: [] })
  await until(() => (known = first.library.records().length) === 3, 'all are known')
  assert.equal(known, 3)
  await first.close()

  const order: string[] = []
  const states: string[] = []
  const second = await startMediaStation(t, { folder, tools, store, urgency: (path) => due[path] ?? 0 })
  second.packager.onReady((path) => order.push(path))
  second.packager.onProgress(({ path, state }) => path === 'b.wav' && states.at(-1) !== state && states.push(state))
  await until(() => order.length === 3, 'all are ready')
  assert.deepEqual(order, ['b.wav', 'c.wav', 'a.wav'])
  assert.deepEqual(states.slice(-4), ['measuring', 'packaging', 'verifying', 'ready'])
  assert.ok(second.packager.jobs().every(({ state, percent }) => state === 'ready' && percent === 100))
  await second.close()

  const third = await startMediaStation(t, { folder, tools, store })
  assert.ok(third.library.snapshot().assets.every(({ radio }) => radio?.ticks === 7))
  // without the store's memory the packages are found by their content
  await third.close()
  const began = performance.now()
  const fourth = await startMediaStation(t, { folder, tools })
  const measured: string[] = []
  fourth.packager.onProgress(({ state }) => measured.push(state))
  await until(() => fourth.library.snapshot().assets.filter(({ radio }) => radio).length === 3, 'the packages are found again')
  assert.ok(!measured.includes('packaging'), `nothing is encoded twice (${Math.round(performance.now() - began)} ms)`)
})

test('sound never waits behind a film', async (t) => {
  const folder = await temporaryFolder(t)
  await tone(folder, 'news.wav', 3)
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=4', '-c:v', 'libx264', '-preset', 'ultrafast']
  await ffmpeg(tools, ...film, join(folder, 'film.mp4'))
  await ffmpeg(tools, '-stream_loop', '15', '-i', join(folder, 'film.mp4'), '-c', 'copy', join(folder, 'media', 'film.mp4'))
  const { packager, library } = await startMediaStation(t, {
    folder,
    tools,
    forms: ['tv', 'radio'],
    urgency: (path) => (path === 'film.mp4' ? 0 : 1),
  })
  await until(() => library.snapshot().assets.some(({ path, radio }) => path === 'news.wav' && radio), 'the news is ready')
  const film720 = packager.jobs().find(({ path, form }) => path === 'film.mp4' && form === 'tv')
  assert.notEqual(film720?.state, 'ready')
})

test('a cancelled job ends its ffmpeg, leaves nothing behind, and can be taken up again', async (t) => {
  const folder = await temporaryFolder(t)
  await tone(folder, 'long.wav', 150)
  const { packager, library, dataDir } = await startMediaStation(t, { folder, tools })
  await until(() => packager.jobs().some(({ state, percent }) => state === 'packaging' && percent > 5), 'it is being packaged')
  const [running] = packager.jobs()
  assert.ok(running?.speed && running.secondsLeft !== null)
  packager.cancel('long.wav', 'radio')
  await until(async () => (await readdir(join(dataDir, 'work'))).length === 0, 'the work is cleared away')
  await until(() => packager.jobs()[0]?.state === 'cancelled', 'it is cancelled')
  assert.deepEqual(await readdir(join(dataDir, 'packages')), [])
  await packager.retry('long.wav', 'radio')
  await until(() => library.snapshot().assets[0]?.radio !== undefined, 'it is ready after all', 120_000)
})

test('a file that fails is listed with its reason and left alone until it changes', async (t) => {
  const folder = await temporaryFolder(t)
  await tone(folder, 'a.wav', 20)
  const path = join(folder, 'media', 'a.wav')
  const whole = await readFile(path)
  await truncate(path, Math.round(whole.length / 3))
  // a header that promises more than is there, beyond ffmpeg's knowing better
  const store = memoryStore()
  const { packager, library } = await startMediaStation(t, { folder, tools, store, forms: ['radio'] })
  await until(() => library.records().length === 1, 'it is known')
  await until(() => ['failed', 'ready'].includes(packager.jobs()[0]?.state ?? ''), 'it is decided')
  const [job] = packager.jobs()
  if (job?.state === 'failed') {
    assert.match(job.reason ?? '', /promises 20\.0 s but ends after 6\.\d s/)
    assert.equal(store.records.get('a.wav')?.failures.radio?.code, 'CUT_OFF')
    assert.equal(library.snapshot().assets[0]?.radio, undefined)
    await writeFile(path, whole)
    await until(() => library.snapshot().assets[0]?.radio !== undefined, 'the whole file is packaged')
    assert.deepEqual(store.records.get('a.wav')?.failures, {})
  } else assert.equal(library.snapshot().assets[0]?.radio?.ticks, 21)
})

test('a damaged package is refused on reading, and packages that nobody needs are removed', async (t) => {
  const folder = await temporaryFolder(t)
  await tone(folder, 'a.wav', 5)
  const { library, packages, dataDir } = await startMediaStation(t, { folder, tools })
  await until(() => library.snapshot().assets[0]?.radio !== undefined, 'it is ready')
  const id = library.snapshot().assets[0]?.radio?.id ?? ''
  assert.equal((await packages.readFragments(id, 'a128', 0, 3)).length, 3)
  await assert.rejects(packages.readFragments(id, 'a128', 2, 2), { code: 'PACKAGE_INVALID' })
  await assert.rejects(packages.readFragments(id, 'v720', 0, 1), { code: 'PACKAGE_INVALID' })
  await assert.rejects(packages.readFragments('../../etc', 'a128', 0, 1), { code: 'PACKAGE_INVALID' })
  const file = join(dataDir, 'packages', id, 'a128.mp4')
  const [start] = (await packages.index(id)).renditions.a128?.fragments[2] ?? [0]
  assert.equal(await packages.isWhole(id), true)
  await truncate(file, start + 100)
  await assert.rejects(packages.readFragments(id, 'a128', 2, 1), { code: 'PACKAGE_INVALID' })
  assert.equal(await packages.isWhole(id), false)
  assert.equal((await packages.readFragments(id, 'a128', 0, 1)).length, 1)
  await truncate(file, 584)
  await truncate(file, start + 100_000)
  await assert.rejects(packages.readFragments(id, 'a128', 0, 1), { code: 'PACKAGE_INVALID' })
  assert.deepEqual(await packages.sweep(new Set([id])), [])
  assert.deepEqual(await packages.sweep(new Set()), [id])
  assert.equal(existsSync(join(dataDir, 'packages', id)), false)
})

test('a program that makes no progress is ended with everything it started', async () => {
  const run = startRun({ tools, command: 'sh', args: ['-c', 'sleep 1000 & echo $!; wait'], stallMs: 150 })
  const end = await run.end
  assert.equal(end.endedBy, 'stall')
  const grandchild = Number(end.text.trim())
  await until(() => !isAlive(grandchild), 'the grandchild is gone', 5000)
})

test('kill -9 of the server in the middle leaves nothing visible, and the next start ends even a stopped ffmpeg', async (t) => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'media'))
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=4', '-c:v', 'libx264', '-preset', 'ultrafast']
  await ffmpeg(tools, ...film, join(folder, 'film.mp4'))
  await ffmpeg(tools, '-stream_loop', '60', '-i', join(folder, 'film.mp4'), '-c', 'copy', join(folder, 'media', 'long.mp4'))
  const server = spawn(process.execPath, [fileURLToPath(new URL('packagingServer.ts', import.meta.url)), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => server.kill('SIGKILL'))
  let said = ''
  server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await until(() => /packaging [1-9]\d/.test(said), 'the film is being packaged')
  const work = join(folder, 'data', 'work')
  const [pidFile] = await pidFilesIn(work)
  assert.ok(pidFile)
  const [pid = 0] = readFileSync(pidFile, 'latin1').split(' ').map(Number)
  t.after(() => killGroup(pid))
  assert.ok(isAlive(pid))
  // a stopped ffmpeg does not notice that its pipes broke
  process.kill(pid, 'SIGSTOP')
  server.kill('SIGKILL')
  await until(() => server.exitCode !== null || server.signalCode !== null, 'the server is dead')
  assert.ok(isAlive(pid))
  assert.deepEqual(await readdir(join(folder, 'data', 'packages')), [])
  await openFolders(join(folder, 'data'))
  await until(() => !isAlive(pid), 'the orphan is gone', 5000)
  assert.deepEqual(await readdir(work), [])
})

test('an ffmpeg whose server was killed ends by itself when its pipes break', async (t) => {
  const folder = await temporaryFolder(t)
  await tone(folder, 'long.wav', 400)
  const server = spawn(process.execPath, [fileURLToPath(new URL('packagingServer.ts', import.meta.url)), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => server.kill('SIGKILL'))
  let said = ''
  server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await until(() => /long\.wav packaging ([5-9]|[1-9]\d)/.test(said), 'it is being packaged')
  const work = join(folder, 'data', 'work')
  const pids = (await pidFilesIn(work)).map((file) => Number(readFileSync(file, 'latin1').split(' ')[0]))
  assert.ok(pids.length > 0)
  server.kill('SIGKILL')
  await until(() => !pids.some(isAlive), 'no ffmpeg is left', 10_000)
})

const pidFilesIn = async (work: string): Promise<readonly string[]> =>
  (await readdir(work, { recursive: true })).filter((name) => name.endsWith('.pid')).map((name) => join(work, name))

/** Zombies count as dead: whoever started them is gone. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !/\) [ZX] /.test(stat)
  } catch {
    return false
  }
}
