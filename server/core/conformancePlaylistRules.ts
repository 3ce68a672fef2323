import { eachVersion, seconds, told, type Rule } from './conformanceRule.ts'
import type { MediaHistory, Presentation, Version } from './conformanceHistory.ts'
import type { ListedSegment, MediaPlaylist } from './conformancePlaylist.ts'

type One = Version<MediaPlaylist> & { readonly of: MediaHistory }

/** Rules that one media playlist can break by itself. */
export const PLAYLIST_RULES: readonly Rule[] = [
  rule(
    'target-missing',
    'RFC 8216 §4.3.3.1',
    'must',
    ({ playlist }) => playlist.targetSeconds === undefined && 'no EXT-X-TARGETDURATION',
  ),
  rule('extinf-form', 'RFC 8216 §4.3.2.1', 'must', ({ playlist }) => {
    const bad = playlist.segments.find((segment) => !(segment.durationSeconds > 0))
    return bad && `line ${bad.line}: ${bad.uri} has no EXTINF with a length above 0`
  }),
  rule('segment-over-target', 'RFC 8216 §4.3.3.1', 'must', ({ playlist }) => {
    const target = playlist.targetSeconds ?? Number.POSITIVE_INFINITY
    const long = playlist.segments.find((segment) => Math.round(segment.durationSeconds) > target)
    return long && `segment ${long.sequence} is ${seconds(long.durationSeconds)}, above EXT-X-TARGETDURATION ${target}`
  }),
  rule('map-missing', 'A8.20', 'must', ({ playlist, of }) => {
    const bare = playlist.segments.find((segment) => segment.map === undefined && isFragment(segment, of))
    return bare && `segment ${bare.sequence} (${bare.uri}) is fragmented MP4 without EXT-X-MAP`
  }),
  live('date-time-missing', 'A8.4', 'must', ({ playlist }) => {
    return playlist.segments.every((segment) => segment.ownDateTime === undefined) && 'no EXT-X-PROGRAM-DATE-TIME'
  }),
  rule('date-time-partly', 'RFC 8216 §6.2.1', 'should', ({ playlist }) => {
    const bare = playlist.segments.find((segment) => segment.ownDateTime === undefined)
    const isPartly = playlist.segments.some((segment) => segment.ownDateTime !== undefined)
    return isPartly && bare && `segment ${bare.sequence} has no EXT-X-PROGRAM-DATE-TIME while others have`
  }),
  rule('date-time-gap', 'RFC 8216 §4.3.2.6', 'must', ({ playlist }) => {
    for (const [index, segment] of playlist.segments.entries()) {
      const before = playlist.segments[index - 1]
      if (before?.dateTime === undefined || segment.ownDateTime === undefined || segment.hasDiscontinuity) continue
      const expected = before.dateTime + before.durationSeconds * 1000
      const offMs = segment.ownDateTime - expected
      if (Math.abs(offMs) > DATE_TIME_TOLERANCE_MS)
        return `segment ${segment.sequence} is dated ${offMs.toFixed(0)} ms off the end of the segment before it`
    }
    return false
  }),
  live('window-segments', 'A8.11', 'must', ({ playlist }) => {
    return playlist.segments.length < 6 && `${playlist.segments.length} segments are listed, at least 6 are asked for`
  }),
  live('window-short', 'RFC 8216 §6.2.2', 'must', ({ playlist }) => {
    const window = lengthOf(playlist)
    const least = 3 * (playlist.targetSeconds ?? 0)
    return window < least && `the window is ${seconds(window)}, below three target durations (${seconds(least)})`
  }),
  live('window-quarter-hour', 'A8.12', 'should', ({ playlist }) => {
    const window = lengthOf(playlist)
    return window < 900 && `the window is ${seconds(window)}; 15 minutes let a viewer go back`
  }),
  rule('target-six', 'A7.5', 'should', ({ playlist }) => {
    const target = playlist.targetSeconds
    return target !== undefined && target !== 6 && `EXT-X-TARGETDURATION is ${target}; 6 is advised`
  }),
  rule('type-without-end', 'RFC 8216 §4.3.3.5', 'must', ({ playlist }) => {
    return playlist.playlistType === 'VOD' && !playlist.hasEndList && 'EXT-X-PLAYLIST-TYPE is VOD, but EXT-X-ENDLIST is missing'
  }),
  rule('type-missing', 'A8.6', 'must', ({ playlist, of }) => {
    const isStatic = of.versions.every((version) => version.playlist.hasEndList)
    const isWhole = playlist.mediaSequence === 0
    return isStatic && isWhole && playlist.playlistType === undefined && 'finished content without EXT-X-PLAYLIST-TYPE:VOD'
  }),
  rule('tag-late', 'RFC 8216 §4.3.3.2', 'must', ({ playlist }) => {
    const first = playlist.segments[0]?.line ?? Number.POSITIVE_INFINITY
    const early = playlist.tags.find((tag) => tag.name === '#EXT-X-DISCONTINUITY')?.line ?? Number.POSITIVE_INFINITY
    const late = playlist.tags.find(
      ({ name, line }) =>
        (name === '#EXT-X-MEDIA-SEQUENCE' && line > first) ||
        (name === '#EXT-X-DISCONTINUITY-SEQUENCE' && line > Math.min(first, early)),
    )
    return late && `line ${late.line}: ${late.name} stands after the first segment or discontinuity`
  }),
  live('discontinuity-sequence-missing', 'A8.17', 'must', ({ playlist }) => {
    const has = (name: string) => playlist.tags.some((tag) => tag.name === name)
    return (
      has('#EXT-X-DISCONTINUITY') &&
      !has('#EXT-X-DISCONTINUITY-SEQUENCE') &&
      'EXT-X-DISCONTINUITY in a live playlist without EXT-X-DISCONTINUITY-SEQUENCE'
    )
  }),
  live('programmes-unmarked', 'A8.19', 'should', ({ playlist }) => {
    return !playlist.tags.some((tag) => tag.name === '#EXT-X-DATERANGE') && 'no EXT-X-DATERANGE tells what is on'
  }),
  rule('date-range-form', 'RFC 8216 §4.3.2.7', 'must', ({ playlist }) => dateRangeFault(playlist)),
  rule('hold-back-short', 'RFC 8216bis §4.4.3.8', 'must', ({ playlist }) => {
    const { holdBackSeconds: holdBack, targetSeconds: target } = playlist
    if (holdBack === undefined || target === undefined) return false
    return !(holdBack >= 3 * target) && `HOLD-BACK is ${seconds(holdBack)}, below three target durations (${3 * target} s)`
  }),
]

/** Dates are written to the millisecond; one video frame at 25 fps is the least that a viewer could see. */
const DATE_TIME_TOLERANCE_MS = 40

function dateRangeFault(playlist: MediaPlaylist): string | false {
  const isDated = playlist.segments.some((segment) => segment.ownDateTime !== undefined)
  for (const { name, line, attributes } of playlist.tags) {
    if (name !== '#EXT-X-DATERANGE') continue
    if (!attributes.get('ID')) return `line ${line}: EXT-X-DATERANGE without ID`
    if (Number.isNaN(Date.parse(attributes.get('START-DATE') ?? '')))
      return `line ${line}: EXT-X-DATERANGE without a valid START-DATE`
    for (const key of ['DURATION', 'PLANNED-DURATION']) {
      const value = attributes.get(key)
      if (value !== undefined && !/^\d+(\.\d+)?$/.test(value)) return `line ${line}: ${key} is "${value}", not decimal seconds`
    }
    const end = attributes.get('END-DATE')
    if (end !== undefined && !(Date.parse(end) >= Date.parse(attributes.get('START-DATE') ?? '')))
      return `line ${line}: END-DATE "${end}" is not after START-DATE`
    if (attributes.has('END-ON-NEXT') && !attributes.has('CLASS')) return `line ${line}: END-ON-NEXT without CLASS`
    if (!isDated) return `line ${line}: EXT-X-DATERANGE in a playlist without EXT-X-PROGRAM-DATE-TIME`
  }
  return false
}

const lengthOf = (playlist: MediaPlaylist) => playlist.segments.reduce((sum, segment) => sum + segment.durationSeconds, 0)

function isFragment(segment: ListedSegment, of: MediaHistory): boolean {
  const path = segment.uri.split(/[?#]/)[0] ?? ''
  const type = of.segments.find((one) => one.listed.sequence === segment.sequence)?.answer?.headers['content-type']
  return /\.(m4s|mp4|m4v|m4a|cmfv|cmfa)$/.test(path) || /^(video\/(mp4|iso\.segment)|audio\/mp4)/.test(type ?? '')
}

function rule(code: string, clause: string, severity: Rule['severity'], words: (one: One) => string | false | undefined): Rule {
  return {
    code,
    clause,
    severity,
    *check(presentation: Presentation) {
      for (const version of eachVersion(presentation)) yield* told(version, words(version))
    },
  }
}

function live(code: string, clause: string, severity: Rule['severity'], words: (one: One) => string | false | undefined): Rule {
  return rule(code, clause, severity, (version) => !version.playlist.hasEndList && words(version))
}
