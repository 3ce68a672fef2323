import type { Language } from '#contract/pages.ts'

/** A page's address without its language prefix. */
export type PagePath = {
  readonly language: Language
  /** `/guide`, never with a slash at the end (but `/`). */
  readonly path: string
  readonly segments: readonly string[]
  readonly query: URLSearchParams
}

export function pagePathOf(url: string): PagePath | null {
  const parsed = URL.parse(url, 'http://station.invalid')
  if (parsed?.host !== 'station.invalid') return null
  const segments = parsed.pathname.split('/').filter(Boolean).map(decoded)
  const language = segments[0] === 'en' ? 'en' : 'vi'
  const rest = language === 'en' ? segments.slice(1) : segments
  return { language, segments: rest, path: '/' + rest.map(encodeURIComponent).join('/'), query: parsed.searchParams }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment).normalize('NFC')
  } catch {
    return segment
  }
}
