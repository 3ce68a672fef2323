import type { MediaHistory, Presentation, Version } from './conformanceHistory.ts'
import type { MediaPlaylist } from './conformancePlaylist.ts'
import type { Instant } from './time.ts'

export type Severity = 'must' | 'should'
export type Breach = {
  readonly url: string
  readonly at: Instant
  readonly message: string
  /** Where the evidence decides how strong the rule is. */
  readonly severity?: Severity
}
/**
 * One rule. `clause` cites RFC 8216, its successor draft (8216bis) or Apple's HLS authoring specification ("A" and a number; numbering
 * of 2023).
 */
export type Rule = {
  readonly code: string
  readonly clause: string
  readonly severity: Severity
  check(presentation: Presentation): Iterable<Breach>
}

/** Over each version of each media playlist that differs from the one before. */
export function* eachVersion({ media }: Presentation): Generator<Version<MediaPlaylist> & { readonly of: MediaHistory }> {
  for (const one of media) {
    let before: string | undefined
    for (const version of one.versions) {
      if (version.text !== before) yield { ...version, of: one }
      before = version.text
    }
  }
}

export type Step = {
  readonly before: Version<MediaPlaylist>
  readonly after: Version<MediaPlaylist>
  readonly of: MediaHistory
}
/** Over each change of each media playlist. */
export function* eachStep({ media }: Presentation): Generator<Step> {
  for (const of of media)
    for (const [index, after] of of.versions.entries()) {
      const before = of.versions[index - 1]
      if (before && before.text !== after.text) yield { before, after, of }
    }
}

/** `breach(version, 'words')` where the words are undefined when all is well. */
export function* told(
  where: { readonly url: string; readonly at: Instant },
  message: string | undefined | false,
): Generator<Breach> {
  if (message !== undefined && message !== false) yield { url: where.url, at: where.at, message }
}

export const seconds = (value: number): string => `${Number(value.toFixed(3))} s`
