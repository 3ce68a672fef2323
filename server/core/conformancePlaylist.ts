import { instant, type Instant } from './time.ts'

/** A playlist as RFC 8216 reads it. Parsing never fails: what is wrong with the text is told in `faults`. */
export type Playlist = MediaPlaylist | MultivariantPlaylist

export type Attributes = ReadonlyMap<string, string>
export type Tag = {
  /** With `#`, e.g. `#EXT-X-MAP`. */
  readonly name: string
  readonly line: number
  readonly value: string
  /** Parsed when the tag takes an attribute list; empty otherwise. Quotes are taken off. */
  readonly attributes: Attributes
}
export type TextFault = { readonly line: number; readonly message: string }

export type ListedSegment = {
  readonly uri: string
  readonly line: number
  readonly sequence: number
  readonly discontinuitySequence: number
  readonly hasDiscontinuity: boolean
  /** Decimal seconds as written. */
  readonly durationSeconds: number
  /** Written at this segment. */
  readonly ownDateTime: Instant | undefined
  /** Written here or carried on from the last one written; microsecond parts are kept so that a chain does not drift. */
  readonly dateTime: number | undefined
  readonly map: string | undefined
  readonly byteRange: string | undefined
  readonly isGap: boolean
}

type Common = {
  readonly version: number
  readonly tags: readonly Tag[]
  readonly faults: readonly TextFault[]
  readonly isIndependent: boolean
}

export type MediaPlaylist = Common & {
  readonly kind: 'media'
  readonly targetSeconds: number | undefined
  readonly mediaSequence: number
  readonly playlistType: string | undefined
  readonly hasEndList: boolean
  readonly holdBackSeconds: number | undefined
  readonly segments: readonly ListedSegment[]
}

export type Variant = { readonly uri: string; readonly line: number; readonly attributes: Attributes }
export type MultivariantPlaylist = Common & {
  readonly kind: 'multivariant'
  readonly variants: readonly Variant[]
  /** EXT-X-MEDIA. */
  readonly renditions: readonly Tag[]
}

const LIST_TAGS = new Set([
  '#EXT-X-STREAM-INF',
  '#EXT-X-I-FRAME-STREAM-INF',
  '#EXT-X-MEDIA',
  '#EXT-X-MAP',
  '#EXT-X-KEY',
  '#EXT-X-SESSION-KEY',
  '#EXT-X-SESSION-DATA',
  '#EXT-X-DATERANGE',
  '#EXT-X-START',
  '#EXT-X-SERVER-CONTROL',
  '#EXT-X-PART-INF',
  '#EXT-X-PART',
  '#EXT-X-PRELOAD-HINT',
  '#EXT-X-RENDITION-REPORT',
  '#EXT-X-SKIP',
  '#EXT-X-DEFINE',
  '#EXT-X-CONTENT-STEERING',
])

export function parsePlaylist(text: string): Playlist {
  const { tags, uris, faults } = linesOf(text)
  const common = {
    version: numberOf(tags, '#EXT-X-VERSION') ?? 1,
    tags,
    faults,
    isIndependent: tags.some((tag) => tag.name === '#EXT-X-INDEPENDENT-SEGMENTS'),
  }
  const isMultivariant = tags.some((tag) => tag.name === '#EXT-X-STREAM-INF' || tag.name === '#EXT-X-MEDIA')
  if (!isMultivariant) return { ...common, kind: 'media', ...mediaOf(tags, uris) }
  return {
    ...common,
    kind: 'multivariant',
    variants: tags
      .filter((tag) => tag.name === '#EXT-X-STREAM-INF')
      .map((tag) => ({ uri: uris.find((uri) => uri.line > tag.line)?.uri ?? '', line: tag.line, attributes: tag.attributes })),
    renditions: tags.filter((tag) => tag.name === '#EXT-X-MEDIA'),
  }
}

type Uri = { readonly uri: string; readonly line: number }

function linesOf(text: string) {
  const tags: Tag[] = []
  const uris: Uri[] = []
  const faults: TextFault[] = []
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((raw, index) => {
      const line = index + 1
      const trimmed = raw.trim()
      if (trimmed === '') return
      if (!trimmed.startsWith('#')) {
        uris.push({ uri: trimmed, line })
        return
      }
      if (!trimmed.startsWith('#EXT')) return
      const colon = trimmed.indexOf(':')
      const name = colon < 0 ? trimmed : trimmed.slice(0, colon)
      const value = colon < 0 ? '' : trimmed.slice(colon + 1)
      tags.push({ name, line, value, attributes: LIST_TAGS.has(name) ? attributesOf(value, name, line, faults) : new Map() })
    })
  return { tags, uris, faults }
}

/** RFC 8216 §4.2: `NAME=value` with commas between, no name twice, no spaces outside quotes. */
function attributesOf(list: string, name: string, line: number, faults: TextFault[]): Attributes {
  const attributes = new Map<string, string>()
  const pattern = /([A-Z0-9-]+)=("[^"]*"|[^",\s]+)(,|$)/y
  while (pattern.lastIndex < list.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(list)
    if (!match) {
      faults.push({ line, message: `${name}: "${list.slice(at, at + 40)}" is not an attribute NAME=value` })
      break
    }
    const [, key = '', value = ''] = match
    if (attributes.has(key)) faults.push({ line, message: `${name}: the attribute ${key} stands twice` })
    attributes.set(key, value.startsWith('"') ? value.slice(1, -1) : value)
  }
  return attributes
}

function mediaOf(tags: readonly Tag[], uris: readonly Uri[]) {
  const mediaSequence = numberOf(tags, '#EXT-X-MEDIA-SEQUENCE') ?? 0
  const segments: ListedSegment[] = []
  let discontinuitySequence = numberOf(tags, '#EXT-X-DISCONTINUITY-SEQUENCE') ?? 0
  let map: string | undefined
  let carried: number | undefined
  let next = 0
  for (const { uri, line } of uris) {
    let durationSeconds = Number.NaN
    let hasDiscontinuity = false
    let isGap = false
    let own: Instant | undefined
    let byteRange: string | undefined
    for (let tag = tags[next]; tag && tag.line < line; tag = tags[++next]) {
      if (tag.name === '#EXTINF') durationSeconds = decimalOf(tag.value.split(',')[0] ?? '')
      else if (tag.name === '#EXT-X-DISCONTINUITY') hasDiscontinuity = true
      else if (tag.name === '#EXT-X-GAP') isGap = true
      else if (tag.name === '#EXT-X-BYTERANGE') byteRange = tag.value
      else if (tag.name === '#EXT-X-MAP')
        map = [tag.attributes.get('URI') ?? '', tag.attributes.get('BYTERANGE')].filter((part) => part !== undefined).join('#')
      else if (tag.name === '#EXT-X-PROGRAM-DATE-TIME') own = dateTimeOf(tag.value)
    }
    if (hasDiscontinuity) discontinuitySequence += 1
    const dateTime = own ?? carried
    carried = dateTime === undefined ? undefined : dateTime + durationSeconds * 1000
    segments.push({
      uri,
      line,
      sequence: mediaSequence + segments.length,
      discontinuitySequence,
      hasDiscontinuity,
      durationSeconds,
      ownDateTime: own,
      dateTime,
      map,
      byteRange,
      isGap,
    })
  }
  const holdBack = tags.find((tag) => tag.name === '#EXT-X-SERVER-CONTROL')?.attributes.get('HOLD-BACK')
  return {
    targetSeconds: numberOf(tags, '#EXT-X-TARGETDURATION'),
    mediaSequence,
    playlistType: tags.find((tag) => tag.name === '#EXT-X-PLAYLIST-TYPE')?.value,
    hasEndList: tags.some((tag) => tag.name === '#EXT-X-ENDLIST'),
    holdBackSeconds: holdBack === undefined ? undefined : decimalOf(holdBack),
    segments,
  }
}

const numberOf = (tags: readonly Tag[], name: string): number | undefined => {
  const value = tags.find((tag) => tag.name === name)?.value
  return value !== undefined && /^\d{1,16}$/.test(value) ? Number(value) : undefined
}
const decimalOf = (value: string): number => (/^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN)
const dateTimeOf = (value: string): Instant | undefined => {
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : instant(at)
}
