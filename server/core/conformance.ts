import { CHANGE_RULES } from './conformanceChangeRules.ts'
import { DELIVERY_RULES } from './conformanceDeliveryRules.ts'
import { presentationOf, type Observation } from './conformanceHistory.ts'
import { MEDIA_RULES } from './conformanceMediaRules.ts'
import { PLAYLIST_RULES } from './conformancePlaylistRules.ts'
import { RATE_RULES } from './conformanceRateRules.ts'
import type { Rule, Severity } from './conformanceRule.ts'
import { TEXT_RULES } from './conformanceTextRules.ts'
import { VARIANT_RULES } from './conformanceVariantRules.ts'
import type { Instant } from './time.ts'

export type ConformanceFinding = {
  /** The rule's name, e.g. `sequence-fell`. */
  readonly code: string
  readonly clause: string
  readonly severity: Severity
  readonly url: string
  /** The first time it was seen. */
  readonly at: Instant
  readonly message: string
  /** How often it was seen at this address, at least. */
  readonly count: number
}

/**
 * Not checked, because it cannot be told from playlists, headers and boxes: interlacing (A1.14), loudness (A2.18), whether dates are
 * the time of capture (A8.5), I-frame playlists (A6.1), TLS versions (A12.1), and low latency, which we do not offer.
 */
export const RULES: readonly Rule[] = [
  ...TEXT_RULES,
  ...PLAYLIST_RULES,
  ...CHANGE_RULES,
  ...VARIANT_RULES,
  ...MEDIA_RULES,
  ...RATE_RULES,
  ...DELIVERY_RULES,
]

/** Checks the observed history of one presentation; must-findings first, each rule once per address. */
export function checkHistory(observations: readonly Observation[], rules: readonly Rule[] = RULES): ConformanceFinding[] {
  const presentation = presentationOf(observations)
  const findings = rules.flatMap((rule) => {
    const perUrl = new Map<string, ConformanceFinding>()
    for (const { url, at, message, severity = rule.severity } of rule.check(presentation)) {
      const key = addressOf(url)
      const known = perUrl.get(key)
      const { code, clause } = rule
      perUrl.set(key, known ? { ...known, count: known.count + 1 } : { code, clause, severity, url, at, message, count: 1 })
    }
    return [...perUrl.values()]
  })
  return mergeFindings([], findings)
}

/** One list of what two looks at a presentation found. The looks may overlap, so their counts are not added. */
export function mergeFindings(one: readonly ConformanceFinding[], other: readonly ConformanceFinding[]): ConformanceFinding[] {
  const merged = new Map<string, ConformanceFinding>()
  for (const finding of [...one, ...other]) {
    const key = `${finding.code} ${addressOf(finding.url)}`
    const known = merged.get(key)
    merged.set(key, known ? { ...known, count: Math.max(known.count, finding.count) } : finding)
  }
  const rank = (finding: ConformanceFinding) => (finding.severity === 'must' ? 0 : 1)
  return [...merged.values()].toSorted((a, b) => rank(a) - rank(b) || a.at - b.at)
}

/** Thousands of segments of one playlist with one fault are one finding: their file names are left out. */
const addressOf = (url: string) => (/\.m3u8([?#]|$)/i.test(url) ? url : url.replace(/[^/]*$/, ''))
