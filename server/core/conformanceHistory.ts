import type { InitFacts, SegmentFacts, FragmentFacts } from './conformanceBoxes.ts'
import {
  parsePlaylist,
  type ListedSegment,
  type MediaPlaylist,
  type MultivariantPlaylist,
  type Tag,
} from './conformancePlaylist.ts'
import type { Instant } from './time.ts'

/** One HTTP answer as a player got it. */
export type Answer = {
  /** When the request left. */
  readonly at: Instant
  readonly tookMs: number
  readonly url: string
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly isRedirected: boolean
}
export type PlaylistObservation = Answer & { readonly kind: 'playlist'; readonly text: string }
export type InitObservation = Answer & {
  readonly kind: 'init'
  readonly sizeBytes: number
  readonly digest: string
  readonly facts?: InitFacts
}
export type SegmentObservation = Answer & {
  readonly kind: 'segment'
  readonly sizeBytes: number
  readonly digest: string
  /** Address of the init section that `facts` was read with. */
  readonly initUrl?: string
  readonly facts?: SegmentFacts
}
export type Observation = PlaylistObservation | InitObservation | SegmentObservation

export type Version<P> = PlaylistObservation & { readonly playlist: P }
export type Role = 'video' | 'audio' | 'other'

/** A listed segment with what was fetched of it. */
export type Measured = {
  readonly listed: ListedSegment
  readonly url: string
  readonly at: Instant
  readonly answer?: SegmentObservation
  readonly init?: InitFacts
}
export type MediaHistory = {
  readonly url: string
  readonly role: Role
  /** Answers with status 200 in order of time; repeats of an unchanged playlist included. */
  readonly versions: readonly Version<MediaPlaylist>[]
  /** Each segment that was ever listed, once, by sequence. */
  readonly segments: readonly Measured[]
  readonly isLive: boolean
}
export type PlayableVariant = {
  readonly line: number
  readonly attributes: ReadonlyMap<string, string>
  readonly media: MediaHistory | undefined
  /** Renditions of its audio group that have a playlist of their own. */
  readonly audio: readonly MediaHistory[]
}
/** Everything that was observed of one presentation, put together. */
export type Presentation = {
  readonly answers: readonly Observation[]
  readonly multivariant: Version<MultivariantPlaylist> | undefined
  readonly variants: readonly PlayableVariant[]
  readonly media: readonly MediaHistory[]
  readonly segments: ReadonlyMap<string, readonly SegmentObservation[]>
  readonly inits: ReadonlyMap<string, readonly InitObservation[]>
}

export function presentationOf(observations: readonly Observation[]): Presentation {
  const answers = observations.toSorted((a, b) => a.at - b.at)
  const parse = memo(parsePlaylist)
  const versions = answers
    .filter((answer): answer is PlaylistObservation => answer.kind === 'playlist' && answer.status === 200)
    .map((answer) => ({ ...answer, playlist: parse(answer.text) }))
  const multivariant = versions.findLast((version): version is Version<MultivariantPlaylist> => isMultivariant(version))
  const segments = Map.groupBy(
    answers.filter((answer) => answer.kind === 'segment'),
    (answer) => answer.url,
  )
  const inits = Map.groupBy(
    answers.filter((answer) => answer.kind === 'init'),
    (answer) => answer.url,
  )
  const roles = multivariant ? rolesOf(multivariant) : new Map<string, Role>()
  const media = [...Map.groupBy(versions.filter(isMedia), (version) => version.url)].map(([url, own]) =>
    mediaHistoryOf(url, roles.get(url) ?? 'other', own, { segments, inits }),
  )
  return { answers, multivariant, variants: multivariant ? variantsOf(multivariant, media) : [], media, segments, inits }
}

const isMultivariant = (version: { playlist: { kind: string } }) => version.playlist.kind === 'multivariant'
const isMedia = (version: Version<MediaPlaylist | MultivariantPlaylist>): version is Version<MediaPlaylist> =>
  version.playlist.kind === 'media'

/** An address as listed, made absolute; an address that cannot be one stays as it is and is found missing. */
export const resolved = (uri: string, base: string): string => (URL.canParse(uri, base) ? new URL(uri, base).href : uri)
const mapUrl = (map: string, base: string) => resolved(map.split('#')[0] ?? '', base)

const AUDIO_CODEC = /^(mp4a|ac-3|ec-3|fLaC|opus|Opus|alac)/
export const codecsOf = (attributes: ReadonlyMap<string, string>): readonly string[] =>
  (attributes.get('CODECS') ?? '')
    .split(',')
    .map((codec) => codec.trim())
    .filter((codec) => codec !== '')
export const isAudioCodec = (codec: string): boolean => AUDIO_CODEC.test(codec)
export const hasVideo = (attributes: ReadonlyMap<string, string>): boolean =>
  attributes.has('RESOLUTION') || codecsOf(attributes).some((codec) => !isAudioCodec(codec) && !/^(wvtt|stpp)/.test(codec))

function rolesOf({ url, playlist }: Version<MultivariantPlaylist>): Map<string, Role> {
  const roles = new Map<string, Role>()
  for (const variant of playlist.variants) roles.set(resolved(variant.uri, url), hasVideo(variant.attributes) ? 'video' : 'audio')
  for (const { attributes } of playlist.renditions) {
    const uri = attributes.get('URI')
    if (uri === undefined) continue
    const type = attributes.get('TYPE')
    roles.set(resolved(uri, url), type === 'AUDIO' ? 'audio' : type === 'VIDEO' ? 'video' : 'other')
  }
  return roles
}

function variantsOf({ url, playlist }: Version<MultivariantPlaylist>, media: readonly MediaHistory[]): PlayableVariant[] {
  const at = (uri: string | undefined) => (uri === undefined ? undefined : media.find((one) => one.url === resolved(uri, url)))
  return playlist.variants.map(({ uri, line, attributes }) => ({
    line,
    attributes,
    media: at(uri),
    audio: playlist.renditions
      .filter((rendition) => isInGroup(rendition, 'AUDIO', attributes.get('AUDIO')))
      .flatMap((rendition) => at(rendition.attributes.get('URI')) ?? []),
  }))
}
export const isInGroup = ({ attributes }: Tag, type: string, group: string | undefined): boolean =>
  group !== undefined && attributes.get('TYPE') === type && attributes.get('GROUP-ID') === group

type Fetched = Pick<Presentation, 'segments' | 'inits'>

function mediaHistoryOf(url: string, role: Role, versions: readonly Version<MediaPlaylist>[], fetched: Fetched): MediaHistory {
  const listed = new Map<number, Measured>()
  for (const { playlist, at } of versions)
    for (const segment of playlist.segments)
      if (!listed.has(segment.sequence)) listed.set(segment.sequence, measuredOf(segment, at, url, fetched))
  return {
    url,
    role,
    versions,
    segments: [...listed.values()].toSorted((a, b) => a.listed.sequence - b.listed.sequence),
    isLive: versions.at(-1)?.playlist.hasEndList === false,
  }
}

function measuredOf(listed: ListedSegment, at: Instant, base: string, { segments, inits }: Fetched): Measured {
  const url = resolved(listed.uri, base)
  const answer = segments.get(url)?.find((one) => one.status === 200 || one.status === 206)
  const init = listed.map === undefined ? undefined : inits.get(mapUrl(listed.map, base))?.find((one) => one.facts)?.facts
  return { listed, url, at, ...(answer && { answer }), ...(init && { init }) }
}

/** The fragment of the track that a playlist is about, in seconds. */
export type Media = {
  readonly startSeconds: number
  readonly durationSeconds: number
  /** Length of one sample: the tolerance of several rules. */
  readonly frameSeconds: number
  readonly fragment: FragmentFacts
  readonly kind: 'video' | 'audio' | 'other'
  readonly timescale: number
}
export function mediaOf({ answer, init }: Measured): Media | undefined {
  if (!init || !answer?.facts) return undefined
  const facts = answer.facts
  const track = init.tracks.find((one) => one.kind === 'video') ?? init.tracks[0]
  const fragment = track && facts.tracks.find((one) => one.id === track.id)
  if (!track || !fragment) return undefined
  return {
    startSeconds: fragment.decodeTime / track.timescale,
    durationSeconds: fragment.duration / track.timescale,
    frameSeconds: fragment.duration / Math.max(1, fragment.samples) / track.timescale,
    fragment,
    kind: track.kind,
    timescale: track.timescale,
  }
}

function memo<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>()
  return (text) => {
    const known = made.get(text)
    if (known !== undefined) return known
    const value = make(text)
    made.set(text, value)
    return value
  }
}
