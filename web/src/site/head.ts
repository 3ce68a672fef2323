import type { Site } from './site.svelte.ts'

export type Head = {
  readonly title: string
  readonly description: string
  readonly canonical: string
  readonly alternates: readonly { readonly language: string; readonly href: string }[]
  readonly image: string | null
  readonly type: string
  /** Results, faults and frames of other sites are nothing for a search engine. */
  readonly isHidden: boolean
}

export function headOf(site: Site): Head {
  const { view } = site
  const path = canonicalPath(site)
  const english = view.origin + (path === '/' ? '/en' : `/en${path}`)
  const vietnamese = view.origin + path
  const photo = view.page.name === 'article' ? view.page.article.photo : null
  const own = titleOf(site)
  return {
    title: own === null ? `${view.station.name} · ${view.station.strapline}` : `${own} · ${view.station.name}`,
    description: descriptionOf(site),
    canonical: view.language === 'en' ? english : vietnamese,
    alternates: [
      { language: 'vi', href: vietnamese },
      { language: 'en', href: english },
      { language: 'x-default', href: vietnamese },
    ],
    image: photo ? new URL(photo.src, view.origin).href : null,
    type: view.page.name === 'article' ? 'article' : 'website',
    isHidden: ['search', 'embed', 'absent', 'fault'].includes(view.page.name),
  }
}

/** Without what only sorts or searches the same page. */
function canonicalPath({ view }: Site): string {
  const [path = '/', query = ''] = view.path.split('?')
  const kept = [...new URLSearchParams(query)].filter(([key]) => ['day', 'page', 'category'].includes(key))
  return kept.length === 0 ? path : `${path}?${new URLSearchParams(kept)}`
}

function titleOf(site: Site): string | null {
  const { words, view } = site
  const { page } = view
  switch (page.name) {
    case 'home':
      return null
    case 'channel':
    case 'embed': {
      const channel = site.channel(page.channel)
      return channel ? `${channel.name}: ${channel.now.title}` : null
    }
    case 'guide':
      return page.day === page.today ? words.guide.title : `${words.guide.title}, ${site.format.date(page.from)}`
    case 'programmes':
      return page.category === null ? words.programmes.title : site.category(page.category)
    case 'programme':
      return page.programme.title
    case 'news':
      return page.category === null ? words.news.title : `${words.news.title}: ${site.category(page.category)}`
    case 'article':
      return page.article.title
    case 'search':
      return words.search.title(page.search)
    case 'stats':
      return words.visits.title
    case 'absent':
      return words.absent[page.missing]
    case 'fault':
      return words.fault.title
    default:
      return page satisfies never
  }
}

function descriptionOf(site: Site): string {
  const { page, station } = site.view
  switch (page.name) {
    case 'article':
      return page.article.lead
    case 'programme':
      return page.programme.description || page.programme.title
    case 'channel':
      return site.channel(page.channel)?.now.description || `${station.name} · ${station.strapline}`
    case 'programmes':
      return site.words.programmes.lead
    default:
      return `${station.name} · ${station.strapline}`
  }
}
