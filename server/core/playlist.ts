import { AUDIO_LADDER, FRAME_RATE, VIDEO_LADDER, type RenditionId } from './ladder.ts'
import type { ChannelKind } from './schedule.ts'
import type { Segment } from './slices.ts'
import type { Airing } from './timeline.ts'
import { SEGMENT_TICKS, TICK_MS, instantOfTick, type Instant, type Tick } from './time.ts'

/** Constant for the life of a channel (RFC 8216 §6.2.1): segments are 1.92 s, a tail makes at most 2.24 s, and both round to 2. */
export const TARGET_SECONDS = 2
/** EXT-X-MAP outside I-frame playlists needs 6 (RFC 8216 §7); nothing we write needs more. */
const VERSION = 6
/** A segment is listed when its end is at most this far ahead of the wall clock: centres hls.js, Shaka and mpv on the clock. */
export const LISTING_LEAD_TICKS = 23
export const HOLD_BACK_SECONDS = 3 * TARGET_SECONDS
/** What players get without asking for more; RFC 8216 wants 3 target durations, Safari starts badly under 60 s. */
export const LIVE_WINDOW_TICKS = Math.ceil(64_000 / TICK_MS)

/** The last tick up to which segments may stand in a playlist at `at`. */
export const listedUntil = (at: Instant): Tick => Math.floor((at + LISTING_LEAD_TICKS * TICK_MS) / TICK_MS) as Tick

/** Seconds as RFC 8216 writes them: the only place where ticks become decimals. */
export const secondsText = (ticks: number): string => ((ticks * TICK_MS) / 1000).toFixed(3)

export const isoText = (at: Instant): string => new Date(at).toISOString()

/** The segments of `segments` (in order) that a playlist shows: those listed at `at`, back to at least `windowTicks`. */
export function windowOf(segments: readonly Segment[], at: Instant, windowTicks: number): readonly Segment[] {
  const edge = listedUntil(at)
  let end = segments.length
  while (end > 0 && endOf(segments[end - 1] as Segment) > edge) end -= 1
  // A short one waits for the next, and both are listed at once.
  if (end > 1 && isShort(segments[end - 1] as Segment)) end -= 1
  const oldest = (end > 0 ? endOf(segments[end - 1] as Segment) : edge) - windowTicks
  let start = end
  while (start > 0 && (segments[start - 1] as Segment).from >= oldest) start -= 1
  return segments.slice(start, end)
}

/**
 * RFC 8216 §6.2.2: a new version comes no sooner than half a target duration after the last. A segment of up to three ticks would.
 */
export const isShort = (segment: Segment): boolean => segment.ticks * TICK_MS < (TARGET_SECONDS * 1000) / 2

const endOf = (segment: Segment): number => segment.from + segment.ticks

/**
 * One media playlist. `segments` touch each other and have sequences without holes; `airings` are the programmes to mark with
 * EXT-X-DATERANGE, in order. With `isEnded` it is a VOD playlist (EXT-X-ENDLIST).
 */
export function mediaPlaylist(listing: {
  readonly segments: readonly Segment[]
  readonly airings: readonly Airing[]
  readonly isEnded?: boolean
  /** Gives `segmentLines(segment)`, perhaps from memory: a segment's lines never change. */
  readonly linesOf?: (segment: Segment) => string
}): string {
  const { segments, airings, isEnded = false, linesOf = segmentLines } = listing
  const first = segments[0]
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${VERSION}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-TARGETDURATION:${TARGET_SECONDS}`,
    ...(isEnded ? ['#EXT-X-PLAYLIST-TYPE:VOD'] : [`#EXT-X-SERVER-CONTROL:HOLD-BACK=${HOLD_BACK_SECONDS.toFixed(1)}`]),
    `#EXT-X-MEDIA-SEQUENCE:${first?.sequence ?? 0}`,
    '#EXT-X-MAP:URI="init.mp4"',
  ]
  let next = 0
  for (const segment of segments) {
    while (next < airings.length && (airings[next] as Airing).from < endOf(segment)) {
      const airing = airings[next] as Airing
      if (airing.to > (first?.from ?? 0)) lines.push(dateRange(airing))
      next += 1
    }
    lines.push(linesOf(segment))
  }
  if (isEnded) lines.push('#EXT-X-ENDLIST')
  lines.push('')
  return lines.join('\n')
}

export const segmentLines = (segment: Segment): string =>
  `#EXT-X-PROGRAM-DATE-TIME:${isoText(instantOfTick(segment.from))}\n#EXTINF:${secondsText(segment.ticks)},\n${segment.sequence}.m4s`

function dateRange(airing: Airing): string {
  const id = `${airing.slot}-${airing.scheduledFrom}`
  return (
    `#EXT-X-DATERANGE:ID="${quotable(id)}",CLASS="programme",START-DATE="${isoText(instantOfTick(airing.from))}"` +
    `,PLANNED-DURATION=${secondsText(airing.to - airing.from)},X-PROGRAMME="${quotable(airing.programme)}",X-TITLE="${quotable(airing.title)}"`
  )
}

/** RFC 8216 §4.2: a quoted string holds no line feed, carriage return or double quote; other control characters confuse players. */
export const quotable = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').replaceAll('"', '”')

/** Measured over what the channel has aired or is about to air. */
export type RenditionFacts = { readonly codec: string; readonly averageBps: number; readonly peakBps: number }

/**
 * The multivariant playlist: a variant per rung with the good sound, the lowest rung also with the small sound, then the sound alone.
 * RFC 8216 §4.3.4.2; attribute rules of Apple's authoring specification §9.
 */
export function multivariantPlaylist(channel: {
  readonly kind: ChannelKind
  readonly language: string
  readonly facts: { readonly [id in RenditionId]?: RenditionFacts }
  /** Added to each URI, e.g. `?window=7200`. */
  readonly query: string
}): string {
  const { facts, query } = channel
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, '#EXT-X-INDEPENDENT-SEGMENTS']
  const name = quotable(channel.language)
  const audio = AUDIO_LADDER.flatMap(({ id }) => (facts[id] ? [{ id, facts: facts[id] }] : []))
  if (channel.kind === 'radio') {
    for (const { id, facts: sound } of audio)
      lines.push(streamInf([sound], [`CODECS="${sound.codec}"`]), `${id}/live.m3u8${query}`)
    return [...lines, ''].join('\n')
  }
  for (const { id } of audio) {
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${id}",NAME="${name}",LANGUAGE="${name}",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="${id}/live.m3u8${query}"`,
    )
  }
  const [good, small = good] = audio
  for (const rung of VIDEO_LADDER) {
    const picture = facts[rung.id]
    const sound = rung === VIDEO_LADDER.at(-1) ? small : good
    if (!picture || !sound) continue
    lines.push(
      streamInf(
        [picture, sound.facts],
        [
          `CODECS="${picture.codec},${sound.facts.codec}"`,
          `RESOLUTION=${rung.width}x${rung.height}`,
          `FRAME-RATE=${FRAME_RATE.toFixed(3)}`,
          `AUDIO="${sound.id}"`,
          'CLOSED-CAPTIONS=NONE',
        ],
      ),
      `${rung.id}/live.m3u8${query}`,
    )
  }
  if (small)
    lines.push(
      streamInf([small.facts], [`CODECS="${small.facts.codec}"`, `AUDIO="${small.id}"`]),
      `${small.id}/live.m3u8${query}`,
    )
  return [...lines, ''].join('\n')
}

const streamInf = (parts: readonly RenditionFacts[], attributes: readonly string[]): string =>
  `#EXT-X-STREAM-INF:${[
    `BANDWIDTH=${sum(parts.map((part) => part.peakBps))}`,
    `AVERAGE-BANDWIDTH=${sum(parts.map((part) => part.averageBps))}`,
    ...attributes,
  ].join(',')}`

const sum = (values: readonly number[]): number => Math.ceil(values.reduce((total, value) => total + value, 0))

/** Whether `ticks` is a length a segment may have. */
export const isSegmentLength = (ticks: number): boolean => ticks >= 1 && ticks <= SEGMENT_TICKS + 1
