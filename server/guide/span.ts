import { instant, plusMs, type Instant, type Span } from '#core/time.ts'
import { StationError } from '../errors.ts'

export const DAY_MS = 86_400_000
const LONGEST_MS = 15 * DAY_MS

/**
 * The span that a visitor asks for: `from` and `to` are epoch milliseconds or ISO 8601 with an offset. Without them: the next 24 hours.
 * It is bounded, and so is how far ahead it reaches: planning a year for a stranger would be work without end.
 */
export function spanOf(query: { readonly from?: string; readonly to?: string }, at: Instant): Span {
  const from = query.from === undefined ? at : instantOf('from', query.from)
  const to = query.to === undefined ? plusMs(from, DAY_MS) : instantOf('to', query.to)
  if (to <= from) throw refused('to', `must be after from (${told(from)}), found ${told(to)}`)
  if (to - from > LONGEST_MS)
    throw refused('to', `must be at most 15 days after from, found ${Math.ceil((to - from) / DAY_MS)} days`)
  if (to > at + LONGEST_MS + DAY_MS) throw refused('to', `must be at most 16 days ahead of now, found ${told(to)}`)
  return { from, to }
}

function instantOf(field: string, text: string): Instant {
  const at = /^\d{1,15}$/.test(text)
    ? Number(text)
    : /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
      ? Date.parse(text)
      : Number.NaN
  // The last instant that a Date can hold.
  if (!(at <= 8.64e15))
    throw refused(field, `must be epoch milliseconds or ISO 8601 with an offset, found "${text.slice(0, 60)}"`)
  return instant(at)
}

const refused = (field: string, words: string) => new StationError('BAD_REQUEST', `${field} ${words}.`)
const told = (at: Instant) => new Date(at).toISOString()
