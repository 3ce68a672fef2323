import type { GuidePage } from '#contract/pages.ts'
import { createDays, isDay } from './days.ts'
import type { PagesPorts } from './ports.ts'

/** Three days back, today, and as many ahead as schedules usually reach. */
const DAYS_BACK = 3
const DAYS_AHEAD = 6

export async function guidePage(ports: PagesPorts, query: URLSearchParams): Promise<GuidePage> {
  const days = createDays(ports.zone)
  const today = days.dayOf(ports.at())
  const asked = query.get('day') ?? ''
  const day = isDay(asked) ? asked : today
  const from = days.startOf(day)
  const to = days.startOf(days.plus(day, 1))
  const { entries } = await ports.guide(from, to)
  return {
    name: 'guide',
    day,
    today,
    days: Array.from({ length: DAYS_BACK + 1 + DAYS_AHEAD }, (_, i) => days.plus(today, i - DAYS_BACK)),
    view: query.get('view') === 'list' ? 'list' : 'grid',
    from,
    to,
    entries: [...entries].sort((a, b) => a.from - b.from),
  }
}
