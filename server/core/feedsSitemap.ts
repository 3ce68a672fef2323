import { xmlDocument } from './feedsXml.ts'

export type SitemapEntry = { readonly path: string; readonly changedAt?: number }

/** The protocol's limit for one file. */
const MAX_ENTRIES = 50_000

export const sitemap = (baseUrl: string, entries: readonly SitemapEntry[]): string =>
  xmlDocument({
    urlset: {
      '@xmlns': 'http://www.sitemaps.org/schemas/sitemap/0.9',
      url: entries.slice(0, MAX_ENTRIES).map(({ path, changedAt }) => ({
        loc: `${baseUrl}${path}`,
        lastmod: changedAt === undefined ? undefined : new Date(changedAt).toISOString(),
      })),
    },
  })

/** Searchers may read everything public; the desk and the API are no pages. */
export const robots = (baseUrl: string): string =>
  [
    'User-agent: *',
    'Disallow: /desk',
    'Disallow: /api/',
    'Disallow: /embed/',
    'Allow: /',
    '',
    `Sitemap: ${baseUrl}/sitemap.xml`,
    '',
  ].join('\n')
