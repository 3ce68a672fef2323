import type { ArticleList } from '#contract/news.ts'
import type { Language } from '#contract/pages.ts'
import type { ArticleQuery, PagesPorts } from './ports.ts'

/**
 * News for readers of one language. In the station's own, only that. In another, the few articles written in it come first, then the
 * station's: half a page of news that one can read with effort is better than an empty one.
 */
export async function newsFor(ports: PagesPorts, language: Language, query: ArticleQuery): Promise<ArticleList> {
  const own = ports.station().language
  if (language === own) return ports.articles({ ...query, language: own })
  const isFirst = (query.page ?? 1) === 1
  const [translated, original] = await Promise.all([
    isFirst ? ports.articles({ ...query, page: 1, language }) : { articles: [] },
    ports.articles({ ...query, language: own }),
  ])
  return { articles: [...translated.articles, ...original.articles], nextPage: original.nextPage }
}
