import type { Channel } from '#contract/channels.ts'
import type { AbsentPage, Page, PageView } from '#contract/pages.ts'
import { guidePage } from './guidePage.ts'
import { homePage } from './homePage.ts'
import { channelPage } from './channelPage.ts'
import { articlePage, newsPage } from './newsPages.ts'
import type { PagePath } from './path.ts'
import type { PagesPorts } from './ports.ts'
import { programmePage, programmesPage } from './programmePages.ts'
import { searchPage } from './searchPage.ts'

export const absent = (missing: AbsentPage['missing']): AbsentPage => ({ name: 'absent', missing })

/** Everything one page of the site is made of. */
export async function viewOf(ports: PagesPorts, address: PagePath, origin: string): Promise<PageView> {
  return dressed(ports, address, origin, await pageAt(ports, address))
}

/** A page that is not made from the station's contents, as an answer to a fault must be. */
export function dressed(ports: PagesPorts, address: PagePath, origin: string, page: Page): PageView {
  const query = address.query.toString()
  return {
    at: ports.at(),
    zone: ports.zone,
    language: address.language,
    path: address.path + (query === '' ? '' : `?${query}`),
    origin,
    status: page.name === 'absent' ? 404 : page.name === 'fault' ? 500 : 200,
    station: ports.station(),
    channels: [...ports.channels().channels].sort((a, b) => a.order - b.order),
    page,
  }
}

async function pageAt(ports: PagesPorts, { segments, query, language }: PagePath): Promise<Page> {
  const [area, name, ...rest] = segments
  if (rest.length > 0) return absent('page')
  if (area === undefined) return homePage(ports, language)
  if (name === undefined) {
    switch (area) {
      case 'guide':
        return guidePage(ports, query)
      case 'programmes':
        return programmesPage(ports, query)
      case 'news':
        return newsPage(ports, language, query)
      case 'search':
        return searchPage(ports, query)
      case 'stats':
        return { name: 'stats', statistics: await ports.statistics() }
      default:
        return absent('page')
    }
  }
  switch (area) {
    case 'tv':
    case 'radio':
      return withChannel(ports, name, (channel) => (channel.kind === area ? channelPage(ports, language, channel) : null))
    case 'embed':
      return withChannel(ports, name, (channel) => ({ name: 'embed', channel: channel.id }))
    case 'programmes':
      return (await programmePage(ports, language, name)) ?? absent('programme')
    case 'news':
      return (await articlePage(ports, language, name)) ?? absent('article')
    default:
      return absent('page')
  }
}

type PageOfChannel = (channel: Channel) => Page | null | Promise<Page | null>
async function withChannel(ports: PagesPorts, id: string, page: PageOfChannel): Promise<Page> {
  const channel = ports.channels().channels.find((candidate) => candidate.id === id)
  return (channel && (await page(channel))) ?? absent('channel')
}
