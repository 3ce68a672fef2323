import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import Fastify from 'fastify'
import sharp from 'sharp'
import type { Station } from '#contract/station.ts'
import { StationError } from '../../server/errors.ts'
import { createAdvertisements } from '../../server/portal/advertisements.ts'
import { portalPlugin } from '../../server/portal/plugin.ts'

const advertisement = (image: string) => ({ id: image, title: 'Chợ phiên', text: 'Thứ bảy', image, url: 'https://cho.example' })
const STATION: Station = {
  name: 'Đài Mường Sương',
  strapline: 'Phố núi',
  zone: 'Asia/Ho_Chi_Minh',
  language: 'vi',
  owner: 'Uỷ ban nhân dân',
  licence: '01/GP',
  responsible: [{ role: 'Giám đốc', name: 'Lò Thị Sương Mai' }],
  address: 'Mường Sương',
  telephone: '0212',
  email: 'dai@phat.example',
  links: [],
  advertisements: ['cho.png', '/ads/ve.svg', 'khong-co.jpg', '../station.yaml'].map(advertisement),
}

async function portal(t: TestContext) {
  const folder = await mkdtemp(path.join(tmpdir(), 'ads-'))
  t.after(() => rm(folder, { recursive: true }))
  const png = await sharp({ create: { width: 2000, height: 500, channels: 3, background: '#c33' } })
    .png()
    .toBuffer()
  await writeFile(path.join(folder, 'cho.png'), png)
  await writeFile(
    path.join(folder, 've.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="200"><script>alert(1)</script><rect width="600" height="200" fill="#264"/></svg>',
  )
  await writeFile(path.join(folder, 'hong.png'), 'no picture')
  const advertisements = await createAdvertisements(folder)
  const app = Fastify()
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof StationError && error.code === 'NOT_FOUND' ? 404 : 500).send(),
  )
  await app.register(portalPlugin, { station: () => advertisements.placed(STATION), advertisements })
  return { app, advertisements }
}

test('/api/station gives each advertisement the address of its picture, or none', async (t) => {
  const { app, advertisements } = await portal(t)
  const station = (await app.inject('/api/station')).json<Station>()
  assert.deepEqual(
    station.advertisements.map((one) => one.image.replace(/[0-9a-f]{24}/, '#')),
    ['/ads/#.webp', '/ads/#.webp', '', ''],
  )
  assert.deepEqual({ ...station, advertisements: [] }, { ...STATION, advertisements: [] })
  assert.deepEqual(advertisements.problems, ['hong.png is left out: it is no picture'])
})

test('pictures of advertisements are WebP of bounded width, immutable, and nothing else is served', async (t) => {
  const { app } = await portal(t)
  const { advertisements } = (await app.inject('/api/station')).json<Station>()
  const widths = []
  for (const { image } of advertisements.slice(0, 2)) {
    const answer = await app.inject(image)
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    const { format, width } = await sharp(answer.rawPayload).metadata()
    assert.equal(format, 'webp')
    widths.push(width)
  }
  assert.deepEqual(widths, [1200, 600])
  for (const name of ['cho.png', 've.svg', '..%2Fstation.yaml'])
    assert.equal((await app.inject(`/ads/${name}`)).statusCode, 404, name)
})
