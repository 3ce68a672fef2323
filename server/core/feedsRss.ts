import { xmlDocument } from './feedsXml.ts'

export type Feed = {
  readonly title: string
  readonly description: string
  readonly language: string
  /** Absolute addresses of the page that the feed follows, and of the feed itself. */
  readonly link: string
  readonly self: string
  readonly items: readonly FeedItem[]
}
export type FeedItem = {
  /** Absolute, and the item's identity: it must not change. */
  readonly link: string
  readonly title: string
  readonly description: string
  /** HTML with absolute addresses. */
  readonly content: string
  readonly publishedAt: number
  readonly category: string
  readonly authors: readonly string[]
  /** Absolute address. */
  readonly picture: string | undefined
}

/** RSS 2.0, newest first. Authors by Dublin Core, because RSS's own element wants an e-mail address. */
export function rss({ title, description, language, link, self, items }: Feed): string {
  const newest = items[0]
  return xmlDocument({
    rss: {
      '@version': '2.0',
      '@xmlns:atom': 'http://www.w3.org/2005/Atom',
      '@xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
      '@xmlns:dc': 'http://purl.org/dc/elements/1.1/',
      '@xmlns:media': 'http://search.yahoo.com/mrss/',
      channel: {
        title,
        link,
        description,
        language,
        'atom:link': { '@href': self, '@rel': 'self', '@type': 'application/rss+xml' },
        lastBuildDate: newest && dateOf(newest.publishedAt),
        ttl: 15,
        item: items.map((item) => ({
          title: item.title,
          link: item.link,
          guid: { '@isPermaLink': 'true', '#text': item.link },
          pubDate: dateOf(item.publishedAt),
          description: item.description,
          category: item.category,
          'dc:creator': [...item.authors],
          'media:content':
            item.picture === undefined ? undefined : { '@url': item.picture, '@medium': 'image', '@type': 'image/jpeg' },
          'content:encoded': item.content,
        })),
      },
    },
  })
}

/** RFC 822, in UTC. */
const dateOf = (at: number) => new Date(at).toUTCString()
