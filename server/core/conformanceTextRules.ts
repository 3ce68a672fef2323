import { eachVersion, told, type Breach, type Rule } from './conformanceRule.ts'
import type { Playlist, Tag } from './conformancePlaylist.ts'
import type { PlaylistObservation, Presentation, Version } from './conformanceHistory.ts'

/** Rules about one playlist's text, of either kind. */
export const TEXT_RULES: readonly Rule[] = [
  {
    code: 'text-header',
    clause: 'RFC 8216 §4.3.1.1',
    severity: 'must',
    check: perText(({ text }) => {
      const first = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? ''
      return first.trimEnd() !== '#EXTM3U' && `the first line is "${first.slice(0, 40)}", not #EXTM3U`
    }),
  },
  {
    code: 'text-bom',
    clause: 'RFC 8216 §4.1',
    severity: 'must',
    check: perText(({ text }) => text.startsWith('\uFEFF') && 'the text starts with a byte order mark'),
  },
  {
    code: 'text-control',
    clause: 'RFC 8216 §4.1',
    severity: 'must',
    check: perText(({ text }) => {
      const found = [...text].find(isControl)
      return found !== undefined && `the text holds the control character U+${hex(found)}`
    }),
  },
  {
    code: 'text-utf8',
    clause: 'RFC 8216 §4.1',
    severity: 'must',
    check: perText(({ text }) => text.includes('\uFFFD') && 'the text is not UTF-8'),
  },
  {
    code: 'attribute-form',
    clause: 'RFC 8216 §4.2',
    severity: 'must',
    *check(presentation) {
      for (const version of playlists(presentation)) {
        const fault = version.playlist.faults[0]
        yield* told(version, fault && `line ${fault.line}: ${fault.message}`)
      }
    },
  },
  {
    code: 'tag-twice',
    clause: 'RFC 8216 §4.3',
    severity: 'must',
    *check(presentation) {
      for (const version of playlists(presentation)) {
        const twice = ONCE.find((name) => version.playlist.tags.filter((tag) => tag.name === name).length > 1)
        yield* told(version, twice && `${twice} stands more than once`)
      }
    },
  },
  {
    code: 'tag-mixed',
    clause: 'RFC 8216 §4.1',
    severity: 'must',
    *check(presentation) {
      for (const version of playlists(presentation)) {
        if (version.playlist.kind !== 'multivariant') continue
        const stray = version.playlist.tags.find((tag) => MEDIA_ONLY.has(tag.name))
        yield* told(version, stray && `line ${stray.line}: ${stray.name} belongs in media playlists, not beside variants`)
      }
    },
  },
  {
    code: 'version-low',
    clause: 'RFC 8216 §7',
    severity: 'must',
    *check(presentation) {
      for (const version of playlists(presentation)) {
        const needed = neededVersion(version.playlist)
        yield* told(
          version,
          needed.version > version.playlist.version &&
            `EXT-X-VERSION is ${version.playlist.version}, but ${needed.because} needs ${needed.version}`,
        )
      }
    },
  },
]

const ONCE = [
  '#EXTM3U',
  '#EXT-X-VERSION',
  '#EXT-X-TARGETDURATION',
  '#EXT-X-MEDIA-SEQUENCE',
  '#EXT-X-DISCONTINUITY-SEQUENCE',
  '#EXT-X-PLAYLIST-TYPE',
  '#EXT-X-ENDLIST',
  '#EXT-X-SERVER-CONTROL',
]
const MEDIA_ONLY = new Set(['#EXTINF', '#EXT-X-TARGETDURATION', '#EXT-X-MEDIA-SEQUENCE', '#EXT-X-MAP', '#EXT-X-ENDLIST'])

/** RFC 8216 §4.1: no characters of Unicode's category Cc but CR and LF (U+0009 is one too). */
function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return (code < 0x20 && code !== 0x0a && code !== 0x0d) || (code >= 0x7f && code <= 0x9f)
}
const hex = (character: string) => (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')

/** RFC 8216 §7 and 8216bis §8, for the tags we know. */
function neededVersion({ tags }: Playlist): { readonly version: number; readonly because: string } {
  const has = (name: string) => tags.some((tag) => tag.name === name)
  const hasAttribute = (name: string, attribute: string) => tags.some((tag) => tag.name === name && tag.attributes.has(attribute))
  const needs: readonly (readonly [number, boolean, string])[] = [
    [9, has('#EXT-X-SKIP'), 'EXT-X-SKIP'],
    [8, has('#EXT-X-DEFINE'), 'EXT-X-DEFINE'],
    [6, has('#EXT-X-MAP') && !has('#EXT-X-I-FRAMES-ONLY'), 'EXT-X-MAP'],
    [5, has('#EXT-X-MAP') || hasAttribute('#EXT-X-KEY', 'KEYFORMAT'), 'EXT-X-MAP or KEYFORMAT'],
    [4, has('#EXT-X-BYTERANGE') || has('#EXT-X-I-FRAMES-ONLY'), 'EXT-X-BYTERANGE or EXT-X-I-FRAMES-ONLY'],
    [3, tags.some(isDecimalDuration), 'a duration with decimals'],
    [2, hasAttribute('#EXT-X-KEY', 'IV'), 'IV of EXT-X-KEY'],
  ]
  const [version, , because] = needs.find(([, applies]) => applies) ?? [1, true, 'nothing']
  return { version, because }
}
const isDecimalDuration = (tag: Tag) => tag.name === '#EXTINF' && (tag.value.split(',')[0] ?? '').includes('.')

function perText(words: (version: PlaylistObservation) => string | false) {
  return function* (presentation: Presentation): Generator<Breach> {
    for (const version of playlists(presentation)) yield* told(version, words(version))
  }
}

function* playlists(presentation: Presentation): Generator<Version<Playlist>> {
  if (presentation.multivariant) yield presentation.multivariant
  yield* eachVersion(presentation)
}
