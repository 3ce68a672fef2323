import { codecsOf, hasVideo, isAudioCodec, isInGroup, type MediaHistory, type Presentation } from './conformanceHistory.ts'
import type { MultivariantPlaylist, Tag, Variant } from './conformancePlaylist.ts'
import { eachVersion, seconds, told, type Breach, type Rule } from './conformanceRule.ts'
import { instant } from './time.ts'

/** Rules about the multivariant playlist, and about what its playlists must have in common. */
export const VARIANT_RULES: readonly Rule[] = [
  variant('bandwidth-missing', 'RFC 8216 §4.3.4.2', (one) => !(rateOf(one, 'BANDWIDTH') > 0) && 'no BANDWIDTH'),
  variant('average-bandwidth-missing', 'A9.14', (one) => !(rateOf(one, 'AVERAGE-BANDWIDTH') > 0) && 'no AVERAGE-BANDWIDTH'),
  variant('codecs-missing', 'A9.1', (one) => codecsOf(one.attributes).length === 0 && 'no CODECS'),
  variant('resolution-missing', 'A9.2', (one) => {
    return hasVideo(one.attributes) && !/^\d+x\d+$/.test(one.attributes.get('RESOLUTION') ?? '') && 'video without RESOLUTION'
  }),
  variant('frame-rate-missing', 'A9.15', (one) => {
    return hasVideo(one.attributes) && !(Number(one.attributes.get('FRAME-RATE')) > 0) && 'video without FRAME-RATE'
  }),
  variant('frame-rate-high', 'A1.19', (one) => {
    const rate = Number(one.attributes.get('FRAME-RATE'))
    return rate > 60 && `FRAME-RATE is ${rate}, above 60`
  }),
  variant('codec-unsupported', 'A1.1', (one) => {
    const bad = codecsOf(one.attributes).find((codec) => !SUPPORTED.test(codec))
    return bad !== undefined && `CODECS names "${bad}", which is no codec of HLS`
  }),
  variant('profile-high', 'A1.3', (one) => {
    const bad = codecsOf(one.attributes).find((codec) => /^avc[13]\./.test(codec) && !isUpToHigh52(codec))
    return bad !== undefined && `"${bad}" is above H.264 High profile level 5.2`
  }),
  variant('group-unknown', 'RFC 8216 §4.3.4.2', ({ attributes }, { renditions }) => {
    const missing = GROUPS.find((type) => {
      const group = attributes.get(type)
      return group !== undefined && group !== 'NONE' && !renditions.some((one) => isInGroup(one, type, group))
    })
    return missing && `${missing}="${attributes.get(missing)}" names a group without EXT-X-MEDIA`
  }),
  rendition('rendition-form', 'RFC 8216 §4.3.4.1', ({ attributes }) => {
    const missing = ['TYPE', 'GROUP-ID', 'NAME'].find((key) => !attributes.get(key))
    return missing && `EXT-X-MEDIA without ${missing}`
  }),
  rendition('language-missing', 'A8.10', ({ attributes }) => {
    return attributes.get('TYPE') !== 'VIDEO' && !attributes.get('LANGUAGE') && `"${attributes.get('NAME')}" has no LANGUAGE`
  }),
  rendition('rendition-twice', 'RFC 8216 §4.3.4.1.1', (tag, { renditions }) => {
    const { attributes } = tag
    const others = renditions.filter(
      (one) => one.line > tag.line && isInGroup(one, attributes.get('TYPE') ?? '', attributes.get('GROUP-ID')),
    )
    if (others.some((one) => one.attributes.get('NAME') === attributes.get('NAME')))
      return `NAME "${attributes.get('NAME')}" stands twice in its group`
    const isDefault = (one: Tag) => one.attributes.get('DEFAULT') === 'YES'
    return isDefault(tag) && others.some(isDefault) && 'two renditions of one group have DEFAULT=YES'
  }),
  whole('stereo-missing', 'A2.3', 'must', ({ variants }) => {
    const codecs = variants.flatMap((one) => codecsOf(one.attributes))
    return codecs.some(isAudioCodec) && !codecs.some((codec) => /^mp4a\.40\.(2|5|29)$/.test(codec)) && 'no variant has AAC sound'
  }),
  whole('variants-one', 'A9.9', 'must', ({ variants }) => {
    return new Set(variants.map((one) => one.attributes.get('BANDWIDTH'))).size < 2 && 'there is only one bit rate'
  }),
  whole('cellular-missing', 'A9.21', 'must', ({ variants }) => {
    const least = Math.min(...variants.map((one) => rateOf(one, 'BANDWIDTH')))
    return least > 192_000 && `the smallest variant needs ${least} bit/s; one of at most 192000 is asked for`
  }),
  whole('aspect-mixed', 'A1.33', 'should', ({ variants }) => {
    const ratios = variants.flatMap((one) => {
      const [width, height] = (one.attributes.get('RESOLUTION') ?? '').split('x').map(Number)
      return width && height ? [width / height] : []
    })
    // Widths are even numbers, so one ratio may be written with 1 % of rounding.
    return Math.max(...ratios) / Math.min(...ratios) > 1.01 && 'variants differ in aspect ratio'
  }),
  {
    code: 'independent-missing',
    clause: 'A9.12',
    severity: 'must',
    *check(presentation) {
      const { multivariant } = presentation
      if (!multivariant || multivariant.playlist.isIndependent) return
      for (const version of eachVersion(presentation))
        if (version.of.role === 'video') yield* told(version, !version.playlist.isIndependent && 'no EXT-X-INDEPENDENT-SEGMENTS')
    },
  },
  whole('independent-not-on-top', 'A9.11', 'should', ({ isIndependent }) => {
    return !isIndependent && 'EXT-X-INDEPENDENT-SEGMENTS belongs in the multivariant playlist'
  }),
  {
    code: 'target-differs',
    clause: 'RFC 8216 §6.2.4',
    severity: 'must',
    *check({ media }) {
      const [first, ...others] = media.filter((one) => one.role !== 'other')
      const target = targetOf(first)
      for (const one of others)
        yield* told(place(one), targetOf(one) !== target && `EXT-X-TARGETDURATION is ${targetOf(one)}, elsewhere ${target}`)
    },
  },
  {
    code: 'length-differs',
    clause: 'A8.3',
    severity: 'must',
    *check({ media }) {
      const whole = media.filter((one) => !one.isLive && one.role !== 'other')
      const length = lengthOf(whole[0])
      for (const one of whole) {
        const offSeconds = Math.abs(lengthOf(one) - length)
        yield* told(place(one), offSeconds > 0.1 && `is ${seconds(lengthOf(one))} long, another is ${seconds(length)}`)
      }
    },
  },
  pairwise('boundaries-differ', 'A8.22', 'should', (mine, theirs) => {
    for (const segment of mine) {
      const other = theirs.find((one) => isInside(segment.dateTime, one))
      if (other) return `segment ${segment.sequence} starts in the middle of segment ${other.sequence} of another variant`
    }
    return false
  }),
  pairwise('discontinuity-differs', 'A8.15', 'must', (mine, theirs) => {
    for (const segment of mine) {
      const other = theirs.find((one) => isSameInstant(one.dateTime, segment.dateTime))
      if (other && other.discontinuitySequence !== segment.discontinuitySequence)
        return `at one instant its discontinuity number is ${segment.discontinuitySequence}, another's ${other.discontinuitySequence}`
    }
    return false
  }),
]

const GROUPS = ['AUDIO', 'VIDEO', 'SUBTITLES', 'CLOSED-CAPTIONS'] as const
const SUPPORTED = /^(avc[13]|hvc1|hev1|dvh1|dvhe|av01|vp09|mp4a|ac-3|ec-3|fLaC|alac|opus|Opus|apac|wvtt|stpp)(\.|$)/
const isUpToHigh52 = (codec: string): boolean => {
  const [, profile = '', level = ''] = /^avc[13]\.([0-9a-fA-F]{2})[0-9a-fA-F]{2}([0-9a-fA-F]{2})$/.exec(codec) ?? []
  return [66, 77, 88, 100].includes(Number.parseInt(profile, 16)) && Number.parseInt(level, 16) <= 52
}
const rateOf = (one: Variant, key: string) => Number(one.attributes.get(key) ?? Number.NaN)

const targetOf = (one: MediaHistory | undefined) => one?.versions.at(-1)?.playlist.targetSeconds
const lengthOf = (one: MediaHistory | undefined) =>
  one?.segments.reduce((sum, { listed }) => sum + listed.durationSeconds, 0) ?? 0
const place = (one: MediaHistory) => ({ url: one.url, at: instant(one.versions[0]?.at ?? 0) })

/** Dates carry milliseconds, so two that mean one instant may be a millisecond or two apart. */
const isSameInstant = (a: number | undefined, b: number | undefined) =>
  a !== undefined && b !== undefined && Math.abs(a - b) <= 40
const isInside = (at: number | undefined, other: { readonly dateTime: number | undefined; readonly durationSeconds: number }) =>
  at !== undefined &&
  other.dateTime !== undefined &&
  at > other.dateTime + 40 &&
  at < other.dateTime + other.durationSeconds * 1000 - 40

function variant(
  code: string,
  clause: string,
  words: (one: Variant, of: MultivariantPlaylist) => string | false | undefined,
): Rule {
  return perItem(code, clause, (playlist) =>
    playlist.variants.map((one) => inLine(`line ${one.line} (${one.uri})`, words(one, playlist))),
  )
}
function rendition(
  code: string,
  clause: string,
  words: (one: Tag, of: MultivariantPlaylist) => string | false | undefined,
): Rule {
  return perItem(code, clause, (playlist) => playlist.renditions.map((one) => inLine(`line ${one.line}`, words(one, playlist))))
}
const inLine = (where: string, words: string | false | undefined) => words && `${where}: ${words}`

function perItem(code: string, clause: string, words: (playlist: MultivariantPlaylist) => (string | false | undefined)[]): Rule {
  return {
    code,
    clause,
    severity: 'must',
    *check({ multivariant }): Generator<Breach> {
      if (multivariant) for (const message of words(multivariant.playlist)) yield* told(multivariant, message)
    },
  }
}
function whole(
  code: string,
  clause: string,
  severity: Rule['severity'],
  words: (playlist: MultivariantPlaylist) => string | false,
): Rule {
  return {
    code,
    clause,
    severity,
    *check({ multivariant }) {
      if (multivariant) yield* told(multivariant, words(multivariant.playlist))
    },
  }
}

type Listed = readonly MediaHistory['segments'][number]['listed'][]
/** Each playlist against the first of the presentation. */
function pairwise(
  code: string,
  clause: string,
  severity: Rule['severity'],
  words: (mine: Listed, theirs: Listed) => string | false,
): Rule {
  return {
    code,
    clause,
    severity,
    *check({ media }: Presentation) {
      const [first, ...others] = media.filter((one) => one.role !== 'other')
      const theirs = first?.segments.map((one) => one.listed) ?? []
      for (const one of others)
        yield* told(
          place(one),
          words(
            one.segments.map((segment) => segment.listed),
            theirs,
          ),
        )
    },
  }
}
