import type { Instant } from '#core/time.ts'
import type { Photo } from '#contract/news.ts'

/** An article as it is kept: sanitised and folded once, when it is saved. */
export type StoredArticle = {
  /** Unique; folded from the title when the writer gave none. */
  readonly slug: string
  readonly title: string
  readonly lead: string
  readonly category: string
  readonly language: string
  readonly authors: readonly string[]
  /** May lie in the future: then it is hidden until due. */
  readonly publishedAt: Instant
  readonly updatedAt: Instant
  readonly photo: Photo | null
  readonly readingMinutes: number
  readonly programme: string | null
  readonly source: string | null
  /** Sanitised HTML. */
  readonly body: string
  /** Title, lead and text of the body without marks and in lower case (`folded`), words separated by single spaces. */
  readonly searchText: string
}

/** Only articles with `publishedAt <= at` are seen through it. */
export type ArticleQuery = {
  readonly at: Instant
  readonly offset: number
  readonly limit: number
  readonly category?: string
  readonly programme?: string
  readonly language?: string
  /** Folded words; each must occur somewhere in `searchText` (as plain text: `%` and `_` mean themselves). */
  readonly words?: readonly string[]
}

/** What the news needs of the database. */
export type NewsStore = {
  /** Adds the article, or replaces the one of the same slug. */
  put(article: StoredArticle): Promise<void>
  bySlug(slug: string, at: Instant): Promise<StoredArticle | undefined>
  /** Newest first; articles of one instant by slug. */
  list(query: ArticleQuery): Promise<readonly StoredArticle[]>
  /** All articles, those not yet due included. */
  count(): Promise<number>
}
