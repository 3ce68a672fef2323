import type { FastifyRequest } from 'fastify'
import type { ChannelList, Guide } from '#contract/channels.ts'
import type { Article, ArticleList } from '#contract/news.ts'
import type { PageView } from '#contract/pages.ts'
import type { Station, VisitStatistics } from '#contract/station.ts'
import type { Programme } from '#core/schedule.ts'
import type { Instant } from '#core/time.ts'

export type ArticleQuery = {
  /** Counted from 1. */
  readonly page?: number
  readonly category?: string
  readonly programme?: string
  /** As typed; matched without accents. */
  readonly search?: string
  /** BCP 47; absent: all. */
  readonly language?: string
}

/** What the pages need from the rest of the station; `main.ts` hands it over. */
export type PagesPorts = {
  at(): Instant
  /** IANA name: days of the guide are days there. */
  readonly zone: string
  station(): Station
  channels(): ChannelList
  /** Entries that overlap `from` <= t < `to`. */
  guide(from: Instant, to: Instant): Promise<Guide>
  articles(query: ArticleQuery): Promise<ArticleList>
  article(slug: string): Promise<Article | null>
  programmes(): readonly Programme[]
  programme(id: string): Programme | null
  statistics(): VisitStatistics | Promise<VisitStatistics>
  /** A person asked for a page: whole page loads and moves inside the site, no prefetches. */
  onVisit(request: FastifyRequest): void
  /** Where visitors reach the station, `https://…`; null: as each request says. */
  readonly publicUrl: string | null
  /** The folder that `vite build` wrote for browsers. */
  readonly clientDir: string
  readonly renderer: PageRenderer
}

/** The server half of the web app (`web/src/entry-server.ts`). */
export type PageRenderer = {
  render(view: PageView): { readonly head: string; readonly body: string }
}
