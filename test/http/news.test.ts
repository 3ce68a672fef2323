import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import Fastify from 'fastify'
import sharp from 'sharp'
import type { Article, ArticleList } from '#contract/news.ts'
import { instant, plusMs, type Instant } from '#core/time.ts'
import { StationError } from '../../server/errors.ts'
import { importNews, importNewsOnce } from '../../server/news/importNews.ts'
import { createNews } from '../../server/news/news.ts'
import { createPictures } from '../../server/news/pictures.ts'
import { newsPlugin } from '../../server/news/plugin.ts'
import { createMemoryNews } from '../support/newsStore.ts'
import { parseXml, type XmlElement } from '../support/xmltvDtd.ts'

const AT = instant(Date.parse('2026-03-01T00:00:00Z'))
const HOUR_MS = 3_600_000

const written = (slug: string, hours: number, more = '', body = '<p>Bốn giờ chiều.</p>') =>
  `slug: ${slug}\ntitle: "Tin ${slug} & <mới>"\nlead: Đoạn mở đầu.\ncategory: thoi-su\nhoursBeforeFirstStart: ${hours}\n${more}body: |\n  ${body}\n`

const photograph = () =>
  sharp({ create: { width: 1600, height: 900, channels: 3, background: '#2a6f4e' } })
    .withExif({ IFD0: { Artist: 'where I stood' } })
    .jpeg()
    .toBuffer()

async function newsroom(t: TestContext, files: Readonly<Record<string, string | Buffer>>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'news-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content)
  const store = createMemoryNews()
  const pictures = createPictures(path.join(folder, 'pictures'))
  let at: Instant = AT
  const news = createNews({ store, at: () => at })
  const bring = () => importNewsOnce({ store, pictures, folder, firstStart: AT, language: 'vi' })
  const app = Fastify()
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof StationError ? 404 : 400).send({ message: (error as Error).message }),
  )
  await app.register(newsPlugin, {
    news,
    pictures,
    station: () => ({ name: 'Đài Mường Sương', strapline: 'Phố núi', language: 'vi' }),
    pages: () => ['/', '/tv/muong-suong-1'],
    baseUrl: () => 'https://phat.example',
    categoryName: (category) => (category === 'thoi-su' ? 'Thời sự' : category),
  })
  const list = async (query = '') => (await app.inject(`/api/news${query}`)).json<ArticleList>()
  return { app, store, pictures, folder, bring, list, pass: (ms: number) => (at = plusMs(at, ms)) }
}

test('articles are imported once; what is refused is told and the rest is there', async (t) => {
  const { bring, store, list } = await newsroom(t, {
    'a.yaml': written('tin-a', 1),
    'b.yaml': written('tin-b', 2, 'photo: { file: khong-co.jpg, alt: Cầu }\n'),
    'c.yaml': 'title: hỏng',
    'd.yaml': written('tin-a', 3),
    'e.txt': 'no article',
  })
  const { imported, problems } = await bring()
  assert.equal(imported, 2)
  assert.deepEqual(
    [...new Set(problems.map(({ file, path: field }) => `${file} ${field}`))].filter((one) => !one.startsWith('c.yaml')),
    ['b.yaml photo.file', 'd.yaml slug'],
  )
  assert.match(problems.find((one) => one.file === 'd.yaml')?.message ?? '', /slug "tin-a" is taken by a\.yaml/)
  assert.ok(problems.some((one) => one.file === 'c.yaml' && one.path === 'lead'))
  assert.deepEqual(
    (await list()).articles.map((one) => one.slug),
    ['tin-a', 'tin-b'],
  )
  await store.put({ ...(store.all.get('tin-a') as never as Parameters<typeof store.put>[0]), title: 'Sửa ở bàn biên tập' })
  assert.deepEqual(await bring(), { imported: 0, problems: [] })
  assert.equal(store.all.get('tin-a')?.title, 'Sửa ở bàn biên tập')
})

test('a station without a news folder has no news and no problem', async (t) => {
  const { store, pictures, folder } = await newsroom(t, {})
  const needs = { store, pictures, folder: path.join(folder, 'none'), firstStart: AT, language: 'vi' }
  assert.deepEqual(await importNews(needs), { imported: 0, problems: [] })
})

test('what is not due yet is nowhere: not in lists, feeds, sitemap, nor by its address', async (t) => {
  const { app, bring, list, pass } = await newsroom(t, { 'a.yaml': written('tin-a', 1), 'b.yaml': written('sang-mai', -5) })
  await bring()
  const seen = async () => {
    const texts = await Promise.all(['/api/news', '/news/feed.xml', '/sitemap.xml'].map((url) => app.inject(url)))
    return {
      everywhere: texts.map((answer) => answer.body.includes('sang-mai')),
      one: (await app.inject('/api/news/sang-mai')).statusCode,
    }
  }
  assert.deepEqual(await seen(), { everywhere: [false, false, false], one: 404 })
  pass(5 * HOUR_MS)
  assert.deepEqual(await seen(), { everywhere: [true, true, true], one: 200 })
  assert.equal((await list()).articles[0]?.slug, 'sang-mai')
})

test('pages of twelve, by category, programme and words without accents', async (t) => {
  const files = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`${index}.yaml`, written(`tin-${index}`, index)]))
  const { bring, list, app } = await newsroom(t, {
    ...files,
    'x.yaml': written('cau-treo', 40, 'programme: doi-song\n', '<p>Đường <b>qua</b> cầu 100% an toàn.</p>').replace(
      'thoi-su',
      'xa-hoi',
    ),
  })
  await bring()
  const sizes = []
  for (let page: number | null = 1; page !== null;) {
    const answer: ArticleList = await list(`?page=${page}`)
    sizes.push(answer.articles.length)
    page = answer.nextPage
  }
  assert.deepEqual(sizes, [12, 12, 2])
  const slugs = async (query: string) => (await list(query)).articles.map((one) => one.slug)
  assert.deepEqual(await slugs('?category=xa-hoi'), ['cau-treo'])
  assert.deepEqual(await slugs('?programme=doi-song'), ['cau-treo'])
  assert.deepEqual(await slugs(`?q=${encodeURIComponent('duong CẦU')}`), ['cau-treo'])
  assert.deepEqual(await slugs('?q=duong+hang'), [])
  assert.deepEqual(await slugs(`?q=${encodeURIComponent('qua cau')}`), ['cau-treo'])
  for (const query of ['?page=0', '?page=x', '?category=A%20B', `?q=${'x'.repeat(300)}`])
    assert.equal((await app.inject(`/api/news${query}`)).statusCode, 400, query)
})

test('an article comes sanitised, with its reading time and what is related to it', async (t) => {
  const { app, bring } = await newsroom(t, {
    'a.yaml': written(
      'tin-a',
      1,
      'source: Cổng thông tin phường\n',
      `<p onclick="x()">${'một hai ba bốn '.repeat(165)}</p><script>x()</script>`,
    ),
    'b.yaml': written('tin-b', 2),
    'c.yaml': written('tin-c', 3).replace('thoi-su', 'xa-hoi'),
  })
  await bring()
  const article = (await app.inject('/api/news/tin-a')).json<Article>()
  assert.ok(article.body.startsWith('<p>một'))
  assert.ok(!article.body.includes('script'))
  assert.equal(article.readingMinutes, 3)
  assert.equal(article.source, 'Cổng thông tin phường')
  assert.deepEqual(
    article.related.map((one) => one.slug),
    ['tin-b'],
  )
  assert.equal((await app.inject('/api/news/khong-co')).statusCode, 404)
})

test('a photograph is kept in four widths and two formats without its metadata, and served for ever', async (t) => {
  const { app, bring, folder, list } = await newsroom(t, {
    'a.yaml': written('tin-a', 1, 'photo: { file: anh.jpg, alt: Hoa ban, caption: Ban nở, credit: Sùng Thị Dợ }\n'),
    'anh.jpg': await photograph(),
  })
  assert.deepEqual((await bring()).problems, [])
  const photo = (await list()).articles[0]?.photo
  assert.match(photo?.src ?? '', /^\/news\/pictures\/[0-9a-f]{32}-960\.webp$/)
  assert.deepEqual([photo?.alt, photo?.caption, photo?.credit], ['Hoa ban', 'Ban nở', 'Sùng Thị Dợ'])
  for (const width of [320, 640, 960, 1280])
    for (const [ending, type] of [
      ['webp', 'image/webp'],
      ['jpg', 'image/jpeg'],
    ]) {
      const answer = await app.inject(photo?.src.replace('960.webp', `${width}.${ending}`) ?? '')
      assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, type])
      assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
      const facts = await sharp(answer.rawPayload).metadata()
      assert.deepEqual([facts.width, facts.exif], [width, undefined])
    }
  // Eight sizes and the source, which has no address; nothing half-made is left.
  assert.equal((await readdir(path.join(folder, 'pictures'))).length, 9)
  for (const name of [
    '..%2Fanh.jpg',
    '..%2F..%2Fanh.jpg',
    'anh.jpg',
    `${'0'.repeat(32)}-960.webp`,
    `${'0'.repeat(32)}-961.webp`,
    `${photo?.src.slice(15, 47)}.source`,
  ])
    assert.equal((await app.inject(`/news/pictures/${name}`)).statusCode, 404, name)
})

test('readers who ask at once for a size that is not made yet all get it', async (t) => {
  const { pictures } = await newsroom(t, {})
  const added = await pictures.add(await photograph())
  assert.ok(added.ok)
  const name = added.src.replace('/news/pictures/', '')
  const read = await Promise.all(Array.from({ length: 20 }, () => pictures.read(name)))
  assert.equal(new Set(read.map((one) => one?.bytes)).size, 1)
})

test('what is no picture, a drawing that can run code, or a bomb of pixels is refused with its reason', async (t) => {
  const { pictures } = await newsroom(t, {})
  const bomb = await sharp({ create: { width: 16_000, height: 4000, channels: 3, background: '#000' } })
    .png()
    .toBuffer()
  for (const [bytes, reason] of [
    [Buffer.from('no picture'), /no picture/],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>x</script></svg>'), /its format is svg/],
    [bomb, /no picture|16000 × 4000/],
    [(await photograph()).subarray(0, 3000), /cannot be read|no picture/],
  ] as const) {
    const added = await pictures.add(bytes)
    assert.ok(!added.ok)
    assert.match(added.reason, reason)
  }
})

const child = (element: XmlElement | undefined, name: string) => element?.children.find((one) => one.name === name)

test('/news/feed.xml is RSS 2.0 with whole addresses', async (t) => {
  const { app, bring } = await newsroom(t, {
    'a.yaml': written(
      'tin-a',
      1,
      'authors: [Lường Văn Thiện]\nphoto: { file: anh.jpg, alt: Hoa }\n',
      '<p><a href="/guide">Lịch</a></p>',
    ),
    'b.yaml': written('tin-b', 2),
    'anh.jpg': await photograph(),
  })
  await bring()
  const answer = await app.inject('/news/feed.xml')
  assert.equal(answer.headers['content-type'], 'application/rss+xml; charset=utf-8')
  const root = parseXml(answer.body)
  assert.deepEqual([root.name, root.attributes['version']], ['rss', '2.0'])
  const channel = child(root, 'channel')
  for (const name of ['title', 'link', 'description']) assert.ok(child(channel, name)?.text, name)
  assert.equal(child(channel, 'atom:link')?.attributes['href'], 'https://phat.example/news/feed.xml')
  const items = channel?.children.filter((one) => one.name === 'item') ?? []
  assert.deepEqual(
    items.map((item) => [child(item, 'guid')?.text, child(item, 'pubDate')?.text]),
    [
      ['https://phat.example/news/tin-a', 'Sat, 28 Feb 2026 23:00:00 GMT'],
      ['https://phat.example/news/tin-b', 'Sat, 28 Feb 2026 22:00:00 GMT'],
    ],
  )
  const [first] = items
  assert.equal(child(first, 'title')?.text, 'Tin tin-a & <mới>')
  assert.equal(child(first, 'category')?.text, 'Thời sự')
  assert.equal(child(first, 'dc:creator')?.text, 'Lường Văn Thiện')
  assert.match(
    child(first, 'media:content')?.attributes['url'] ?? '',
    /^https:\/\/phat\.example\/news\/pictures\/[0-9a-f]{32}-960\.jpg$/,
  )
  assert.equal(child(first, 'content:encoded')?.text, '<p><a href="https://phat.example/guide" rel="noopener">Lịch</a></p>')
  const again = await app.inject({ url: '/news/feed.xml', headers: { 'if-none-match': String(answer.headers.etag) } })
  assert.equal(again.statusCode, 304)
})

test('/sitemap.xml lists pages and articles, /robots.txt points to it', async (t) => {
  const { app, bring } = await newsroom(t, { 'a.yaml': written('tin-a', 1) })
  await bring()
  const root = parseXml((await app.inject('/sitemap.xml')).body)
  assert.deepEqual(
    root.children.map((url) => [child(url, 'loc')?.text, child(url, 'lastmod')?.text]),
    [
      ['https://phat.example/', undefined],
      ['https://phat.example/tv/muong-suong-1', undefined],
      ['https://phat.example/news/tin-a', '2026-02-28T23:00:00.000Z'],
    ],
  )
  const robots = (await app.inject('/robots.txt')).body
  assert.match(robots, /^Disallow: \/desk$/m)
  assert.match(robots, /^Sitemap: https:\/\/phat\.example\/sitemap\.xml$/m)
})
