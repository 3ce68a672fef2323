/** `path?key=value…`; what is null is left out. */
export function addressWith(path: string, query: Readonly<Record<string, string | null>>): string {
  const kept = Object.entries(query).flatMap(([key, value]) => (value === null ? [] : [`${key}=${encodeURIComponent(value)}`]))
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`
}

export const urlOf = (href: string): URL => new URL(href, location.href)
