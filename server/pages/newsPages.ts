import type { ArticlePage, Language, NewsPage } from '#contract/pages.ts'
import { newsFor } from './news.ts'
import type { PagesPorts } from './ports.ts'

const MAX_PAGE = 10_000

export async function newsPage(ports: PagesPorts, language: Language, query: URLSearchParams): Promise<NewsPage> {
  const page = pageNumber(query.get('page'))
  const category = query.get('category')
  const [list, latest] = await Promise.all([
    newsFor(ports, language, category === null ? { page } : { page, category }),
    newsFor(ports, language, { page: 1 }),
  ])
  const categories = new Set(latest.articles.map((article) => article.category))
  if (category !== null) categories.add(category)
  return {
    name: 'news',
    articles: list.articles,
    page,
    nextPage: list.nextPage,
    category,
    categories: [...categories],
  }
}

export async function articlePage(ports: PagesPorts, language: Language, slug: string): Promise<ArticlePage | null> {
  const article = await ports.article(slug)
  if (!article) return null
  const { articles } = await newsFor(ports, language, { page: 1 })
  return { name: 'article', article, latest: articles.filter((other) => other.slug !== slug).slice(0, 6) }
}

function pageNumber(text: string | null): number {
  const page = Number(text ?? 1)
  return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1
}
