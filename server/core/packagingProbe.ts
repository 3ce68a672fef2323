import type { AudioFacts, MediaFacts, VideoFacts } from './packagingFacts.ts'
import type { Outcome } from './refusal.ts'

/** Files beyond these are refused before ffmpeg decodes anything of them. */
export const MEDIA_LIMITS = { streams: 64, side: 8192, pixels: 8192 * 4320, hours: 24, frameRate: 1000 } as const

/** Containers whose header states the length: less than that on disk means an unfinished copy. */
const EXACT_CONTAINERS = ['mov', 'matroska', 'avi', 'wav', 'flac', 'w64', 'caf', 'aiff', 'asf']

/** Facts from `ffprobe -of json`; refuses what is no programme material. */
export function factsOf(report: unknown): Outcome<MediaFacts> {
  const format = member(report, 'format')
  const streams = listOf(member(report, 'streams'))
  const container = textOf(member(format, 'format_name')) ?? ''
  if (streams.length > MEDIA_LIMITS.streams) {
    return refused('TOO_MANY_STREAMS', `The file has more than ${MEDIA_LIMITS.streams} streams.`)
  }
  if (streams.some((stream) => /^enc[av]$/.test(textOf(member(stream, 'codec_tag_string')) ?? ''))) {
    return refused('ENCRYPTED', 'The file is encrypted; only its key holder can decode it.')
  }
  const video = chosenOf(streams.filter(isMovingPicture))
  const audio = chosenOf(streams.filter(isSound))
  if (!video && !audio) return refused('NO_MEDIA', 'The file holds neither sound nor moving pictures that can be decoded.')
  const videoFacts = video ? videoFactsOf(video) : undefined
  if (videoFacts) {
    const { width, height } = videoFacts
    const { side, pixels } = MEDIA_LIMITS
    if (width < 1 || height < 1 || width > side || height > side || width * height > pixels) {
      return refused(
        'PICTURE_SIZE',
        `The picture is ${width} × ${height}; at most ${side} on a side and ${pixels} pixels are allowed.`,
      )
    }
  }
  const durationMs = durationOf(format, [video, audio])
  if (durationMs !== null && durationMs > MEDIA_LIMITS.hours * 3_600_000) {
    return refused(
      'TOO_LONG',
      `The file lasts ${Math.round(durationMs / 3_600_000)} hours; at most ${MEDIA_LIMITS.hours} are allowed.`,
    )
  }
  const tags = (name: string): string | undefined => tagOf(format, name) ?? tagOf(audio, name) ?? tagOf(video, name)
  const title = tags('title')
  const artist = tags('artist')
  const genre = tags('genre')
  return {
    ok: true,
    value: {
      container,
      durationMs,
      isDurationExact: durationMs !== null && EXACT_CONTAINERS.some((name) => container.split(',').includes(name)),
      ...(videoFacts ? { video: videoFacts } : {}),
      ...(audio ? { audio: audioFactsOf(audio) } : {}),
      ...(title ? { title } : {}),
      ...(artist ? { artist } : {}),
      ...(genre ? { genre } : {}),
    },
  }
}

function isMovingPicture(stream: unknown): boolean {
  return (
    member(stream, 'codec_type') === 'video' &&
    isDecodable(stream) &&
    // cover art and thumbnails
    numberOf(member(member(stream, 'disposition'), 'attached_pic')) !== 1 &&
    numberOf(member(member(stream, 'disposition'), 'timed_thumbnails')) !== 1
  )
}

const isSound = (stream: unknown): boolean =>
  member(stream, 'codec_type') === 'audio' && isDecodable(stream) && (numberOf(member(stream, 'channels')) ?? 0) > 0

const isDecodable = (stream: unknown): boolean => !['unknown', 'none', undefined].includes(textOf(member(stream, 'codec_name')))

/** The one flagged as default, else the first. */
const chosenOf = (streams: readonly unknown[]): unknown =>
  streams.find((stream) => numberOf(member(member(stream, 'disposition'), 'default')) === 1) ?? streams[0]

function videoFactsOf(stream: unknown): VideoFacts {
  const average = ratioOf(textOf(member(stream, 'avg_frame_rate')), '/') ?? 0
  const base = ratioOf(textOf(member(stream, 'r_frame_rate')), '/') ?? 0
  const sampleAspect = ratioOf(textOf(member(stream, 'sample_aspect_ratio')), ':') ?? 1
  const order = textOf(member(stream, 'field_order')) ?? 'unknown'
  const transfer = textOf(member(stream, 'color_transfer'))
  return {
    stream: numberOf(member(stream, 'index')) ?? 0,
    codec: textOf(member(stream, 'codec_name')) ?? '',
    width: numberOf(member(stream, 'width')) ?? 0,
    height: numberOf(member(stream, 'height')) ?? 0,
    // beyond these a header lies
    sampleAspect: sampleAspect > 0.1 && sampleAspect < 10 ? sampleAspect : 1,
    rotation: rotationOf(stream),
    frameRate: Math.min(average || base, MEDIA_LIMITS.frameRate),
    // a container that tells no average holds frames of different lengths
    isVariableRate: average === 0 || Math.abs(base / average - 1) > 0.01,
    scan: order === 'progressive' ? 'progressive' : ['tt', 'bb', 'tb', 'bt'].includes(order) ? 'interlaced' : 'unknown',
    dynamicRange: transfer === 'smpte2084' ? 'pq' : transfer === 'arib-std-b67' ? 'hlg' : 'sdr',
    matrix: textOf(member(stream, 'color_space')) ?? null,
  }
}

function rotationOf(stream: unknown): number {
  const turns = listOf(member(stream, 'side_data_list')).map((side) => numberOf(member(side, 'rotation')))
  const counterClockwise = turns.find((turn) => turn !== undefined)
  const clockwise = counterClockwise === undefined ? Number(tagOf(stream, 'rotate') ?? 0) : -counterClockwise
  return Number.isFinite(clockwise) ? (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360 : 0
}

const audioFactsOf = (stream: unknown): AudioFacts => ({
  stream: numberOf(member(stream, 'index')) ?? 0,
  codec: textOf(member(stream, 'codec_name')) ?? '',
  channels: numberOf(member(stream, 'channels')) ?? 0,
  rate: numberOf(member(stream, 'sample_rate')) ?? 0,
})

/** Where the last chosen stream ends, counted from the file's start; the container's own figure when its streams do not tell. */
function durationOf(format: unknown, streams: readonly unknown[]): number | null {
  const start = numberOf(member(format, 'start_time')) ?? 0
  const ends = streams.flatMap((stream) => {
    const seconds = numberOf(member(stream, 'duration')) ?? clockOf(tagOf(stream, 'DURATION'))
    return seconds === undefined ? [] : [seconds + Math.max(0, (numberOf(member(stream, 'start_time')) ?? start) - start)]
  })
  const seconds = ends.length > 0 ? Math.max(...ends) : numberOf(member(format, 'duration'))
  return seconds !== undefined && seconds > 0 ? Math.round(seconds * 1000) : null
}

/** `00:01:02.500000000`, as Matroska writes it. */
function clockOf(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d+):([\d.]+)$/.exec(text ?? '') ?? []
  return seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** One line without control characters, at most 200 characters, NFC. */
function tagOf(holder: unknown, name: string): string | undefined {
  const tags = member(holder, 'tags')
  if (typeof tags !== 'object' || tags === null) return undefined
  const [, value] = Object.entries(tags).find(([key]) => key.toLowerCase() === name.toLowerCase()) ?? []
  if (typeof value !== 'string') return undefined
  // cut before NFC: normalising a megabyte of combining marks is slow
  const line = value.slice(0, 1000).replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
  return line.normalize('NFC').trim().slice(0, 200).trim() || undefined
}

function ratioOf(text: string | undefined, separator: string): number | undefined {
  const [above, below] = (text ?? '').split(separator).map(Number)
  return above && below ? above / below : undefined
}

function member(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? (holder as Readonly<Record<string, unknown>>)[name] : undefined
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** ffprobe writes some numbers as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN
  return Number.isFinite(number) ? number : undefined
}

const refused = (code: string, message: string): Outcome<MediaFacts> => ({ ok: false, problems: [{ code, path: '', message }] })
