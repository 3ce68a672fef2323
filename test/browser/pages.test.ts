import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, visit } from '../support/browser.ts'
import { createPagesApp } from '../support/pagesApp.ts'

const PAGES = ['/', '/tv/muong-suong-2', '/radio/song-nui', '/guide', '/guide?view=list', '/programmes', '/programmes/bac-si']
const MORE = ['/news', '/news/pho-nui-thuc-cung-mua-ban', '/search?q=thoi%20su', '/stats', '/khong-co', '/en/guide']

describe('public pages in a browser', () => {
  let app: FastifyInstance
  let browser: Browser
  let origin: string
  before(async () => {
    app = await createPagesApp()
    ;[origin, browser] = await Promise.all([app.listen({ port: 0, host: '127.0.0.1' }), launchBrowser()])
  })
  after(async () => {
    await browser.close()
    await app.close()
  })

  const open = async (path: string, options: Parameters<typeof visit>[1] = {}) => {
    const opened = await visit(browser, { reducedMotion: 'reduce', ...options })
    const complaints: string[] = []
    opened.page.on('console', (message) => {
      if (/svelte|hydration|Content Security/i.test(message.text())) complaints.push(message.text())
    })
    await opened.page.goto(origin + path)
    await awake(opened.page)
    return { ...opened, complaints }
  }

  it('wake up to exactly what the server drew, within the content security policy', async () => {
    const asleep = await visit(browser, { reducedMotion: 'reduce' })
    await asleep.page.route('**/*.js', (route) => route.abort())
    const { context, page, errors, complaints } = await open('/')
    for (const path of [...PAGES, ...MORE]) {
      await Promise.all([asleep.page.goto(origin + path), page.goto(origin + path)])
      await awake(page)
      assert.equal(await wordsOf(page), await wordsOf(asleep.page), path)
      assert.deepEqual([...errors.filter((error) => !error.includes('WebSocket')), ...complaints], [], path)
    }
    await asleep.context.close()
    await context.close()
  })

  it('fit from 320 px to wide', async () => {
    const { context, page } = await open('/')
    for (const path of [...PAGES, ...MORE]) {
      await page.goto(origin + path)
      for (const width of [320, 390, 768, 900, 1100, 1440, 2200]) {
        await page.setViewportSize({ width, height: 800 })
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        assert.ok(over <= 0, `${path} at ${width} px is ${over} px too wide`)
      }
    }
    await context.close()
  })

  it('go from one to the next without a reload: title, heading, history and scroll', async () => {
    const { context, page } = await open('/news')
    await page.evaluate(() => Object.assign(window, { isSame: true }))
    const address = (path: string) => page.waitForURL(origin + path)
    await page.evaluate(() => scrollTo(0, 500))
    await page
      .getByRole('link', { name: /Chợ phiên mở thêm/ })
      .first()
      .click()
    await address('/news/cho-phien-toi')
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
    assert.match(await page.title(), /^Chợ phiên mở thêm buổi tối/)
    assert.equal(await page.evaluate(() => scrollY), 0)
    await page.goBack()
    await address('/news')
    await page.waitForFunction(() => Math.abs(scrollY - 500) < 2)
    assert.match(await page.title(), /^Tin tức/)
    await page.getByRole('link', { name: 'Tìm kiếm' }).click()
    await address('/search')
    await page.getByRole('searchbox').fill('cầu treo')
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Kết quả cho “cầu treo”' }).waitFor()
    await page.goBack()
    await page.goBack()
    await address('/news')
    await page.getByRole('heading', { level: 1, name: 'Tin tức' }).waitFor()
    await page.getByRole('link', { name: /English/ }).click()
    await address('/en/news')
    await page.waitForFunction(() => document.documentElement.lang === 'en')
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'News')
    assert.ok(await page.evaluate(() => 'isSame' in window), 'never reloaded')
    await context.close()
  })

  it('keep one media element for the whole visit', async () => {
    const { context, page } = await open('/tv/muong-suong-1')
    const mark = await page.waitForFunction(() => {
      const video = document.querySelector('video')
      if (video) video.dataset['mark'] = 'first'
      return video !== null
    })
    assert.ok(mark)
    for (const [name, path] of [
      ['Lịch phát sóng', '/guide'],
      ['Phát thanh', '/radio/song-nui'],
      ['Tin tức', '/news'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Chính' }).getByRole('link', { name }).click()
      await page.waitForURL(origin + path)
      await page.waitForFunction((title) => document.title.startsWith(title), path.startsWith('/radio') ? 'Sóng Núi' : name)
      assert.equal(await page.locator('video').count(), 1)
      assert.equal(await page.locator('video').getAttribute('data-mark'), 'first')
    }
    await context.close()
  })

  it('say so when a page cannot be opened, and open it when the network is back', async () => {
    const { context, page } = await open('/news')
    await context.setOffline(true)
    await page.getByRole('status').filter({ hasText: 'Bạn đang ngoại tuyến' }).waitFor()
    await context.setOffline(false)
    await page.getByRole('status').filter({ hasText: 'ngoại tuyến' }).waitFor({ state: 'detached' })
    await page.route('**/api/pages?**', (route) => route.abort())
    await page.getByRole('navigation', { name: 'Chính' }).getByRole('link', { name: 'Lịch phát sóng' }).click()
    await page.getByRole('status').filter({ hasText: 'chưa mở được trang' }).waitFor()
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Tin tức')
    await page.unroute('**/api/pages?**')
    await page.getByRole('navigation', { name: 'Chính' }).getByRole('link', { name: 'Lịch phát sóng' }).click()
    await page.getByRole('heading', { level: 1, name: 'Lịch phát sóng' }).waitFor()
    await context.close()
  })

  it('keep the chosen theme, without a flash', async () => {
    const { context, page } = await open('/', { colorScheme: 'light' })
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const day = await ground()
    await page.getByRole('button', { name: /Chuyển sang nền sáng/ }).click()
    await page.getByRole('button', { name: /Chuyển sang nền tối/ }).click()
    assert.notEqual(await ground(), day)
    await page.route('**/entry-client-*', (route) => route.abort())
    await page.goto(origin + '/guide')
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark', 'before the app is awake')
    await context.close()
  })

  it('let the arrows walk through the guide', async () => {
    const { context, page } = await open('/guide')
    const focused = () => page.evaluate(() => document.activeElement?.firstChild?.textContent)
    await page.getByRole('link', { name: /^Đêm hội hoa ban/ }).focus()
    await page.keyboard.press('ArrowDown')
    assert.equal(await focused(), 'Người giữ lửa bản Nà Sương')
    await page.keyboard.press('ArrowRight')
    assert.equal(await focused(), 'Phim truyện: Con đường muối')
    await page.keyboard.press('ArrowUp')
    assert.equal(await focused(), 'Nhà nông hỏi')
    await page.keyboard.press('ArrowLeft')
    assert.equal(await focused(), 'Đêm hội hoa ban')
    await context.close()
  })

  it('open the earlier part of the day, mark what is on, and show one channel on a phone', async () => {
    const { context, page } = await open('/guide', { viewport: { width: 390, height: 800 } })
    assert.equal(await page.locator('[aria-current="true"][class*="on"]').count(), 4)
    assert.equal(await page.getByRole('link', { name: /^Thời sự sáng/ }).count(), 0)
    await page.getByRole('button', { name: /00:00 – 17:00/ }).click()
    await page
      .getByRole('link', { name: /^Thời sự sáng/ })
      .first()
      .waitFor()
    assert.equal(await page.getByRole('link', { name: /^Khúc hát giao duyên/ }).count(), 0)
    await page.getByRole('button', { name: 'Tiếng Bản' }).click()
    assert.ok((await page.getByRole('link', { name: /^Khúc hát giao duyên/ }).count()) > 0)
    await context.close()
  })

  it('hand out a reminder that rings five minutes before', async () => {
    const { context, page } = await open('/programmes/doc-truyen')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: /Nhắc tôi xem Đọc truyện đêm khuya lúc 21:00/ })
        .first()
        .click(),
    ])
    const stream = await download.createReadStream()
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    const file = Buffer.concat(chunks).toString('utf8')
    for (const line of ['DTSTART:20270312T140000Z', 'TRIGGER:-PT5M', 'BEGIN:VALARM']) assert.ok(file.includes(line), line)
    for (const line of file.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
    await page.getByRole('status').filter({ hasText: 'lúc 20:55' }).first().waitFor()
    await context.close()
  })

  it('work before and without scripts: search, days, languages', async () => {
    const { context, page } = await visit(browser, { javaScriptEnabled: false })
    await page.goto(origin + '/search')
    await page.getByRole('searchbox').fill('cau treo')
    await page.getByRole('button', { name: 'Tìm', exact: true }).click()
    await page.getByRole('link', { name: /Cầu treo bản Nà Sương/ }).waitFor()
    await page.goto(origin + '/guide')
    await page.getByRole('link', { name: /Ngày mai/ }).click()
    await page.waitForURL(/day=2027-03-13/)
    await page.getByRole('link', { name: /English/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Programme guide' }).waitFor()
    await context.close()
  })
})

const awake = (page: Page) => page.locator('html[data-awake]').waitFor()

/** The words of a page without the player: what that draws once it is awake is its own affair. */
const wordsOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const copy = document.body.cloneNode(true) as HTMLElement
    for (const part of copy.querySelectorAll('section.player, section.radio-player, [data-status], aside.dock, script, .line'))
      part.remove()
    return (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
  })
