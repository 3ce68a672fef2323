import etag from '@fastify/etag'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { Article, ArticleList } from '#contract/news.ts'
import { rss, type FeedItem } from '#core/feedsRss.ts'
import { robots, sitemap, type SitemapEntry } from '#core/feedsSitemap.ts'
import { StationError } from '../errors.ts'
import type { News } from './news.ts'
import type { Pictures } from './pictures.ts'
import { withAbsoluteLinks } from './sanitise.ts'
import type { StoredArticle } from './store.ts'

export type NewsNeeds = {
  readonly news: News
  readonly pictures: Pictures
  station(): { readonly name: string; readonly strapline: string; readonly language: string }
  /** Public pages besides the news, for searchers: paths such as `/tv/muong-suong-1`. */
  pages(): readonly string[]
  /** Where this request reached the station, `https://…` without a slash at the end. */
  baseUrl(request: { readonly protocol: string; readonly host: string }): string
  /** A category's words; its id where it has none. */
  categoryName(category: string): string
}

const FEED_ITEMS = 30
const SITEMAP_ARTICLES = 5000
const Id = Type.String({ pattern: '^[a-z0-9-]{1,128}$' })

/** `/api/news`, `/news/feed.xml`, pictures, sitemap and robots. */
export async function newsPlugin(instance: FastifyInstance, needs: NewsNeeds): Promise<void> {
  const { news, pictures } = needs
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  await app.register(etag, { weak: true })

  app.get(
    '/api/news',
    {
      schema: {
        tags: ['news'],
        querystring: Type.Object({
          page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
          category: Type.Optional(Id),
          programme: Type.Optional(Id),
          language: Type.Optional(Type.String({ pattern: '^[A-Za-z-]{2,20}$' })),
          q: Type.Optional(Type.String({ maxLength: 200 })),
        }),
        response: { 200: ArticleList },
      },
    },
    async ({ query: { q, ...query } }, reply) => {
      fresh(reply, 30)
      return news.articles({ ...query, ...(q !== undefined && { search: q }) })
    },
  )

  app.get(
    '/api/news/:slug',
    { schema: { tags: ['news'], params: Type.Object({ slug: Id }), response: { 200: Article } } },
    async ({ params }, reply) => {
      const article = await news.article(params.slug)
      if (!article) throw new StationError('NOT_FOUND', `There is no article "${params.slug}".`)
      fresh(reply, 60)
      return article
    },
  )

  app.get('/news/feed.xml', { schema: { tags: ['news'] } }, async (request, reply) => {
    const baseUrl = needs.baseUrl(request)
    const { name, strapline, language } = needs.station()
    fresh(reply, 300).type('application/rss+xml; charset=utf-8')
    return rss({
      title: name,
      description: strapline,
      language,
      link: `${baseUrl}/news`,
      self: `${baseUrl}/news/feed.xml`,
      items: (await news.latest(FEED_ITEMS)).map((article) => itemOf(article, baseUrl)),
    })
  })

  app.get('/sitemap.xml', { schema: { tags: ['news'] } }, async (request, reply) => {
    const articles = await news.latest(SITEMAP_ARTICLES)
    fresh(reply, 3600).type('application/xml; charset=utf-8')
    const entries: SitemapEntry[] = [
      ...needs.pages().map((path) => ({ path })),
      ...articles.map(({ slug, updatedAt }) => ({ path: `/news/${slug}`, changedAt: updatedAt })),
    ]
    return sitemap(needs.baseUrl(request), entries)
  })

  app.get('/robots.txt', { schema: { tags: ['news'] } }, async (request, reply) => {
    fresh(reply, 3600).type('text/plain; charset=utf-8')
    return robots(needs.baseUrl(request))
  })

  app.get(
    '/news/pictures/:name',
    { schema: { tags: ['news'], params: Type.Object({ name: Type.String({ maxLength: 64 }) }) } },
    async ({ params }, reply) => {
      const picture = await pictures.read(params.name)
      if (!picture) throw new StationError('NOT_FOUND', 'There is no such picture.')
      // The name is made from the bytes.
      reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', 'access-control-allow-origin': '*' })
      return reply.type(picture.type).send(picture.bytes)
    },
  )

  const itemOf = (article: StoredArticle, baseUrl: string): FeedItem => ({
    link: `${baseUrl}/news/${article.slug}`,
    title: article.title,
    description: article.lead,
    content: withAbsoluteLinks(article.body, baseUrl),
    publishedAt: article.publishedAt,
    category: needs.categoryName(article.category),
    authors: article.authors,
    // Readers of feeds know JPEG for certain.
    picture: article.photo ? `${baseUrl}${article.photo.src.replace(/\.webp$/, '.jpg')}` : undefined,
  })
}

const fresh = (reply: FastifyReply, seconds: number): FastifyReply =>
  reply.headers({ 'cache-control': `public, max-age=${seconds}`, 'access-control-allow-origin': '*' })
