import assert from 'node:assert/strict'
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { createCards } from '../../server/packager/card.ts'
import { openFolders } from '../../server/packager/folders.ts'
import { createPackages, type Packages } from '../../server/packager/packages.ts'
import { ensureHouse, type House } from '../../server/packager/slate.ts'
import { decodedFrames, ffprobe, findTools, pictureOf, rms, soundOf, temporaryFolder } from './support.ts'

const tools = await findTools()

async function start(
  dataDir: string,
  ffmpegPath = tools.ffmpeg,
): Promise<{ readonly house: House; readonly packages: Packages }> {
  const folders = await openFolders(dataDir)
  const packages = await createPackages(folders)
  const house = await ensureHouse({
    dataDir,
    folders,
    packages,
    tools: { ...tools, ffmpeg: ffmpegPath },
    cards: await createCards(),
  })
  return { house, packages }
}

async function houseOf(t: TestContext) {
  const dataDir = join(await temporaryFolder(t), 'data')
  return { dataDir, ...(await start(dataDir)) }
}

test('the slate is a picture with a soft sound, 15.36 seconds long, for television and for radio', async (t) => {
  const { dataDir, house } = await houseOf(t)
  assert.deepEqual([house.slate.tv.ticks, house.slate.radio.ticks], [48, 48])
  const folder = join(dataDir, 'packages', house.slate.tv.id)
  assert.equal(await decodedFrames(tools, join(folder, 'v720.mp4')), 384)
  assert.equal(await decodedFrames(tools, join(dataDir, 'packages', house.slate.radio.id, 'a64.mp4')), 720)
  const picture = await pictureOf(tools, join(folder, 'v720.mp4'), 300)
  const [red, green, blue] = picture.colour(30, 30)
  assert.ok(Math.abs(red - 14) < 8 && Math.abs(green - 22) < 8 && Math.abs(blue - 30) < 8, 'night ground')
  const words = Array.from({ length: 500 }, (_, x) => picture.colour(390 + x, 540)[0])
  assert.ok(words.filter((value) => value > 180).length > 40, 'words in light ink')
  const sound = await soundOf(tools, join(folder, 'a128.mp4'))
  assert.ok(rms(sound, 2, 6) > 0.003 && rms(sound, 2, 6) < 0.1, 'heard, but softly')
  const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  assert.ok(peak < 0.5, `${peak}`)
})

test('the second start makes nothing: it needs no ffmpeg and no time', async (t) => {
  const { dataDir, house } = await houseOf(t)
  const before = await readdir(join(dataDir, 'packages'))
  const again = await start(dataDir, '/nowhere/ffmpeg')
  assert.deepEqual(again.house, house)
  assert.deepEqual(await readdir(join(dataDir, 'packages')), before)
})

test('a damaged slate is made anew, and the init sections stay what they were', async (t) => {
  const { dataDir, house } = await houseOf(t)
  await truncate(join(dataDir, 'packages', house.slate.tv.id, 'v480.mp4'), 5000)
  await writeFile(join(dataDir, 'packages', house.slate.radio.id, 'index.json'), 'damaged')
  const { house: again, packages } = await start(dataDir)
  assert.deepEqual(again, house)
  assert.ok(await packages.isWhole(house.slate.tv.id))
  assert.ok(await packages.isWhole(house.slate.radio.id))
})

test('the house’s init sections carry one plain track each', async (t) => {
  const { dataDir, house } = await houseOf(t)
  for (const [id, init] of Object.entries(house.inits)) {
    const file = join(dataDir, 'house', `${id}-init.mp4`)
    assert.deepEqual(await readFile(file), init)
    const said = await ffprobe(
      tools,
      '-show_entries',
      'stream=codec_name,width,height,sample_rate,channels',
      '-of',
      'csv=p=0',
      file,
    )
    const wanted = {
      v720: 'h264,1280,720',
      v480: 'h264,854,480',
      v270: 'h264,480,270',
      a128: 'aac,48000,2',
      a64: 'aac,48000,2',
    }
    assert.equal(said.trim(), wanted[id as keyof typeof wanted])
  }
})

test('a title card takes any words: long, odd, or meant as markup', async () => {
  const cards = await createCards()
  for (const title of ['', 'a', `</svg><script>&"'`, 'Dài '.repeat(80), 'ẫửỵ'.repeat(60), '😀 \u202e đảo', 'x'.repeat(5000)]) {
    const card = await cards.titleCard({ title, above: title, below: title })
    const { width, height, channels } = await sharp(card)
      .raw()
      .toBuffer({ resolveWithObject: true })
      .then(({ info }) => info)
    assert.deepEqual({ width, height, channels }, { width: 1280, height: 720, channels: 3 })
  }
})
