import type { NewsStore, StoredArticle } from '../../server/news/store.ts'

/** A small store that works: what the database's does, in memory. */
export function createMemoryNews(): NewsStore & { readonly all: ReadonlyMap<string, StoredArticle> } {
  const all = new Map<string, StoredArticle>()
  return {
    all,
    put: async (article) => {
      all.set(article.slug, article)
    },
    bySlug: async (slug, at) => {
      const article = all.get(slug)
      return article && article.publishedAt <= at ? article : undefined
    },
    list: async ({ at, offset, limit, category, programme, language, words = [] }) =>
      [...all.values()]
        .filter(
          (one) =>
            one.publishedAt <= at &&
            (category === undefined || one.category === category) &&
            (programme === undefined || one.programme === programme) &&
            (language === undefined || one.language === language) &&
            words.every((word) => one.searchText.includes(word)),
        )
        .toSorted((a, b) => b.publishedAt - a.publishedAt || a.slug.localeCompare(b.slug))
        .slice(offset, offset + limit),
    count: async () => all.size,
  }
}
