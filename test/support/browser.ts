import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

/** The system's Chromium, with H.264 and AAC. Missing, it fails loudly: nothing is skipped. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? PLACES.find((place) => existsSync(place))
  if (!executablePath) throw new Error(`Chromium is missing; looked at ${PLACES.join(', ')}. Install it or set CHROMIUM_PATH.`)
  return chromium.launch({
    executablePath,
    headless: true,
    // As root there is no sandbox; a small /dev/shm of a container ends pages without it.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--mute-audio', ...args],
  })
}

/** Sound without a gesture, as for a visitor who has been here before; the autoplay rule has its own test. */
export const WITH_SOUND = ['--autoplay-policy=no-user-gesture-required']

export type Visit = { readonly context: BrowserContext; readonly page: Page; readonly errors: readonly string[] }

/** A page of a new visitor; what it complains about is collected. */
export async function visit(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'vi-VN', ...options })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    // What the network did is the subject of the tests, not a fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text())
  })
  return { context, page, errors }
}
