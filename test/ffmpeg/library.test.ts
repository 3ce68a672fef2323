import assert from 'node:assert/strict'
import { appendFile, copyFile, mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ffmpeg, findTools, temporaryFolder } from './support.ts'
import { memoryStore, startMediaStation, until } from './stationOfMedia.ts'

const tools = await findTools()

async function tone(folder: string, hertz: number): Promise<string> {
  const path = join(folder, `${hertz}.wav`)
  await ffmpeg(tools, '-f', 'lavfi', '-i', `sine=f=${hertz}:r=8000:d=1`, path)
  return path
}

test('files become assets with names from their folders, and nothing else does', async (t) => {
  const folder = await temporaryFolder(t)
  const sound = await tone(folder, 440)
  const media = join(folder, 'media')
  await mkdir(join(media, 'ca-nhac/dân ca'), { recursive: true })
  await mkdir(join(media, '.trash'))
  await ffmpeg(
    tools,
    '-i',
    sound,
    '-metadata',
    'title=Inh lả ơi\nhai dòng',
    '-metadata',
    'genre=Dân ca Thái',
    join(media, 'ca-nhac/dân ca/a.mp3'),
  )
  // the name's marks stored apart from their letters, as some systems do
  await copyFile(await tone(folder, 500), join(media, 'ca-nhac', 'suối nguồn.wav'.normalize('NFD')))
  for (const name of [
    'README.md',
    'ca-nhac/.hidden.wav',
    'ca-nhac/cover.jpg',
    'ca-nhac/~draft.wav',
    '.trash/old.wav',
    'notes.txt',
  ]) {
    await copyFile(sound, join(media, name))
  }
  await writeFile(join(media, 'make.ts'), 'export const answer = 42\n')
  const { library } = await startMediaStation(t, { folder, tools })
  await until(() => library.records().length >= 2, 'both files are known')
  await library.rescan()
  const records = library.records().toSorted((a, b) => (a.path < b.path ? -1 : 1))
  assert.deepEqual(
    records.map(({ path, title, programme, tags }) => ({ path, title, programme, tags })),
    [
      {
        path: 'ca-nhac/dân ca/a.mp3',
        title: 'Inh lả ơi hai dòng',
        programme: 'ca-nhac',
        tags: ['ca-nhac', 'dân ca', 'Dân ca Thái'],
      },
      { path: 'ca-nhac/suối nguồn.wav', title: 'suối nguồn', programme: 'ca-nhac', tags: ['ca-nhac'] },
    ],
  )
})

test('links are not followed, neither to files nor to folders, inside or outside', async (t) => {
  const folder = await temporaryFolder(t)
  const sound = await tone(folder, 440)
  const media = join(folder, 'media')
  await mkdir(join(media, 'real'), { recursive: true })
  await mkdir(join(folder, 'outside'))
  await copyFile(sound, join(folder, 'outside/secret.wav'))
  await copyFile(sound, join(media, 'real/a.wav'))
  await symlink(join(folder, 'outside/secret.wav'), join(media, 'link.wav'))
  await symlink(join(folder, 'outside'), join(media, 'folder'))
  await symlink(media, join(media, 'real/loop'))
  const { library } = await startMediaStation(t, { folder, tools })
  await until(() => library.records().length > 0, 'a file is known')
  await library.rescan()
  assert.deepEqual(
    library.records().map(({ path }) => path),
    ['real/a.wav'],
  )
  // swapped for a link after it was recorded
  const [record] = library.records()
  assert.ok(record)
  await rm(join(media, 'real/a.wav'))
  await symlink(join(folder, 'outside/secret.wav'), join(media, 'real/a.wav'))
  await assert.rejects(library.open(record), { code: 'MEDIA_REFUSED' })
})

test('a file that is still being copied is not looked at', async (t) => {
  const folder = await temporaryFolder(t)
  const sound = await tone(folder, 440)
  const { library, mediaDir } = await startMediaStation(t, { folder, tools })
  const path = join(mediaDir, 'a.wav')
  const whole = await open(sound).then(async (handle) => {
    const bytes = await handle.readFile()
    await handle.close()
    return bytes
  })
  for (let at = 0; at < whole.length; at += 2000) {
    await appendFile(path, whole.subarray(at, at + 2000))
    await library.rescan()
    if (at + 2000 < whole.length) assert.equal(library.records().length, 0, 'while it grows')
  }
  await until(() => library.records().length === 1, 'it is known')
  assert.equal(library.records()[0]?.facts?.durationMs, 1000)
})

test('a file that is gone keeps its package on air; a moved one moves; a forgotten one is forgotten', async (t) => {
  const folder = await temporaryFolder(t)
  const media = join(folder, 'media')
  await mkdir(media)
  await copyFile(await tone(folder, 440), join(media, 'a.wav'))
  await copyFile(await tone(folder, 500), join(media, 'b.wav'))
  const store = memoryStore()
  const { library } = await startMediaStation(t, { folder, tools, store })
  await until(() => library.snapshot().assets.filter(({ radio }) => radio).length === 2, 'both are packaged')
  await rm(join(media, 'a.wav'))
  await rename(join(media, 'b.wav'), join(media, 'c.wav'))
  await until(() => library.records().some(({ path }) => path === 'c.wav'), 'the moved file is known')
  await until(() => library.records().some(({ path, isGone }) => path === 'a.wav' && isGone), 'the lost file is missed')
  await until(() => library.snapshot().assets.every(({ radio }) => radio), 'the moved file has its package')
  assert.deepEqual(
    library.snapshot().assets.map(({ path, isMissing, radio }) => ({ path, isMissing, isPackaged: radio !== undefined })),
    [
      { path: 'a.wav', isMissing: false, isPackaged: true },
      { path: 'c.wav', isMissing: false, isPackaged: true },
    ],
  )
  await library.forget('c.wav')
  await library.forget('a.wav')
  assert.deepEqual([...store.records.keys()], ['c.wav'])
})

test('a replaced file airs as it was until its successor is ready, and not at all when that is no media', async (t) => {
  const folder = await temporaryFolder(t)
  const media = join(folder, 'media')
  await mkdir(media)
  await copyFile(await tone(folder, 440), join(media, 'a.wav'))
  const { library } = await startMediaStation(t, { folder, tools })
  const packaged = (): string | undefined => library.snapshot().assets[0]?.radio?.id
  await until(() => packaged() !== undefined, 'it is packaged')
  const first = packaged()
  const seen = new Set<string | undefined>()
  library.onChange(() => seen.add(packaged()))
  await copyFile(await tone(folder, 500), join(media, 'a.wav'))
  await until(() => packaged() !== first, 'the successor airs')
  assert.ok(!seen.has(undefined), 'never without a package')
  await writeFile(join(media, 'a.wav'), 'this is a text')
  await until(() => library.records()[0]?.refusal !== undefined, 'the text is refused')
  assert.equal(library.records()[0]?.refusal?.code, 'UNREADABLE')
  assert.deepEqual(library.snapshot().assets, [])
})
