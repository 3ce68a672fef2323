import type { Channel, GuideEntry } from '#contract/channels.ts'
import type { PageView } from '#contract/pages.ts'

/** schema.org descriptions for search engines; only the server writes them. */
export function linkedDataOf({ page, station, origin, channels, language }: PageView): object[] {
  const publisher = {
    '@type': 'BroadcastService',
    '@id': `${origin}/#station`,
    name: station.name,
    description: station.strapline,
    url: origin,
    address: station.address,
    telephone: station.telephone,
    email: station.email,
  }
  switch (page.name) {
    case 'home':
      return [{ '@context': 'https://schema.org', ...publisher }]
    case 'channel': {
      const channel = channels.find(({ id }) => id === page.channel)
      return channel
        ? [serviceOf(channel, origin), ...[channel.now, ...channel.next].map((entry) => eventOf(entry, channel, origin))]
        : []
    }
    case 'article': {
      const { article } = page
      return [
        {
          '@context': 'https://schema.org',
          '@type': 'NewsArticle',
          headline: article.title.slice(0, 110),
          description: article.lead,
          inLanguage: article.language,
          datePublished: new Date(article.publishedAt).toISOString(),
          author: article.authors.map((name) => ({ '@type': 'Person', name })),
          articleSection: article.category,
          mainEntityOfPage: `${origin}/news/${article.slug}`,
          publisher: { '@type': 'NewsMediaOrganization', name: station.name, url: origin },
          ...(article.photo ? { image: [new URL(article.photo.src, origin).href] } : {}),
        },
      ]
    }
    case 'programme': {
      const { programme, airings } = page
      const events = airings.slice(0, 5).flatMap((entry) => {
        const channel = channels.find(({ id }) => id === entry.channel)
        return channel ? [eventOf(entry, channel, origin)] : []
      })
      return [
        {
          '@context': 'https://schema.org',
          '@type': 'CreativeWorkSeries',
          name: programme.title,
          description: programme.description,
          inLanguage: programme.language,
          url: `${origin}${language === 'en' ? '/en' : ''}/programmes/${programme.id}`,
        },
        ...events,
      ]
    }
    default:
      return []
  }
}

const addressOf = (channel: Channel, origin: string) => `${origin}/${channel.kind === 'tv' ? 'tv' : 'radio'}/${channel.id}`

const serviceOf = (channel: Channel, origin: string) => ({
  '@context': 'https://schema.org',
  '@type': channel.kind === 'radio' ? 'RadioStation' : 'BroadcastService',
  name: channel.name,
  description: channel.strapline,
  url: addressOf(channel, origin),
  ...(channel.frequency === null ? {} : { broadcastFrequency: channel.frequency }),
})

const eventOf = (entry: GuideEntry, channel: Channel, origin: string) => ({
  '@context': 'https://schema.org',
  '@type': 'BroadcastEvent',
  name: entry.title,
  description: entry.description,
  inLanguage: entry.language,
  isLiveBroadcast: true,
  startDate: new Date(entry.from).toISOString(),
  endDate: new Date(entry.to).toISOString(),
  publishedOn: { '@type': 'BroadcastService', name: channel.name, url: addressOf(channel, origin) },
})
