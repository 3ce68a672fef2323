import type { Channel } from '#contract/channels.ts'
import type { ChannelPage } from '#contract/pages.ts'
import { plusMs } from '#core/time.ts'
import type { PagesPorts } from './ports.ts'

const HOUR_MS = 3_600_000

export async function channelPage(ports: PagesPorts, channel: Channel): Promise<ChannelPage> {
  const at = ports.at()
  const { entries } = ports.guide(plusMs(at, -6 * HOUR_MS), plusMs(at, 18 * HOUR_MS))
  const own = channel.now.programme === null ? [] : (await ports.articles({ programme: channel.now.programme })).articles
  const news = own.length > 0 ? own : (await ports.articles({ page: 1 })).articles
  return {
    name: 'channel',
    channel: channel.id,
    today: entries.filter((entry) => entry.channel === channel.id),
    news: news.slice(0, 8),
    isNewsOfProgramme: own.length > 0,
  }
}
