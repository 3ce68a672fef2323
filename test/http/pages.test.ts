import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { PageView } from '#contract/pages.ts'
import { jsonForHtml } from '../../server/pages/document.ts'
import { createFakeStation, type FakeStation } from '../support/fakeStation.ts'
import { createPagesApp } from '../support/pagesApp.ts'

const PAGES = [
  '/',
  '/tv/muong-suong-1',
  '/radio/song-nui',
  '/guide',
  '/guide?day=2027-03-13&view=list',
  '/programmes',
  '/programmes/bac-si',
  '/news',
  '/news/ret-muon',
  '/search?q=thoi%20su',
  '/stats',
  '/embed/song-nui',
]
const HTML = { accept: 'text/html' }

const titleOf = (html: string) => /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? ''
const viewIn = (html: string): PageView => {
  const json = /<script type="application\/json" id="view">([^]*?)<\/script>/.exec(html)?.[1]
  assert.ok(json, 'the page carries its contents')
  return JSON.parse(json) as PageView
}

describe('public pages', () => {
  let station: FakeStation
  let app: FastifyInstance
  before(async () => {
    station = createFakeStation()
    app = await createPagesApp(station)
  })
  after(() => app.close())
  const get = (url: string, headers: Record<string, string> = HTML) => app.inject({ url, headers })

  for (const path of PAGES) {
    it(`${path} is complete before any script runs, in both languages`, async () => {
      for (const [language, prefix] of [
        ['vi', ''],
        ['en', '/en'],
      ] as const) {
        const url = path === '/' && prefix ? prefix : prefix + path
        const { statusCode, body, headers } = await get(url)
        assert.equal(statusCode, 200, url)
        assert.match(String(headers['content-type']), /^text\/html/)
        assert.match(body, new RegExp(`<html lang="${language}">`))
        assert.match(titleOf(body), /Đài Mường Sương$|· Phát thanh/)
        assert.equal(body.match(/<h1/g)?.length, 1, 'one main heading')
        assert.match(body, /<link rel="canonical" href="http:\/\/localhost/)
        for (const hreflang of ['vi', 'en', 'x-default']) assert.ok(body.includes(`hreflang="${hreflang}"`), hreflang)
        assert.ok(body.includes('property="og:title"'))
        assert.equal(viewIn(body).language, language)
      }
    })
  }

  it('runs no script that stands in the page, and names what may run', async () => {
    const { body, headers } = await get('/')
    for (const [tag] of body.matchAll(/<script[^>]*>/g)) {
      assert.match(tag, /src="\/assets\/|type="application\/(?:json|ld\+json)"/, tag)
    }
    assert.match(String(headers['content-security-policy']), /script-src 'self';/)
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'self'/)
    assert.match(String((await get('/embed/song-nui')).headers['content-security-policy']), /frame-ancestors \*/)
  })

  it('lets nothing in its contents end the element they stand in', () => {
    const text = jsonForHtml({ title: '</script><script>alert(1)</script><!--' })
    assert.ok(!text.includes('<'))
    assert.equal((JSON.parse(text) as { title: string }).title, '</script><script>alert(1)</script><!--')
  })

  it('describes news and channels to search engines', async () => {
    const dataIn = (html: string) =>
      [...html.matchAll(/<script type="application\/ld\+json">([^]*?)<\/script>/g)].map(
        (found) => JSON.parse(found[1] ?? '') as object,
      )
    const [article] = dataIn((await get('/news/ret-muon')).body)
    assert.deepEqual(
      { ...article, author: 0, publisher: 0, image: 0 },
      {
        '@context': 'https://schema.org',
        '@type': 'NewsArticle',
        headline: 'Đêm nay vùng cao còn 9 °C, sương dày trên đèo Khau Mây',
        description:
          viewIn((await get('/news')).body).page.name === 'news' ? (article as { description: string }).description : '',
        inLanguage: 'vi',
        datePublished: '2027-03-12T11:18:08.000Z',
        articleSection: 'thoi-tiet',
        mainEntityOfPage: 'http://localhost:80/news/ret-muon',
        author: 0,
        publisher: 0,
        image: 0,
      },
    )
    const types = dataIn((await get('/radio/song-nui')).body).map((data) => (data as { '@type': string })['@type'])
    assert.equal(types[0], 'RadioStation')
    assert.equal(types[1], 'BroadcastEvent')
  })

  it('says in words what is missing, with 404', async () => {
    for (const [path, sentence] of [
      ['/khong-co', 'Không có trang này'],
      ['/tv/song-nui', 'Không có kênh này'],
      ['/radio/khong-co', 'Không có kênh này'],
      ['/programmes/khong-co', 'Không có chương trình này'],
      ['/news/khong-co', 'Không có bài này'],
      ['/en/news/khong-co', 'There is no such article'],
      ['/news/a/b', 'Không có trang này'],
    ] as const) {
      const { statusCode, body } = await get(path)
      assert.equal(statusCode, 404, path)
      assert.ok(body.includes(sentence), `${path}: ${sentence}`)
      assert.ok(body.includes('noindex'))
    }
  })

  it('answers machines in JSON where there is nothing', async () => {
    for (const url of ['/api/khong-co', '/hls/x/master.m3u8']) {
      const response = await get(url)
      assert.equal(response.statusCode, 404)
      assert.equal(response.json<{ error: string }>().error, 'NOT_FOUND')
    }
    assert.equal((await get('/khong-co', { accept: '*/*' })).json<{ error: string }>().error, 'NOT_FOUND')
  })

  it('hands out the same contents for moves inside the site', async () => {
    for (const path of PAGES) {
      const response = await get(`/api/pages?path=${encodeURIComponent('/en' + (path === '/' ? '' : path))}`)
      assert.equal(response.statusCode, 200, path)
      const fromPage = viewIn((await get('/en' + (path === '/' ? '' : path))).body)
      assert.deepEqual(response.json<PageView>(), fromPage, path)
    }
    assert.equal((await get('/api/pages?path=/news/khong-co')).statusCode, 404)
    assert.equal((await get('/api/pages?path=//evil.example/x')).statusCode, 400)
    assert.equal((await get('/api/pages')).statusCode, 400)
  })

  it('counts a visit for pages and moves, not for prefetches, quiet refreshes and what is missing', async () => {
    station.visits.length = 0
    await get('/news')
    await get('/news')
    await get('/api/pages?path=/guide')
    await get('/guide', { ...HTML, 'sec-purpose': 'prefetch' })
    await get('/api/pages?path=/guide', { purpose: 'prefetch' })
    await get('/api/pages?path=/guide', { purpose: 'refresh' })
    await get('/khong-co')
    assert.deepEqual(station.visits, ['/news', '/news', '/api/pages?path=/guide'])
  })

  it('finds programmes and news without accents', async () => {
    const page = viewIn((await get('/search?q=cau%20TREO')).body).page
    assert.ok(page.name === 'search')
    assert.deepEqual(
      page.articles.map(({ slug }) => slug),
      ['cau-treo-na-suong'],
    )
    const other = viewIn((await get('/search?q=doc%20truyen')).body).page
    assert.ok(other.name === 'search')
    assert.deepEqual(
      other.programmes.map(({ id }) => id),
      ['doc-truyen'],
    )
  })

  it('gives each reader news of their language first, and never an article twice', async () => {
    const newsOf = async (url: string) => {
      const { page } = viewIn((await get(url)).body)
      assert.ok(page.name === 'news')
      return page.articles.map(({ slug, language }) => `${language} ${slug}`)
    }
    const vietnamese = [...(await newsOf('/news')), ...(await newsOf('/news?page=2'))]
    assert.ok(vietnamese.every((line) => line.startsWith('vi ')))
    const english = [...(await newsOf('/en/news')), ...(await newsOf('/en/news?page=2'))]
    assert.deepEqual(english, ['en blossom-evening', ...vietnamese])
  })

  it('has a manifest with the station’s name', async () => {
    const manifest = (await get('/site.webmanifest')).json<{ name: string }>()
    assert.equal(manifest.name, 'Đài Mường Sương')
  })

  it('shows the asked day of the guide, and today for a day that does not exist', async () => {
    const guide = async (query: string) => {
      const { page } = viewIn((await get(`/guide?${query}`)).body)
      assert.ok(page.name === 'guide')
      return page
    }
    const tomorrow = await guide('day=2027-03-13')
    assert.equal(tomorrow.from, Date.parse('2027-03-13T00:00:00+07:00'))
    assert.equal(tomorrow.to, Date.parse('2027-03-14T00:00:00+07:00'))
    assert.ok(tomorrow.entries.every((entry) => entry.to > tomorrow.from && entry.from < tomorrow.to))
    for (const nonsense of ['day=2027-02-30', 'day=%3Cscript%3E', 'day=']) assert.equal((await guide(nonsense)).day, '2027-03-12')
  })
})

describe('files of the web app', () => {
  let app: FastifyInstance
  before(async () => void (app = await createPagesApp()))
  after(() => app.close())

  it('are cached for ever under their hash, packed, and confirmed by their tag', async () => {
    const { body } = await app.inject({ url: '/', headers: HTML })
    const script = /<script type="module" src="([^"]+)"/.exec(body)?.[1]
    assert.ok(script)
    for (const [coding, expected] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const response: LightMyRequestResponse = await app.inject({ url: script, headers: { 'accept-encoding': coding } })
      assert.equal(response.statusCode, 200)
      assert.equal(response.headers['content-encoding'], expected)
      assert.match(String(response.headers['cache-control']), /immutable/)
      assert.match(String(response.headers['content-type']), /^text\/javascript/)
      const again: LightMyRequestResponse = await app.inject({
        url: script,
        headers: { 'if-none-match': String(response.headers['etag']) },
      })
      assert.equal(again.statusCode, 304)
    }
  })

  it('are the ones that each page asks for', async () => {
    for (const path of PAGES) {
      const { body } = await app.inject({ url: path, headers: HTML })
      const files = [...body.matchAll(/(?:src|href)="(\/(?:assets\/|favicon|site)[^"]+)"/g)].map((found) => found[1] ?? '')
      assert.ok(files.length > 5)
      for (const url of files) assert.equal((await app.inject({ url })).statusCode, 200, url)
    }
  })

  it('have an icon for those who ask for the old name', async () => {
    const { statusCode, headers } = await app.inject({ url: '/favicon.ico' })
    assert.equal(statusCode, 301)
    assert.equal((await app.inject({ url: String(headers.location) })).statusCode, 200)
  })

  it('stay small: what a page needs before hls.js', async () => {
    const { body } = await app.inject({ url: '/', headers: HTML })
    const scripts = new Set([...body.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((found) => found[1] ?? ''))
    assert.ok(![...scripts].some((name) => name.includes('hls')), 'hls.js waits until something plays')
    let bytes = 0
    for (const url of scripts) {
      bytes += (await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })).rawPayload.length
    }
    assert.ok(bytes <= 60_000, `${bytes} bytes of script`)
  })
})

describe('a page that cannot be made', () => {
  it('says so in words with 500, while pages that need less still work', async () => {
    const station = createFakeStation()
    const app = await createPagesApp({ ...station, articles: () => Promise.reject(new Error('the database is away')) })
    const { statusCode, body } = await app.inject({ url: '/news', headers: HTML })
    assert.equal(statusCode, 500)
    assert.ok(body.includes('Trang gặp trục trặc'))
    assert.ok(!body.includes('the database is away'))
    assert.equal((await app.inject({ url: '/guide', headers: HTML })).statusCode, 200)
    const move = await app.inject({ url: '/api/pages?path=/news' })
    assert.equal(move.statusCode, 500)
    await app.close()
  })
})
