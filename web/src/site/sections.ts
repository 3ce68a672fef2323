import type { Page } from '#contract/pages.ts'
import type { Site } from './site.svelte.ts'

export type Section = 'home' | 'tv' | 'radio' | 'news' | 'guide' | 'programmes' | 'other'

/** Which main section a page belongs to. */
export function sectionOf(page: Page, site: Site): Section {
  switch (page.name) {
    case 'channel':
      return site.channel(page.channel)?.kind ?? 'other'
    case 'news':
    case 'article':
      return 'news'
    case 'programmes':
    case 'programme':
      return 'programmes'
    case 'guide':
    case 'home':
      return page.name
    case 'search':
    case 'stats':
    case 'embed':
    case 'absent':
    case 'fault':
      return 'other'
    default:
      return page satisfies never
  }
}

/** Television and radio open on their first channel. */
export const sectionHref = (site: Site, kind: 'tv' | 'radio'): string => {
  const first = site.channels.find((channel) => channel.kind === kind)
  return first ? site.hrefOfChannel(first) : site.href('/')
}
