import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, visit } from '../support/browser.ts'
import { createPagesApp } from '../support/pagesApp.ts'

const PAGES = [
  '/',
  '/tv/muong-suong-1',
  '/radio/song-nui',
  '/guide',
  '/guide?view=list',
  '/programmes',
  '/programmes/bac-si',
  '/news',
  '/news/pho-nui-thuc-cung-mua-ban',
  '/search?q=thoi%20su',
  '/stats',
  '/embed/song-nui',
  '/embed/muong-suong-1',
  '/khong-co',
  '/en',
]
/** WCAG 2.2 AA and good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

type Finding = { readonly id: string; readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[] }
type Axe = { readonly axe: { run(options: object): Promise<{ readonly violations: readonly Finding[] }> } }

describe('accessibility of every page', () => {
  let app: FastifyInstance
  let browser: Browser
  let origin: string
  let axe: string
  before(async () => {
    app = await createPagesApp()
    ;[origin, browser, axe] = await Promise.all([
      app.listen({ port: 0, host: '127.0.0.1' }),
      launchBrowser(),
      readFile(axeFile, 'utf8'),
    ])
  })
  after(async () => {
    await browser.close()
    await app.close()
  })

  for (const width of [1280, 360]) {
    it(`finds nothing to complain about at ${width} px, by day and by night`, async () => {
      // Reduced motion, so that nothing is judged half-way through a transition, and nothing starts by itself.
      const { context, page } = await visit(browser, {
        // Taller than any page: a link that happens to lie under the tab bar is not too small, one can scroll.
        viewport: { width, height: 12_000 },
        reducedMotion: 'reduce',
        bypassCSP: true,
      })
      const found: string[] = []
      for (const path of PAGES) {
        await page.emulateMedia({ colorScheme: 'light' })
        await page.goto(origin + path, { waitUntil: 'load' })
        await page.locator('html[data-awake]').waitFor()
        await page.evaluate(axe)
        found.push(...(await complaints(page, { runOnly: RULES })).map((complaint) => `${path} by day, ${complaint}`))
        // Only colours differ by night.
        await page.emulateMedia({ colorScheme: 'dark' })
        found.push(
          ...(await complaints(page, { runOnly: ['color-contrast'] })).map((complaint) => `${path} by night, ${complaint}`),
        )
      }
      await context.close()
      assert.deepEqual(found, [])
    })
  }
})

async function complaints(page: Page, options: object): Promise<readonly string[]> {
  const violations = await page.evaluate(
    async (given) => (await (globalThis as unknown as Axe).axe.run(given)).violations,
    options,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  )
}
