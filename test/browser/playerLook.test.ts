import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, visit, WITH_SOUND } from '../support/browser.ts'
import { startLiveOrigin, type LiveOrigin } from '../support/liveOrigin.ts'
import { packageLiveMedia } from '../support/liveOriginMedia.ts'
import { becomes, mediaOf, moves, until } from './playerPage.ts'

/** A page that hangs must not hang the tests. */
const LIMIT = { timeout: 90_000 }

let folder: string
let origin: LiveOrigin
let browser: Browser
let axe: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'player-look-'))
  origin = await startLiveOrigin({ media: await packageLiveMedia(folder) })
  browser = await launchBrowser(WITH_SOUND)
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})
after(async () => {
  await browser?.close()
  await origin?.stop()
  await rm(folder, { recursive: true, force: true })
})

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()

/** Rules broken in the page as it stands. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> }
    const { violations } = await (window as unknown as { axe: Axe }).axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary}`),
    )
  })
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390, 320]) {
    test(`the players break no rule of axe and fit at ${width} px, ${colorScheme}`, LIMIT, async () => {
      const { page, context } = await visit(browser, { colorScheme, viewport: { width, height: 844 } })
      try {
        await page.goto(`${origin.address}/tv/ms1`)
        await moves(page)
        assert.deepEqual(await faultsOf(page), [])
        await fits(page)
        await button(page, 'Bật tiếng').click()
        await button(page, 'Lùi 10 giây').click()
        await becomes(page, 'behind')
        await button(page, /^Chất lượng/).click()
        await page.getByRole('menu').waitFor()
        assert.deepEqual(await faultsOf(page), [])
        await fits(page)
        await page.keyboard.press('Escape')
        await page.evaluate(() => scrollTo(0, 3_000))
        await page.locator('.dock').waitFor()
        assert.deepEqual(await faultsOf(page), [])
        await fits(page)
        await button(page, 'Tắt và đóng').click()
        await page.goto(`${origin.address}/radio/fm`)
        await button(page, /^Nghe/).click()
        await becomes(page, 'playing')
        assert.deepEqual(await faultsOf(page), [])
        await fits(page)
      } finally {
        await context.close()
      }
    })
  }
}

/** Nothing of the player sticks out of it, and all of it can be hit with a finger. */
async function fits(page: Page): Promise<void> {
  const faults = await page.evaluate(() => {
    const found: string[] = []
    if (document.documentElement.scrollWidth > innerWidth) found.push(`page is ${document.documentElement.scrollWidth} px wide`)
    for (const frame of document.querySelectorAll('section.player, section.radio, .dock')) {
      const outer = frame.getBoundingClientRect()
      const boxes = [...frame.querySelectorAll('button, input, a')]
        .filter((node) => node.checkVisibility({ checkVisibilityCSS: true }) && !node.matches('.stats, [popover] *'))
        .map((node) => ({ name: node.getAttribute('aria-label') ?? node.textContent, box: node.getBoundingClientRect() }))
      for (const { name, box } of boxes) {
        if (box.left < outer.left - 1 || box.right > outer.right + 1) found.push(`${name} sticks out`)
        if (box.width < 43.5 || box.height < 43.5) found.push(`${name} is ${box.width} × ${box.height}`)
      }
      for (const [i, one] of boxes.entries()) {
        for (const other of boxes.slice(i + 1)) {
          const dx = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
          const dy = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
          if (dx > 1 && dy > 1) found.push(`${one.name} covers ${other.name}`)
        }
      }
    }
    return found
  })
  assert.deepEqual(faults, [])
}

test('slates and dialogs break no rule of axe', LIMIT, async () => {
  const { page, context } = await visit(browser)
  try {
    await page.goto(`${origin.address}/tv/ms1`)
    await moves(page)
    await page.locator('section.player').focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    assert.deepEqual(await faultsOf(page), [])
    await page.keyboard.press('Escape')
    await button(page, 'Số liệu phát').press('Enter')
    await page.getByRole('group', { name: 'Số liệu phát' }).waitFor()
    assert.deepEqual(await faultsOf(page), [])
    await page.getByRole('button', { name: 'Đóng' }).click()
    await context.setOffline(true)
    await becomes(page, 'offline', 30_000)
    assert.deepEqual(await faultsOf(page), [])
  } finally {
    await context.close()
  }
})

test(
  'controls leave a moving picture after three seconds, never a paused one or one that is used by keyboard',
  LIMIT,
  async () => {
    const { page, context } = await visit(browser)
    try {
      await page.goto(`${origin.address}/tv/ms1`)
      await moves(page)
      const controls = page.locator('.controls').first()
      const opacity = () => controls.evaluate((node) => getComputedStyle(node).opacity)
      await page.mouse.move(300, 300)
      await until(async () => (await opacity()) === '0')
      await page.locator('section.player').getByRole('button').last().focus()
      await page.keyboard.press('Shift+Tab')
      await until(async () => (await opacity()) === '1')
      await page.evaluate(() => (document.activeElement as HTMLElement).blur())
      await until(async () => (await opacity()) === '0')
      await page.mouse.move(310, 310)
      await until(async () => (await opacity()) === '1')
    } finally {
      await context.close()
    }
  },
)

test('the embedded player fills its frame, plays, and leads to the station', LIMIT, async () => {
  const { page, context, errors } = await visit(browser, { viewport: { width: 480, height: 270 } })
  try {
    await page.goto(`${origin.address}/embed/ms1`)
    await moves(page)
    const box = await page.locator('section.player').boundingBox()
    assert.deepEqual(box, { x: 0, y: 0, width: 480, height: 270 })
    await page.getByRole('link', { name: 'Mở trang Đài Mường Sương' }).waitFor()
    assert.deepEqual(await faultsOf(page), [])
    await page.goto(`${origin.address}/embed/fm`)
    await button(page, /^Nghe/).click()
    await becomes(page, 'playing')
    assert.equal((await mediaOf(page)).muted, false)
    assert.deepEqual(await faultsOf(page), [])
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
  }
})
