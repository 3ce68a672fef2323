import { Type, type Static } from 'typebox'
import { Channel, GuideEntry } from './channels.ts'
import { Article, ArticleSummary } from './news.ts'
import { Station, VisitStatistics } from './station.ts'

/**
 * What a page of the public site is made of: put into the HTML for the first paint, and the body of `/api/pages` when one goes on to
 * the next page.
 */
export const Language = Type.Union([Type.Literal('vi'), Type.Literal('en')])
export type Language = Static<typeof Language>

export const ProgrammeSummary = Type.Object({
  id: Type.String(),
  title: Type.String(),
  description: Type.String(),
  language: Type.String(),
  category: Type.String(),
  /** The airing that is on now or comes next; null when none is planned. */
  next: Type.Union([GuideEntry, Type.Null()]),
})
export type ProgrammeSummary = Static<typeof ProgrammeSummary>

const Text = Type.Union([Type.String(), Type.Null()])

export const HomePage = Type.Object({
  name: Type.Literal('home'),
  /** Of all channels, a few hours back and until tomorrow. */
  today: Type.Array(GuideEntry),
  news: Type.Array(ArticleSummary),
  statistics: VisitStatistics,
})
export type HomePage = Static<typeof HomePage>

export const ChannelPage = Type.Object({
  name: Type.Literal('channel'),
  channel: Type.String(),
  today: Type.Array(GuideEntry),
  news: Type.Array(ArticleSummary),
  /** The news belongs to the programme on air; else it is the latest. */
  isNewsOfProgramme: Type.Boolean(),
  /** The latest, where the programme has little news of its own. */
  latest: Type.Array(ArticleSummary),
})
export type ChannelPage = Static<typeof ChannelPage>

export const GuidePage = Type.Object({
  name: Type.Literal('guide'),
  /** Local days, `YYYY-MM-DD`. */
  day: Type.String(),
  today: Type.String(),
  days: Type.Array(Type.String()),
  view: Type.Union([Type.Literal('grid'), Type.Literal('list')]),
  /** The day's first and last instant (half-open). */
  from: Type.Integer(),
  to: Type.Integer(),
  entries: Type.Array(GuideEntry),
})
export type GuidePage = Static<typeof GuidePage>

export const ProgrammesPage = Type.Object({
  name: Type.Literal('programmes'),
  programmes: Type.Array(ProgrammeSummary),
  category: Text,
  categories: Type.Array(Type.String()),
})
export type ProgrammesPage = Static<typeof ProgrammesPage>

export const ProgrammePage = Type.Object({
  name: Type.Literal('programme'),
  programme: ProgrammeSummary,
  airings: Type.Array(GuideEntry),
  news: Type.Array(ArticleSummary),
})
export type ProgrammePage = Static<typeof ProgrammePage>

export const NewsPage = Type.Object({
  name: Type.Literal('news'),
  articles: Type.Array(ArticleSummary),
  page: Type.Integer(),
  nextPage: Type.Union([Type.Integer(), Type.Null()]),
  category: Text,
  categories: Type.Array(Type.String()),
})
export type NewsPage = Static<typeof NewsPage>

export const ArticlePage = Type.Object({ name: Type.Literal('article'), article: Article, latest: Type.Array(ArticleSummary) })
export type ArticlePage = Static<typeof ArticlePage>

export const SearchPage = Type.Object({
  name: Type.Literal('search'),
  search: Type.String(),
  programmes: Type.Array(ProgrammeSummary),
  articles: Type.Array(ArticleSummary),
})
export type SearchPage = Static<typeof SearchPage>

export const StatisticsPage = Type.Object({ name: Type.Literal('stats'), statistics: VisitStatistics })
export type StatisticsPage = Static<typeof StatisticsPage>

export const EmbedPage = Type.Object({ name: Type.Literal('embed'), channel: Type.String() })
export type EmbedPage = Static<typeof EmbedPage>

export const AbsentPage = Type.Object({
  name: Type.Literal('absent'),
  missing: Type.Union([Type.Literal('page'), Type.Literal('channel'), Type.Literal('programme'), Type.Literal('article')]),
})
export type AbsentPage = Static<typeof AbsentPage>

/** Something broke while the page was made; the air does not depend on it. */
export const FaultPage = Type.Object({ name: Type.Literal('fault') })
export type FaultPage = Static<typeof FaultPage>

export const Page = Type.Union([
  HomePage,
  ChannelPage,
  GuidePage,
  ProgrammesPage,
  ProgrammePage,
  NewsPage,
  ArticlePage,
  SearchPage,
  StatisticsPage,
  EmbedPage,
  AbsentPage,
  FaultPage,
])
export type Page = Static<typeof Page>

export const PageView = Type.Object({
  at: Type.Integer(),
  zone: Type.String(),
  language: Language,
  /** Path and query without the language prefix. */
  path: Type.String(),
  /** `https://…` without a slash at the end: canonical and Open Graph addresses. */
  origin: Type.String(),
  status: Type.Integer(),
  station: Station,
  channels: Type.Array(Channel),
  page: Page,
})
export type PageView = Static<typeof PageView>
