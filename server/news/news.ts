import type { Article, ArticleList, ArticleSummary } from '#contract/news.ts'
import type { Instant } from '#core/time.ts'
import { folded } from '#core/fold.ts'
import type { NewsStore, StoredArticle } from './store.ts'

export type NewsQuery = {
  /** Counted from 1. */
  readonly page?: number
  readonly category?: string
  readonly programme?: string
  readonly language?: string
  /** As typed; matched without accents, every word somewhere in the article. */
  readonly search?: string
}
export type News = {
  articles(query: NewsQuery): Promise<ArticleList>
  article(slug: string): Promise<Article | null>
  /** The newest ones with their bodies, for feeds. */
  latest(limit: number): Promise<readonly StoredArticle[]>
}

const PAGE_SIZE = 12
const RELATED = 4
/** More words than anybody searches for; each is a scan of its own. */
const MAX_WORDS = 8

/** What may be read at this instant: articles that are due, newest first. */
export function createNews({ store, at }: { readonly store: NewsStore; at(): Instant }): News {
  return {
    async articles({ page = 1, category, programme, language, search }) {
      const words = folded(search ?? '')
        .split(' ')
        .filter((word) => word !== '')
        .slice(0, MAX_WORDS)
      // One more than a page, to know whether there is another.
      const found = await store.list({
        at: at(),
        offset: (page - 1) * PAGE_SIZE,
        limit: PAGE_SIZE + 1,
        ...(category !== undefined && { category }),
        ...(programme !== undefined && { programme }),
        ...(language !== undefined && { language }),
        ...(words.length > 0 && { words }),
      })
      return { articles: found.slice(0, PAGE_SIZE).map(summaryOf), nextPage: found.length > PAGE_SIZE ? page + 1 : null }
    },

    async article(slug) {
      const article = await store.bySlug(slug, at())
      if (!article) return null
      return { ...summaryOf(article), body: article.body, source: article.source, related: await relatedTo(article) }
    },

    latest: (limit) => store.list({ at: at(), offset: 0, limit }),
  }

  /** Of the same programme first, then of the same category. */
  async function relatedTo({ slug, programme, category }: StoredArticle): Promise<ArticleSummary[]> {
    const near = { at: at(), offset: 0, limit: RELATED + 1 }
    const found = [
      ...(programme === null ? [] : await store.list({ ...near, programme })),
      ...(await store.list({ ...near, category })),
    ]
    const bySlug = new Map(found.filter((article) => article.slug !== slug).map((article) => [article.slug, article]))
    return [...bySlug.values()].slice(0, RELATED).map(summaryOf)
  }
}

function summaryOf(article: StoredArticle): ArticleSummary {
  const { slug, title, lead, category, language, authors, publishedAt, photo, readingMinutes, programme } = article
  return { slug, title, lead, category, language, authors: [...authors], publishedAt, photo, readingMinutes, programme }
}
