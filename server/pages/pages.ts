import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type {} from '@fastify/swagger'
import fp from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { PageView } from '#contract/pages.ts'
import { Refusal } from '#contract/problem.ts'
import { loadAssets, type Asset } from './assets.ts'
import { createDocumentMaker } from './document.ts'
import { absent, dressed, viewOf } from './pageOf.ts'
import { manifestOf } from './manifest.ts'
import { pagePathOf, type PagePath } from './path.ts'
import { EMBED_POLICY, PAGE_POLICY } from './policy.ts'
import type { PagesPorts } from './ports.ts'

const AREAS = ['/', '/tv/:name', '/radio/:name', '/embed/:name', '/guide', '/programmes', '/programmes/:name']
const MORE = ['/news', '/news/:name', '/search', '/stats']
const ROUTES = [...AREAS, ...MORE].flatMap((path) => [path, path === '/' ? '/en' : `/en${path}`])
const HTML = 'text/html; charset=utf-8'
/** A rush at the top of the hour renders each page once a second, not once a visitor. */
const SAME_PAGE_MS = 1_000
const MACHINE_PATHS = /^\/(?:api|hls|listen|ws|assets|healthz|readyz|metrics)(?:\/|$)/

/** The public site: rendered here for the first paint, then fed by `/api/pages`. */
export const pagesPlugin = fp(registerPages, { name: 'pages', fastify: '5.x' })

async function registerPages(app: FastifyInstance, ports: PagesPorts): Promise<void> {
  const document = await createDocumentMaker(ports.clientDir, ports.renderer)
  const rendered = new LRUCache<string, Promise<{ readonly status: number; readonly html: string }>>({
    max: 200,
    ttl: SAME_PAGE_MS,
  })

  const originOf = (request: FastifyRequest) => ports.publicUrl ?? `${request.protocol}://${request.host}`
  const addressOf = (url: string): PagePath =>
    pagePathOf(url) ?? { language: 'vi', path: '/', segments: [], query: new URLSearchParams() }

  const htmlOf = (request: FastifyRequest) => {
    const key = `${originOf(request)} ${request.url}`
    const known = rendered.get(key)
    if (known) return known
    const made = viewOf(ports, addressOf(request.url), originOf(request)).then((view) => ({
      status: view.status,
      html: document(view),
    }))
    rendered.set(key, made)
    made.catch(() => rendered.delete(key))
    return made
  }

  const sendHtml = (request: FastifyRequest, reply: FastifyReply, page: { status: number; html: string }) =>
    reply
      .code(page.status)
      .header('content-security-policy', isEmbed(request.url) ? EMBED_POLICY : PAGE_POLICY)
      .header('cache-control', 'no-cache')
      .type(HTML)
      .send(page.html)

  const sendAbsent = (request: FastifyRequest, reply: FastifyReply) => {
    const view = dressed(ports, addressOf(request.url), originOf(request), absent('page'))
    return sendHtml(request, reply, { status: 404, html: document(view) })
  }

  await app.register(async (pages) => {
    for (const path of ROUTES) {
      pages.get(path, { schema: { hide: true }, exposeHeadRoute: true }, async (request, reply) => {
        const page = await htmlOf(request)
        if (page.status === 200 && request.method === 'GET' && !isPrefetch(request)) ports.onVisit(request)
        return sendHtml(request, reply, page)
      })
    }
    pages.setErrorHandler((error, request, reply) => {
      request.log.error(error, 'a page could not be made')
      const view = dressed(ports, addressOf(request.url), originOf(request), { name: 'fault' })
      return sendHtml(request, reply, { status: 500, html: document(view) })
    })
  })

  app.get('/api/pages', { schema: pagesSchema }, async (request, reply) => {
    const { path } = request.query as { path: string }
    const address = pagePathOf(path)
    if (!address)
      return reply.code(400).send({ error: 'BAD_REQUEST', message: `path must be an address of this site, but is ${path}` })
    const view = await viewOf(ports, address, originOf(request))
    if (view.status === 200 && !isPrefetch(request)) ports.onVisit(request)
    // A buffer leaves as it is: the view needs no second walk through a serialiser.
    return reply
      .code(view.status === 404 ? 404 : 200)
      .header('cache-control', 'no-cache')
      .type('application/json; charset=utf-8')
      .send(Buffer.from(JSON.stringify(view)))
  })

  for (const [address, asset] of await loadAssets(ports.clientDir)) {
    app.get(address, { schema: { hide: true }, exposeHeadRoute: true }, (request, reply) => sendAsset(asset, request, reply))
  }

  // Browsers ask for it where a page names no icon, as the reader of the API does.
  app.get('/favicon.ico', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/favicon.svg', 301))

  app.get('/site.webmanifest', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=3600')
      .type('application/manifest+json; charset=utf-8')
      .send(manifestOf(ports.station())),
  )

  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' || request.method === 'HEAD'
    if (wantsPage && !MACHINE_PATHS.test(request.url) && request.headers.accept?.includes('text/html'))
      return sendAbsent(request, reply)
    return reply
      .code(404)
      .send({ error: 'NOT_FOUND', message: `There is nothing at ${request.method} ${request.url.slice(0, 200)}` })
  })
}

const pagesSchema = {
  summary: 'What a page of the public site is made of',
  description: 'For moves inside the site without a reload; `path` is the page’s own address, e.g. `/en/guide?day=2027-03-12`.',
  querystring: Type.Object({ path: Type.String({ minLength: 1, maxLength: 2_000, pattern: '^/' }) }),
  response: { 200: PageView, 404: PageView, 400: Refusal },
}

const isEmbed = (url: string) => /^(?:\/en)?\/embed\//.test(url)

/** Browsers and our own router say so when nobody looks yet. */
const isPrefetch = ({ headers }: FastifyRequest) =>
  headers['purpose'] !== undefined || String(headers['sec-purpose'] ?? '').includes('prefetch')

function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ 'cache-control': asset.cacheControl, etag: asset.etag, vary: 'accept-encoding' })
  if (request.headers['if-none-match']?.includes(asset.etag)) return reply.code(304).send()
  const accepted = String(request.headers['accept-encoding'] ?? '')
  reply.type(asset.type)
  if (asset.br && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(asset.br)
  if (asset.gzip && /\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(asset.gzip)
  return reply.send(asset.plain)
}
