import type { Page } from 'playwright-core'
import { BARCODE, LOOP_MS } from '../support/liveOriginMedia.ts'

/** What the player says it is doing, in the words of `status.ts`. */
export const statusOf = (page: Page) => page.locator('[data-status]').first().getAttribute('data-status')

export async function becomes(page: Page, status: string, timeout = 15_000): Promise<void> {
  await page.locator(`[data-status="${status}"]`).first().waitFor({ timeout })
}

/** Waits until the picture or sound moves. */
export async function moves(page: Page, timeout = 15_000): Promise<void> {
  await page.waitForFunction(
    () => {
      const media = document.querySelector('video')
      if (!media || media.paused || media.readyState < 3) return false
      const from = Number(media.dataset['from'] ?? (media.dataset['from'] = String(media.currentTime)))
      if (media.currentTime <= from) return false
      delete media.dataset['from']
      return true
    },
    undefined,
    { timeout, polling: 50 },
  )
}

export const mediaOf = (page: Page) =>
  page.evaluate(() => {
    const media = document.querySelector('video')
    if (!media) throw new Error('there is no media element')
    const { currentTime, paused, muted, volume, readyState, videoWidth, playbackRate } = media
    return { currentTime, paused, muted, volume, readyState, videoWidth, playbackRate }
  })

/**
 * How late the shown picture is, in milliseconds, without asking the player: each frame carries its number, and the number belongs to
 * one instant of the loop.
 */
export async function latenessOf(page: Page, skewMs = 0): Promise<number> {
  const { frame, shownAt } = await page.evaluate(
    (code) =>
      new Promise<{ frame: number; shownAt: number }>((resolve, reject) => {
        const media = document.querySelector('video')
        if (!media) return reject(new Error('there is no media element'))
        media.requestVideoFrameCallback((_now, { expectedDisplayTime }) => {
          const canvas = new OffscreenCanvas(media.videoWidth, media.videoHeight)
          const context = canvas.getContext('2d')
          if (!context) return reject(new Error('there is no canvas'))
          context.drawImage(media, 0, 0)
          let number = 0
          for (let bit = 0; bit < code.bits; bit += 1) {
            const x = (code.left + code.step * (bit + 0.5)) * canvas.width
            const [red = 0] = context.getImageData(x, code.middle * canvas.height, 1, 1).data
            if (red > 128) number += 2 ** bit
          }
          resolve({ frame: number, shownAt: performance.timeOrigin + expectedDisplayTime })
        })
      }),
    BARCODE,
  )
  const late = (shownAt + skewMs - frame * 40) % LOOP_MS
  return late > LOOP_MS / 2 ? late - LOOP_MS : late
}

/** The player's own clock display, `19:42:08`. */
export const shownTime = (page: Page) => page.locator('.controls .time').textContent()

/** Asks again until it is so. */
export async function until(isSo: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const limit = Date.now() + timeoutMs
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`still not so after ${timeoutMs} ms: ${isSo}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
