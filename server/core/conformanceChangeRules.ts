import { eachStep, seconds, told, type Breach, type Rule, type Step } from './conformanceRule.ts'
import type { MediaHistory, Presentation } from './conformanceHistory.ts'
import type { ListedSegment, MediaPlaylist } from './conformancePlaylist.ts'

/** Rules about what may change from one version of a media playlist to the next. */
export const CHANGE_RULES: readonly Rule[] = [
  step('sequence-fell', 'RFC 8216 §4.3.3.2', ({ before, after }) => {
    const [was, is] = [before.playlist.mediaSequence, after.playlist.mediaSequence]
    return is < was && `EXT-X-MEDIA-SEQUENCE fell from ${was} to ${is}`
  }),
  step('sequence-jumped', 'RFC 8216 §6.2.2', ({ before, after }) => {
    const next = nextSequence(before.playlist)
    const is = after.playlist.mediaSequence
    // Not looked at for longer than the window, all of it may rightly have passed.
    const couldPass = (after.at + after.tookMs - before.at) / 1000 + 2 * (before.playlist.targetSeconds ?? 0)
    return (
      is > next &&
      (is - next) * shortest(before.playlist) > couldPass &&
      `EXT-X-MEDIA-SEQUENCE jumped from ${next} at most to ${is}`
    )
  }),
  step('segment-renumbered', 'RFC 8216 §6.2.2', ({ before, after }) => {
    const numbers = new Map(before.playlist.segments.map((segment) => [addressOf(segment), segment.sequence]))
    if (after.playlist.mediaSequence < before.playlist.mediaSequence) return false
    const moved = after.playlist.segments.find((segment) => {
      const was = numbers.get(addressOf(segment))
      return was !== undefined && was !== segment.sequence
    })
    return moved && `${moved.uri} was number ${numbers.get(addressOf(moved))}, now it is ${moved.sequence}`
  }),
  step('segment-changed', 'RFC 8216 §6.2.1', (change) => {
    for (const [was, is] of listedInBoth(change)) {
      const difference = differenceOf(was, is)
      if (difference) return `segment ${is.sequence} was listed with ${difference}`
    }
    return false
  }),
  step('date-time-moved', 'RFC 8216 §6.2.1', (change) => {
    for (const [was, is] of listedInBoth(change)) {
      if (was.dateTime === undefined || is.dateTime === undefined) continue
      const movedMs = is.dateTime - was.dateTime
      if (Math.abs(movedMs) >= MOVED_MS) return `the date of segment ${is.sequence} moved by ${movedMs.toFixed(0)} ms`
    }
    return false
  }),
  step('discontinuity-count', 'RFC 8216 §6.2.2', (change) => {
    for (const [was, is] of listedInBoth(change))
      if (was.discontinuitySequence !== is.discontinuitySequence)
        return `segment ${is.sequence} had discontinuity number ${was.discontinuitySequence}, now ${is.discontinuitySequence}`
    return false
  }),
  step('tail-removed', 'RFC 8216 §6.2.2', ({ before, after }) => {
    const [was, is] = [nextSequence(before.playlist), nextSequence(after.playlist)]
    const isSameRun = after.playlist.mediaSequence >= before.playlist.mediaSequence
    return isSameRun && is < was && `the newest segment was ${was - 1}, now it is ${is - 1}: only the oldest may be removed`
  }),
  step('target-changed', 'RFC 8216 §6.2.1', ({ before, after }) => {
    const [was, is] = [before.playlist.targetSeconds, after.playlist.targetSeconds]
    return was !== is && `EXT-X-TARGETDURATION was ${was}, now ${is}`
  }),
  step('type-sliding', 'RFC 8216 §6.2.2', ({ before, after }) => {
    const isSliding = after.playlist.mediaSequence > before.playlist.mediaSequence
    const type = after.playlist.playlistType
    return isSliding && type !== undefined && `segments are removed although EXT-X-PLAYLIST-TYPE is ${type}`
  }),
  step('end-taken-back', 'RFC 8216 §6.2.1', ({ before, after }) => {
    return before.playlist.hasEndList && !after.playlist.hasEndList && 'EXT-X-ENDLIST was there and is gone'
  }),
  step('sequence-missing', 'RFC 8216 §6.2.2', ({ before, after }) => {
    const isNumbered = after.playlist.tags.some((tag) => tag.name === '#EXT-X-MEDIA-SEQUENCE')
    const first = before.playlist.segments[0]
    const isRemoved = first !== undefined && !after.playlist.segments.some((one) => addressOf(one) === addressOf(first))
    return !isNumbered && isRemoved && 'segments are removed, but there is no EXT-X-MEDIA-SEQUENCE'
  }),
  step('date-range-changed', 'RFC 8216 §4.3.2.7', ({ before, after }) => {
    const known = dateRanges(before.playlist)
    for (const [id, attributes] of dateRanges(after.playlist))
      for (const [key, value] of attributes) {
        const was = known.get(id)?.get(key)
        if (was !== undefined && was !== value) return `date range "${id}": ${key} was "${was}", now "${value}"`
      }
    return false
  }),
  {
    code: 'updated-early',
    clause: 'RFC 8216 §6.2.2',
    severity: 'must',
    *check(presentation) {
      for (const { media, version, livedAtMost } of lives(presentation)) {
        const least = 0.5 * (version.playlist.targetSeconds ?? 0)
        const message =
          livedAtMost < least && `a new version came after ${seconds(livedAtMost)} at most, half a target is ${seconds(least)}`
        yield* told({ url: media.url, at: version.at }, message)
      }
    },
  },
  {
    code: 'stale',
    clause: 'RFC 8216 §6.2.2',
    severity: 'must',
    *check(presentation) {
      for (const { media, version, livedAtLeast } of lives(presentation)) {
        const most = 1.5 * (version.playlist.targetSeconds ?? Number.POSITIVE_INFINITY)
        const message =
          livedAtLeast > most && `no new segment for ${seconds(livedAtLeast)}, 1.5 target durations are ${seconds(most)}`
        yield* told({ url: media.url, at: version.at }, message)
      }
    },
  },
]

/** Dates are whole milliseconds; carried-on ones may differ by rounding. */
const MOVED_MS = 2

const nextSequence = (playlist: MediaPlaylist) => playlist.mediaSequence + playlist.segments.length
const shortest = (playlist: MediaPlaylist) => Math.min(...playlist.segments.map((segment) => segment.durationSeconds))
const addressOf = (segment: ListedSegment) => `${segment.uri}#${segment.byteRange ?? ''}`

/** Only versions that go on where the last one was: after a reset every segment would be reported, and the reset already is. */
function* listedInBoth({ before, after }: Step): Generator<readonly [ListedSegment, ListedSegment]> {
  if (after.playlist.mediaSequence < before.playlist.mediaSequence) return
  const known = new Map(before.playlist.segments.map((segment) => [segment.sequence, segment]))
  for (const is of after.playlist.segments) {
    const was = known.get(is.sequence)
    if (was) yield [was, is]
  }
}

function differenceOf(was: ListedSegment, is: ListedSegment): string | undefined {
  if (addressOf(was) !== addressOf(is)) return `the address ${was.uri}, now ${is.uri}`
  if (was.durationSeconds !== is.durationSeconds) return `${seconds(was.durationSeconds)}, now ${seconds(is.durationSeconds)}`
  if (was.map !== is.map) return `the init section ${was.map}, now ${is.map}`
  return undefined
}

/** Attributes by ID; tags that share an ID are one range (RFC 8216 §4.3.2.7). */
function dateRanges(playlist: MediaPlaylist): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const ranges = new Map<string, Map<string, string>>()
  for (const { name, attributes } of playlist.tags) {
    if (name !== '#EXT-X-DATERANGE') continue
    const id = attributes.get('ID') ?? ''
    ranges.set(id, new Map([...(ranges.get(id) ?? []), ...attributes]))
  }
  return ranges
}

type Life = {
  readonly media: MediaHistory
  readonly version: MediaHistory['versions'][number]
  readonly livedAtLeast: number
  readonly livedAtMost: number
}
/**
 * How long each version was the current one, as far as polling can tell: at least from its first answer to the last request that
 * still got it, at most from the last request that got the one before to the first answer with the next.
 */
function* lives({ media }: Presentation): Generator<Life> {
  for (const one of media) {
    if (!one.isLive) continue
    const runs = runsOf(one.versions)
    for (const [index, run] of runs.entries()) {
      const [version, last] = [run[0], run.at(-1)]
      if (!version || !last) continue
      const before = runs[index - 1]?.at(-1)
      const next = runs[index + 1]?.[0]
      yield {
        media: one,
        version,
        livedAtLeast: (last.at - (version.at + version.tookMs)) / 1000,
        livedAtMost: before && next ? (next.at + next.tookMs - before.at) / 1000 : Number.POSITIVE_INFINITY,
      }
    }
  }
}

function runsOf(versions: MediaHistory['versions']): MediaHistory['versions'][number][][] {
  const runs: MediaHistory['versions'][number][][] = []
  for (const version of versions) {
    const current = runs.at(-1)
    // A change that adds no segment (a date range, say) does not count as news: §6.2.2 asks for a new segment.
    if (current?.[0] && nextSequence(current[0].playlist) === nextSequence(version.playlist)) current.push(version)
    else runs.push([version])
  }
  return runs
}

function step(code: string, clause: string, words: (change: Step) => string | false | undefined): Rule {
  return {
    code,
    clause,
    severity: 'must',
    *check(presentation): Generator<Breach> {
      for (const change of eachStep(presentation)) yield* told({ url: change.of.url, at: change.after.at }, words(change))
    },
  }
}
