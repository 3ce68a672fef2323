import { Type, type Static } from 'typebox'

export const Photo = Type.Object({ src: Type.String(), alt: Type.String(), caption: Type.String(), credit: Type.String() })
export type Photo = Static<typeof Photo>

export const ArticleSummary = Type.Object({
  slug: Type.String(),
  title: Type.String(),
  lead: Type.String(),
  category: Type.String(),
  language: Type.String(),
  authors: Type.Array(Type.String()),
  publishedAt: Type.Integer(),
  photo: Type.Union([Photo, Type.Null()]),
  readingMinutes: Type.Integer(),
  /** The programme it belongs to, for the page beside the player. */
  programme: Type.Union([Type.String(), Type.Null()]),
})
export type ArticleSummary = Static<typeof ArticleSummary>

export const Article = Type.Object({
  ...ArticleSummary.properties,
  /** Sanitised HTML. */
  body: Type.String(),
  source: Type.Union([Type.String(), Type.Null()]),
  related: Type.Array(ArticleSummary),
})
export type Article = Static<typeof Article>

export const ArticleList = Type.Object({
  articles: Type.Array(ArticleSummary),
  nextPage: Type.Union([Type.Integer(), Type.Null()]),
})
export type ArticleList = Static<typeof ArticleList>
