import type { Channel } from '#contract/channels.ts'
import type { ChannelPage, Language } from '#contract/pages.ts'
import { plusMs } from '#core/time.ts'
import { newsFor } from './news.ts'
import type { PagesPorts } from './ports.ts'

const HOUR_MS = 3_600_000
const ENOUGH_NEWS = 4

export async function channelPage(ports: PagesPorts, language: Language, channel: Channel): Promise<ChannelPage> {
  const at = ports.at()
  const { entries } = await ports.guide(plusMs(at, -6 * HOUR_MS), plusMs(at, 18 * HOUR_MS))
  const [own, latest] = await Promise.all([
    channel.now.programme === null
      ? []
      : newsFor(ports, language, { programme: channel.now.programme }).then(({ articles }) => articles),
    newsFor(ports, language, { page: 1 }).then(({ articles }) => articles),
  ])
  const news = own.length > 0 ? own : latest
  const isThin = own.length > 0 && own.length < ENOUGH_NEWS
  return {
    name: 'channel',
    channel: channel.id,
    today: entries.filter((entry) => entry.channel === channel.id),
    news: news.slice(0, 8),
    isNewsOfProgramme: own.length > 0,
    latest: isThin ? latest.filter(({ slug }) => !own.some((article) => article.slug === slug)).slice(0, 4) : [],
  }
}
