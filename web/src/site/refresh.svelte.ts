import type { Router } from './router.svelte.ts'
import type { Site } from './site.svelte.ts'

/** All pages hear of a new programme in the same second; they ask for its surroundings spread over this time. */
const SPREAD_MS = 15_000
const LIVING_PAGES = ['home', 'channel', 'guide', 'programme']

/** Schedules and news change while a page stays open: when the air moves on, the page's contents are fetched again. */
export function refreshAtBoundaries(site: Site, router: Router): void {
  const airing = $derived(
    Object.values(site.live.nowNext)
      .map(({ channel, now, next }) => `${channel} ${now.id} ${next[0]?.id ?? ''}`)
      .join('\n'),
  )
  let before: string | undefined
  $effect(() => {
    const isFirst = before === undefined
    const hasChanged = before !== airing
    before = airing
    if (isFirst || !hasChanged) return
    const timer = setTimeout(
      () => {
        if (LIVING_PAGES.includes(site.view.page.name) && navigator.onLine) void router.refresh()
      },
      1_000 + Math.random() * SPREAD_MS,
    )
    return () => clearTimeout(timer)
  })
}
