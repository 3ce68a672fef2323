import type { SearchPage } from '#contract/pages.ts'
import { folded } from '#core/fold.ts'
import type { PagesPorts } from './ports.ts'
import { summaries } from './programmePages.ts'

const MAX_LENGTH = 100
const SHOWN = 24

export async function searchPage(ports: PagesPorts, query: URLSearchParams): Promise<SearchPage> {
  const search = (query.get('q') ?? '').normalize('NFC').trim().slice(0, MAX_LENGTH)
  const wanted = folded(search).split(' ').filter(Boolean)
  if (wanted.length === 0) return { name: 'search', search, programmes: [], articles: [] }
  const found = ports.programmes().filter((programme) => {
    const text = folded(`${programme.title} ${programme.description}`)
    return wanted.every((word) => text.includes(word))
  })
  const { articles } = await ports.articles({ search })
  return {
    name: 'search',
    search,
    programmes: (await summaries(ports, found)).slice(0, SHOWN),
    articles: articles.slice(0, SHOWN),
  }
}
