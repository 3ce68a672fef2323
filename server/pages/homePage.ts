import type { HomePage, Language } from '#contract/pages.ts'
import { plusMs } from '#core/time.ts'
import { newsFor } from './news.ts'
import type { PagesPorts } from './ports.ts'

const HOUR_MS = 3_600_000

export async function homePage(ports: PagesPorts, language: Language): Promise<HomePage> {
  const at = ports.at()
  const [news, statistics, { entries }] = await Promise.all([
    newsFor(ports, language, { page: 1 }),
    ports.statistics(),
    ports.guide(plusMs(at, -4 * HOUR_MS), plusMs(at, 10 * HOUR_MS)),
  ])
  return { name: 'home', today: [...entries], news: news.articles.slice(0, 9), statistics }
}
