import { sql } from 'kysely'
import type { Instant } from '#core/time.ts'
import { fromJson, type Database } from './database.ts'
import type { ArticleRow } from './tables.ts'

/** Structurally what `server/news/store.ts` asks for; the news own its meaning. */
export type ArticleRecord = {
  readonly slug: string
  readonly title: string
  readonly lead: string
  readonly category: string
  readonly language: string
  readonly authors: readonly string[]
  readonly publishedAt: Instant
  readonly updatedAt: Instant
  readonly photo: PhotoRecord | null
  readonly readingMinutes: number
  readonly programme: string | null
  readonly source: string | null
  readonly body: string
  readonly searchText: string
}
type PhotoRecord = { src: string; alt: string; caption: string; credit: string }

export type ArticleFilter = {
  /** Articles published later are hidden. */
  readonly at: Instant
  readonly offset: number
  readonly limit: number
  readonly category?: string
  readonly programme?: string
  readonly language?: string
  /** Each must stand somewhere in `searchText`, as plain text. */
  readonly words?: readonly string[]
}

export type Articles = {
  put(article: ArticleRecord): Promise<void>
  bySlug(slug: string, at: Instant): Promise<ArticleRecord | undefined>
  /** Newest first; articles of one instant by slug. */
  list(filter: ArticleFilter): Promise<readonly ArticleRecord[]>
  count(): Promise<number>
  remove(slug: string): Promise<void>
}

export function createArticles({ db }: Database): Articles {
  return {
    async put(article) {
      const row = toRow(article)
      await db
        .insertInto('articles')
        .values(row)
        .onConflict((conflict) => conflict.column('slug').doUpdateSet(row))
        .execute()
    },
    async bySlug(slug, at) {
      const row = await db
        .selectFrom('articles')
        .selectAll()
        .where('slug', '=', slug)
        .where('published_at', '<=', at)
        .executeTakeFirst()
      return row ? fromRow(row) : undefined
    },
    async list(filter) {
      let query = db.selectFrom('articles').selectAll().where('published_at', '<=', filter.at)
      if (filter.category !== undefined) query = query.where('category', '=', filter.category)
      if (filter.programme !== undefined) query = query.where('programme', '=', filter.programme)
      if (filter.language !== undefined) query = query.where('language', '=', filter.language)
      for (const word of filter.words ?? []) query = query.where(sql<boolean>`search_text like ${patternOf(word)} escape '!'`)
      const rows = await query.orderBy('published_at', 'desc').orderBy('slug').limit(filter.limit).offset(filter.offset).execute()
      return rows.map(fromRow)
    },
    async count() {
      const row = await db
        .selectFrom('articles')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirst()
      return row?.count ?? 0
    },
    async remove(slug) {
      await db.deleteFrom('articles').where('slug', '=', slug).execute()
    },
  }
}

/** `%` and `_` typed by a visitor mean themselves. */
const patternOf = (word: string): string => `%${word.replace(/[!%_]/g, '!$&')}%`

const toRow = (article: ArticleRecord): ArticleRow => ({
  slug: article.slug,
  title: article.title,
  lead: article.lead,
  category: article.category,
  language: article.language,
  authors: JSON.stringify(article.authors),
  published_at: article.publishedAt,
  updated_at: article.updatedAt,
  photo: article.photo ? JSON.stringify(article.photo) : null,
  reading_minutes: article.readingMinutes,
  programme: article.programme,
  source: article.source,
  body: article.body,
  search_text: article.searchText,
})

const fromRow = (row: ArticleRow): ArticleRecord => ({
  slug: row.slug,
  title: row.title,
  lead: row.lead,
  category: row.category,
  language: row.language,
  authors: fromJson<string[]>(row.authors),
  publishedAt: row.published_at as Instant,
  updatedAt: row.updated_at as Instant,
  photo: row.photo === null ? null : fromJson<PhotoRecord>(row.photo),
  readingMinutes: row.reading_minutes,
  programme: row.programme,
  source: row.source,
  body: row.body,
  searchText: row.search_text,
})
