import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { ChannelKind } from '#core/schedule.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import { needBox, u32 } from '../../server/cmaf/boxes.ts'
import {
  decodedFrames,
  ffmpeg,
  findTools,
  packageFile,
  pictureOf,
  renditionFile,
  rms,
  soundOf,
  temporaryFolder,
  type Packaged,
} from './support.ts'

const tools = await findTools()

/** Makes `name` with ffmpeg and packages it. */
async function made(
  t: TestContext,
  name: string,
  args: readonly string[],
  form: ChannelKind = 'tv',
): Promise<Packaged & { readonly index: PackageIndex }> {
  const folder = await temporaryFolder(t)
  const path = join(folder, name)
  await ffmpeg(tools, ...args, path)
  const packaged = await packageFile(tools, path, { form, dataDir: join(folder, 'data') })
  assert.ok(packaged.outcome.ok, JSON.stringify(packaged.outcome))
  return { ...packaged, index: packaged.outcome.value }
}

const lavfi = (graph: string): readonly string[] => ['-f', 'lavfi', '-i', graph]
const TONE = lavfi('sine=f=440:r=48000:d=3')
const FAST = ['-c:v', 'libx264', '-preset', 'ultrafast'] as const
/** Red above, blue below. */
const halves = (size: string, rate = 25): readonly string[] => {
  const [width = 0, height = 0] = size.split('x').map(Number)
  return lavfi(`color=red:s=${size}:r=${rate}:d=3,drawbox=y=${height / 2}:w=${width}:h=${height / 2}:c=blue:t=fill`)
}
const RED = [254, 0, 0] as const
const BLUE = [0, 0, 254] as const
const BLACK = [0, 0, 0] as const

function assertColour(found: readonly number[], wanted: readonly number[], what: string): void {
  const isNear = wanted.every((value, index) => Math.abs(value - (found[index] ?? -1000)) <= 14)
  assert.ok(isNear, `${what}: wanted ${wanted.join(' ')}, found ${found.join(' ')}`)
}

test('a film of 25 frames a second keeps its pictures, and its length is padded to whole ticks', async (t) => {
  const { index, folder } = await made(t, 'a.mp4', [
    ...lavfi('testsrc2=s=640x360:r=25:d=3'),
    ...TONE,
    ...FAST,
    '-c:a',
    'aac',
    '-shortest',
  ])
  assert.equal(index.ticks, 10) // 3 s are 9.375 ticks
  assert.equal(await decodedFrames(tools, renditionFile(folder, 'v720')), 80)
  assert.equal(await decodedFrames(tools, renditionFile(folder, 'a128')), 150)
  assert.deepEqual(Object.keys(index.renditions), ['v720', 'v480', 'v270', 'a128', 'a64'])
  assert.equal(index.renditions.v720?.codec, 'avc1.64001f')
  assert.equal(index.renditions.a64?.codec, 'mp4a.40.2')
})

test('a picture of 4:3 stands between black pillars', async (t) => {
  const { folder } = await made(t, 'a.mp4', [...halves('640x480'), ...FAST])
  const picture = await pictureOf(tools, renditionFile(folder, 'v720'), 30)
  assertColour(picture.colour(80, 360), BLACK, 'left pillar')
  assertColour(picture.colour(1200, 360), BLACK, 'right pillar')
  assertColour(picture.colour(200, 200), RED, 'above')
  assertColour(picture.colour(1080, 560), BLUE, 'below')
})

test('oblong pixels are made square: 720 × 576 at 64:45 fills the whole wide picture', async (t) => {
  const { facts, folder } = await made(t, 'a.mkv', [...halves('720x576'), '-vf', 'setsar=64/45', ...FAST])
  assert.equal(facts?.video?.sampleAspect.toFixed(3), '1.422')
  const picture = await pictureOf(tools, renditionFile(folder, 'v270'), 10)
  assertColour(picture.colour(4, 60), RED, 'left edge')
  assertColour(picture.colour(475, 200), BLUE, 'right edge')
})

test('a picture wider than 16:9 stands between black bars above and below', async (t) => {
  const { folder } = await made(t, 'a.mp4', [...halves('960x400'), ...FAST])
  const picture = await pictureOf(tools, renditionFile(folder, 'v480'), 10)
  assertColour(picture.colour(427, 20), BLACK, 'bar above')
  assertColour(picture.colour(427, 120), RED, 'upper half')
  assertColour(picture.colour(427, 360), BLUE, 'lower half')
  assertColour(picture.colour(427, 465), BLACK, 'bar below')
})

test('a film from a turned telephone is turned upright', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'turned.mp4')
  await ffmpeg(tools, ...halves('640x360'), ...FAST, path)
  const file = await readFile(path)
  // tkhd: the matrix of a quarter turn clockwise; how ffmpeg is asked for it differs from version to version
  const tkhd = needBox(file, ['moov', 'trak', 'tkhd'])
  u32(0, 0x10000, 0, 0xffff0000, 0, 0, 360 << 16, 0, 0x40000000).copy(file, tkhd.body + 40)
  await writeFile(path, file)
  const { outcome, facts, folder: packaged } = await packageFile(tools, path, { form: 'tv', dataDir: join(folder, 'data') })
  assert.ok(outcome.ok, JSON.stringify(outcome))
  assert.equal(facts?.video?.rotation, 90)
  const picture = await pictureOf(tools, renditionFile(packaged, 'v720'), 10)
  // 405 wide in the middle; what was below is now at the left
  assertColour(picture.colour(300, 360), BLACK, 'pillar')
  assertColour(picture.colour(500, 360), BLUE, 'left half')
  assertColour(picture.colour(780, 360), RED, 'right half')
})

test('frames that come unevenly are put on the grid in time', async (t) => {
  // black for a second at 10 frames a second, then white at 50
  const graph = 'color=black:s=320x180:r=10:d=1[a];color=white:s=320x180:r=50:d=2[b];[a][b]concat,settb=1/1000'
  const { facts, folder } = await made(t, 'a.mkv', ['-filter_complex', graph, '-fps_mode', 'vfr', ...FAST])
  assert.equal(facts?.video?.isVariableRate, true)
  const file = renditionFile(folder, 'v270')
  assert.equal(await decodedFrames(tools, file), 80)
  assertColour((await pictureOf(tools, file, 24)).colour(240, 135), BLACK, 'just before one second')
  assertColour((await pictureOf(tools, file, 26)).colour(240, 135), [255, 255, 255], 'just after')
})

for (const rate of ['24000/1001', '30', '60', '5']) {
  test(`${rate} frames a second become 25 without a change of speed`, async (t) => {
    const graph = `color=black:s=320x180:r=${rate}:d=2[a];color=white:s=320x180:r=${rate}:d=1.2[b];[a][b]concat`
    const { index, folder } = await made(t, 'a.mp4', ['-filter_complex', graph, ...FAST])
    assert.ok(Math.abs(index.ticks - 10) <= 1, `${index.ticks} ticks`)
    const file = renditionFile(folder, 'v270')
    assertColour((await pictureOf(tools, file, 45)).colour(240, 135), BLACK, 'before the change')
    assertColour((await pictureOf(tools, file, 56)).colour(240, 135), [255, 255, 255], 'after it')
  })
}

for (const flagged of [true, false]) {
  test(`interlaced pictures ${flagged ? 'that say so' : 'that keep it to themselves'} are deinterlaced`, async (t) => {
    // fields of different times: a moving edge shows combs
    const fields = ['-vf', 'interlace=lowpass=off,setfield=' + (flagged ? 'tff' : 'prog')]
    const flags = flagged ? ['-flags', '+ilme+ildct', '-top', '1'] : []
    const move = lavfi('color=black:s=720x576:r=50:d=3[bg];color=white:s=120x576:r=50:d=3[bar];[bg][bar]overlay=x=t*200')
    const { measurement, folder } = await made(t, 'a.mpg', [...move, ...fields, ...flags, '-c:v', 'mpeg2video', '-b:v', '8M'])
    assert.equal(measurement?.isInterlaced, true)
    const picture = await pictureOf(tools, renditionFile(folder, 'v720'), 40)
    assert.ok(combing(picture.colour, { width: picture.width, height: picture.height }) < 12, 'neighbouring lines differ')
  })
}

/** The largest mean difference between one line and the one two below it, less that of direct neighbours: high where fields are woven together. */
function combing(
  colour: (x: number, y: number) => readonly number[],
  { width, height }: { width: number; height: number },
): number {
  let worst = 0
  for (let x = 170; x < width - 170; x += 4) {
    let neighbours = 0
    let fields = 0
    let lines = 0
    for (let y = 100; y < height - 100; y++, lines++) {
      const [here = 0] = colour(x, y)
      neighbours += Math.abs(here - (colour(x, y + 1)[0] ?? 0))
      fields += Math.abs(here - (colour(x, y + 2)[0] ?? 0))
    }
    worst = Math.max(worst, (neighbours - fields) / lines)
  }
  return worst
}

test('a wide-gamut PQ film is toned down to BT.709', { skip: !tools.abilities.canToneMap }, async (t) => {
  const pq = [
    '-vf',
    'zscale=tin=bt709:pin=bt709:min=gbr:rin=pc:t=smpte2084:p=bt2020:m=bt2020nc:r=tv:npl=203,format=yuv420p10le',
    '-color_trc',
    'smpte2084',
    '-color_primaries',
    'bt2020',
    '-colorspace',
    'bt2020nc',
  ]
  const grey = lavfi('color=gray:s=640x360:r=25:d=2,format=gbrp')
  const { facts, folder } = await made(t, 'a.mkv', [
    ...grey,
    ...pq,
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'log-level=error',
  ])
  assert.equal(facts?.video?.dynamicRange, 'pq')
  const [red, green, blue] = (await pictureOf(tools, renditionFile(folder, 'v270'), 10)).colour(240, 135)
  assert.ok(Math.abs(red - green) < 8 && Math.abs(blue - green) < 8, `grey stays grey, found ${red} ${green} ${blue}`)
  assert.ok(green > 70 && green < 180, `mid grey stays in the middle, found ${green}`)
})

test('5.1 sound is mixed to two channels, with the centre heard on both', async (t) => {
  const centre = lavfi('sine=f=440:r=48000:d=3,pan=5.1|c0=0*c0|c1=0*c0|c2=c0|c3=0*c0|c4=0*c0|c5=0*c0')
  const { facts, folder } = await made(t, 'a.mkv', [...centre, '-c:a', 'ac3'], 'radio')
  assert.equal(facts?.audio?.channels, 6)
  const sound = await soundOf(tools, renditionFile(folder, 'a128'))
  const left = sound.filter((_, index) => index % 2 === 0)
  const right = sound.filter((_, index) => index % 2 === 1)
  const power = (side: Float32Array): number => Math.sqrt(side.reduce((sum, value) => sum + value * value, 0) / side.length)
  assert.ok(power(left) > 0.05 && Math.abs(power(left) / power(right) - 1) < 0.02, `${power(left)} and ${power(right)}`)
})

for (const rate of [8000, 11_025, 44_100, 96_000]) {
  test(`mono sound of ${rate} Hz becomes the house's with every second in place`, async (t) => {
    const gate = `sine=f=440:r=${rate}:d=4,volume='if(between(t,1,3),1,0)':eval=frame`
    const { index, folder } = await made(t, 'a.wav', [...lavfi(gate), '-ac', '1'], 'radio')
    assert.equal(index.ticks, 13)
    const sound = await soundOf(tools, renditionFile(folder, 'a128'))
    assert.equal(sound.length / 2, index.ticks * 15_360)
    assert.ok(rms(sound, 0.2, 0.9) < 0.001, 'silence before')
    assert.ok(rms(sound, 1.1, 2.9) > 0.05, 'tone')
    assert.ok(rms(sound, 3.1, 4.1) < 0.001, 'silence after')
  })
}

test('a film without sound gets silence of the same length', async (t) => {
  const { index, facts, folder } = await made(t, 'a.mp4', [...lavfi('testsrc2=s=320x180:r=25:d=2.5'), ...FAST])
  assert.equal(facts?.audio, undefined)
  const sound = await soundOf(tools, renditionFile(folder, 'a64'))
  assert.equal(sound.length / 2, index.ticks * 15_360)
  assert.ok(rms(sound, 0, 2.5) < 0.0001)
})

test('a sound file with cover art airs on television with our card, not with the cover', async (t) => {
  const folder = await temporaryFolder(t)
  const plain = join(folder, 'plain.mp3')
  const path = join(folder, 'bai-hat.mp3')
  const cover = join(folder, 'cover.png')
  await ffmpeg(tools, ...lavfi('sine=f=440:r=44100:d=5'), plain)
  await ffmpeg(tools, ...lavfi('color=red:s=300x300'), '-frames:v', '1', cover)
  const attach = ['-map', '0', '-map', '1', '-c', 'copy', '-disposition:v', 'attached_pic', '-metadata', 'title=Suối nguồn']
  await ffmpeg(tools, '-i', plain, '-i', cover, ...attach, path)
  const { outcome, facts, folder: packaged } = await packageFile(tools, path, { form: 'tv', dataDir: join(folder, 'data') })
  assert.ok(outcome.ok, JSON.stringify(outcome))
  assert.equal(facts?.video, undefined)
  assert.equal(facts?.title, 'Suối nguồn')
  const file = renditionFile(packaged, 'v720')
  assert.equal(await decodedFrames(tools, file), outcome.value.ticks * 8)
  const picture = await pictureOf(tools, file, outcome.value.ticks * 8 - 1)
  assertColour(picture.colour(20, 20), [14, 22, 30], 'night ground')
  assertColour(picture.colour(292, 360), [199, 98, 141], 'middle of the diamond')
})

test('a film gives its sound to radio', async (t) => {
  const { index } = await made(t, 'a.mp4', [...lavfi('testsrc2=s=320x180:r=25:d=3'), ...TONE, ...FAST, '-c:a', 'aac'], 'radio')
  assert.deepEqual(Object.keys(index.renditions), ['a128', 'a64'])
})

test('sound that starts later than the picture stays behind it', async (t) => {
  const late = ['-itsoffset', '1', ...lavfi('sine=f=440:r=48000:d=2')]
  const { folder } = await made(t, 'a.mkv', [...lavfi('testsrc2=s=320x180:r=25:d=3'), ...late, ...FAST, '-c:a', 'pcm_s16le'])
  const sound = await soundOf(tools, renditionFile(folder, 'a128'))
  assert.ok(rms(sound, 0.1, 0.9) < 0.001, 'silence for a second')
  assert.ok(rms(sound, 1.1, 2.8) > 0.02, 'then the tone')
})

test('a picture that starts later than the sound is held back to its time', async (t) => {
  const folder = await temporaryFolder(t)
  const late = join(folder, 'late.mkv')
  const graph = 'color=black:s=320x180:r=25:d=1[a];color=white:s=320x180:r=25:d=1[b];[a][b]concat'
  await ffmpeg(tools, '-filter_complex', graph, ...FAST, late)
  const { folder: packaged } = await made(t, 'a.mkv', [
    ...TONE,
    '-itsoffset',
    '1',
    '-i',
    late,
    '-map',
    '0:a',
    '-map',
    '1:v',
    '-c:v',
    'copy',
  ])
  const file = renditionFile(packaged, 'v270')
  assertColour((await pictureOf(tools, file, 48)).colour(240, 135), BLACK, 'before two seconds')
  assertColour((await pictureOf(tools, file, 52)).colour(240, 135), [255, 255, 255], 'after them')
})

test('a piece of a fifth of a second becomes two ticks', async (t) => {
  const { index } = await made(t, 'a.wav', lavfi('sine=f=440:r=48000:d=0.2'), 'radio')
  assert.equal(index.ticks, 2)
})

for (const [title, volume] of [
  ['quiet', '-16dB'],
  ['loud', '0dB'],
  ['peaky', '-8dB'],
] as const) {
  test(`a ${title} recording is brought to −18 LUFS and peaks below −1 dBTP`, async (t) => {
    // like speech: bursts with pauses, the shorter the higher they stand above the mean
    const share = title === 'peaky' ? 0.1 : 0.4
    const bursts = `anoisesrc=c=pink:r=48000:a=0.9:d=12:seed=7,volume='if(lt(mod(t,1),${share}),1,0.1)':eval=frame,volume=${volume}`
    const { measurement, folder } = await made(t, 'a.wav', lavfi(bursts), 'radio')
    const { loudness, peak } = await levelsOf(join(folder, 'a128.mp4'))
    assert.ok(Math.abs(loudness + 18) <= 1, `${loudness} LUFS, before ${measurement?.integratedLufs}`)
    assert.ok(peak <= -1, `${peak} dBTP, before ${measurement?.truePeakDb}`)
  })
}

async function levelsOf(file: string): Promise<{ readonly loudness: number; readonly peak: number }> {
  const { log } = await ffmpeg(tools, '-v', 'info', '-i', file, '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-')
  return { loudness: Number(/I:\s+(-?[\d.]+) LUFS/.exec(log)?.[1]), peak: Number(/Peak:\s+(-?[\d.]+) dBFS/.exec(log)?.[1]) }
}

test('the limiter holds a burst and moves nothing in time', async (t) => {
  const graph = `sine=f=1000:r=48000:d=4,volume='if(between(t,2,2.04),8,0.3)':eval=frame:precision=float`
  const { folder } = await made(t, 'a.wav', [...lavfi(graph), '-c:a', 'pcm_f32le'], 'radio')
  const file = renditionFile(folder, 'a128')
  assert.ok((await levelsOf(file)).peak <= -1)
  const onset = (sound: Float32Array): number => {
    const loudest = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    return sound.findIndex((value) => Math.abs(value) > loudest * 0.7) / 2 / 48
  }
  const [before, after] = [onset(await soundOf(tools, join(folder, '../../../a.wav'))), onset(await soundOf(tools, file))]
  assert.ok(Math.abs(after - before) < 1, `the burst starts at ${after} ms instead of ${before} ms`)
})
