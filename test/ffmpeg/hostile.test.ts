import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ffmpeg, findTools, packageFile, temporaryFolder } from './support.ts'

const tools = await findTools()

/** Counts who connects: nobody should. */
async function bait(t: TestContext): Promise<{ readonly port: number; visits(): number }> {
  let visits = 0
  const server = createServer((socket) => {
    visits++
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { port: (server.address() as AddressInfo).port, visits: () => visits }
}

test('playlists in disguise are refused, read nothing and connect nowhere', async (t) => {
  const folder = await temporaryFolder(t)
  const { port, visits } = await bait(t)
  const secret = join(folder, 'secret.wav')
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'sine=d=1', secret)
  const hls = (line: string): string => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${line}\n#EXT-X-ENDLIST\n`
  const texts = {
    'concat.mp4': `ffconcat version 1.0\nfile '${secret}'\n`,
    'concat.mp3': `ffconcat version 1.0\nfile 'http://127.0.0.1:${port}/a.mp3'\n`,
    'list.mp4': hls(`http://127.0.0.1:${port}/a.ts`),
    'list.ts': hls(`file://${secret}`),
    'list.mkv': hls(`concat:${secret}|${secret}`),
    'list.wav': hls(`subfile,,start,0,end,100,,:${secret}`),
    'list.aac': hls(`data:audio/wav;base64,UklGRg==`),
    'dash.mp4': `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>http://127.0.0.1:${port}/</BaseURL><SegmentList duration="2"><SegmentURL media="a.mp4"/></SegmentList></Representation></AdaptationSet></Period></MPD>`,
    'session.mp4': `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio ${port} RTP/AVP 0\n`,
    'stream.asf': `[Reference]\nRef1=http://127.0.0.1:${port}/a.asf\n`,
    'subtitles.avi': `WEBVTT\n\n00:00.000 --> 00:10.000\nxin chào\n`,
    'script.mp3': `#!/bin/sh\ncat ${secret}\n`,
  }
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, name)
    await writeFile(path, text)
    for (const form of ['tv', 'radio'] as const) {
      const { outcome } = await packageFile(tools, path, { form, dataDir: join(folder, 'data') })
      assert.equal(outcome.ok, false, `${name} became a package`)
      assert.equal(outcome.ok ? '' : outcome.problems[0]?.code, 'UNREADABLE', name)
    }
  }
  assert.equal(visits(), 0)
  assert.deepEqual(await readdir(join(folder, 'data/packages')), [])
})

test('a film whose media lie in other files, by reference, reads none of them', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'reference.mov')
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'sine=d=2', path)
  const file = await readFile(path)
  // the data reference no longer says "in this file"; where it points is left to the reader's imagination
  const dref = file.indexOf('dref')
  const entry = dref + 12
  assert.equal(file.readUInt32BE(entry + 8) & 1, 1)
  file.writeUInt32BE(0, entry + 8)
  await writeFile(path, file)
  const { outcome } = await packageFile(tools, path, { form: 'radio', dataDir: join(folder, 'data') })
  assert.ok(!outcome.ok || outcome.value.ticks <= 7)
})

test('empty, random and cut-off files are refused with a reason', async (t) => {
  const folder = await temporaryFolder(t)
  const dataDir = join(folder, 'data')
  const codeOf = async (name: string): Promise<string> => {
    const { outcome } = await packageFile(tools, join(folder, name), { form: 'tv', dataDir })
    assert.equal(outcome.ok, false, name)
    return outcome.ok ? '' : (outcome.problems[0]?.code ?? '')
  }
  await writeFile(join(folder, 'empty.mp4'), '')
  assert.equal(await codeOf('empty.mp4'), 'UNREADABLE')
  await writeFile(join(folder, 'random.mkv'), Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 251)))
  assert.equal(await codeOf('random.mkv'), 'UNREADABLE')

  const film = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=320x180:d=20',
    '-f',
    'lavfi',
    '-i',
    'sine=d=20',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
  ]
  await ffmpeg(tools, ...film, '-movflags', '+faststart', join(folder, 'head.mp4'))
  const whole = await readFile(join(folder, 'head.mp4'))
  await truncate(join(folder, 'head.mp4'), Math.round(whole.length / 2))
  assert.equal(await codeOf('head.mp4'), 'CUT_OFF')
  await ffmpeg(tools, ...film, join(folder, 'tail.mp4'))
  await truncate(join(folder, 'tail.mp4'), Math.round(whole.length / 2))
  assert.equal(await codeOf('tail.mp4'), 'UNREADABLE')
  assert.deepEqual(await readdir(join(dataDir, 'packages')), [])
  assert.deepEqual(await readdir(join(dataDir, 'work')), [])
})

test('absurd sizes and numbers of streams are refused before anything is decoded', async (t) => {
  const folder = await temporaryFolder(t)
  const dataDir = join(folder, 'data')
  const wide = join(folder, 'wide.mkv')
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'color=s=9000x64:d=0.2', '-c:v', 'ffv1', wide)
  const size = (await packageFile(tools, wide, { form: 'tv', dataDir })).outcome
  assert.equal(size.ok ? '' : size.problems[0]?.code, 'PICTURE_SIZE')
  const many = join(folder, 'many.mkv')
  const maps = Array.from({ length: 80 }, () => ['-map', '0:a']).flat()
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'sine=d=0.2', ...maps, '-c:a', 'pcm_s16le', many)
  const streams = (await packageFile(tools, many, { form: 'radio', dataDir })).outcome
  assert.equal(streams.ok ? '' : streams.problems[0]?.code, 'TOO_MANY_STREAMS')
})

test('a header that promises hours costs no more than what is there', async (t) => {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'hours.wav')
  await ffmpeg(tools, '-f', 'lavfi', '-i', 'sine=d=2', path)
  const file = await readFile(path)
  file.writeUInt32LE(0xfffffff0, 4)
  file.writeUInt32LE(0xffffffc0, file.indexOf('data', 12, 'latin1') + 4)
  await writeFile(path, file)
  const { outcome } = await packageFile(tools, path, { form: 'radio', dataDir: join(folder, 'data') })
  // ffmpeg either trusts the header, which is then found out, or corrects it
  assert.equal(outcome.ok ? outcome.value.ticks : outcome.problems[0]?.code, outcome.ok ? 7 : 'CUT_OFF')
})

test('a file name is never part of a command', async (t) => {
  const folder = await temporaryFolder(t)
  const canary = join(folder, 'canary')
  for (const name of [
    '-y.mp3',
    '%d.mp3',
    `a'b"c;touch ${canary.replaceAll('/', '\\')}.mp3`,
    'a b|c.mp3',
    'hai\ndòng.mp3',
    '$(touch canary).mp3',
  ]) {
    await ffmpeg(tools, '-f', 'lavfi', '-i', 'sine=d=1', join(folder, 'plain.mp3'))
    await writeFile(join(folder, name), await readFile(join(folder, 'plain.mp3')))
    const { outcome } = await packageFile(tools, join(folder, name), { form: 'radio', dataDir: join(folder, 'data') })
    assert.ok(outcome.ok, `${JSON.stringify(name)}: ${JSON.stringify(outcome)}`)
  }
  assert.equal(existsSync(canary), false)
})
