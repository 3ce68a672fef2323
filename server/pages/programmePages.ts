import type { GuideEntry } from '#contract/channels.ts'
import type { Language, ProgrammePage, ProgrammesPage, ProgrammeSummary } from '#contract/pages.ts'
import type { Programme } from '#core/schedule.ts'
import { plusMs } from '#core/time.ts'
import { newsFor } from './news.ts'
import type { PagesPorts } from './ports.ts'

const DAY_MS = 86_400_000
const LISTED_AIRINGS = 16

export async function programmesPage(ports: PagesPorts, query: URLSearchParams): Promise<ProgrammesPage> {
  const all = await summaries(ports, ports.programmes())
  const category = query.get('category')
  return {
    name: 'programmes',
    programmes: category === null ? all : all.filter((programme) => programme.category === category),
    category,
    categories: [...new Set(all.map((programme) => programme.category))],
  }
}

export async function programmePage(ports: PagesPorts, language: Language, id: string): Promise<ProgrammePage | null> {
  const programme = ports.programme(id)
  if (!programme) return null
  const airings = (await airingsAhead(ports)).filter((entry) => entry.programme === id)
  const { articles } = await newsFor(ports, language, { programme: id })
  return {
    name: 'programme',
    programme: { ...programme, next: airings[0] ?? null },
    airings: airings.slice(0, LISTED_AIRINGS),
    news: articles.slice(0, 6),
  }
}

/** Each programme with its next airing; the soonest first. */
export async function summaries(ports: PagesPorts, programmes: readonly Programme[]): Promise<ProgrammeSummary[]> {
  const next = new Map<string, GuideEntry>()
  for (const entry of await airingsAhead(ports)) {
    if (entry.programme !== null && !next.has(entry.programme)) next.set(entry.programme, entry)
  }
  return programmes
    .map((programme) => ({ ...programme, next: next.get(programme.id) ?? null }))
    .sort((a, b) => (a.next?.from ?? Infinity) - (b.next?.from ?? Infinity) || a.title.localeCompare(b.title, 'vi'))
}

async function airingsAhead(ports: PagesPorts): Promise<readonly GuideEntry[]> {
  const at = ports.at()
  const { entries } = await ports.guide(at, plusMs(at, 7 * DAY_MS))
  return [...entries].sort((a, b) => a.from - b.from)
}
