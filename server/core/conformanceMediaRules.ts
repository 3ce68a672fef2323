import { codecsOf, isAudioCodec, mediaOf, type Measured, type Media, type MediaHistory } from './conformanceHistory.ts'
import { seconds, told, type Breach, type Rule } from './conformanceRule.ts'

/** Rules about what stands in the init sections and segments. They are silent about what was not fetched. */
export const MEDIA_RULES: readonly Rule[] = [
  {
    code: 'init-invalid',
    clause: 'RFC 8216 §3.3',
    severity: 'must',
    *check({ inits }) {
      for (const one of [...inits.values()].flat())
        yield* told(one, one.status < 300 && !one.facts && 'the init section holds no track (moov, trak)')
    },
  },
  {
    code: 'segment-invalid',
    clause: 'RFC 8216 §3.3',
    severity: 'must',
    *check({ segments }) {
      for (const one of [...segments.values()].flat())
        if (one.status < 300 && one.initUrl !== undefined)
          yield* told(one, !one.facts && 'the segment holds no fragment (moof, traf, tfdt) of the tracks of its init section')
    },
  },
  {
    code: 'two-sounds',
    clause: 'A2.17',
    severity: 'must',
    *check({ inits }) {
      for (const one of [...inits.values()].flat()) {
        const count = one.facts?.tracks.filter((track) => track.kind === 'audio').length ?? 0
        yield* told(one, count > 1 && `${count} audio streams in one segment`)
      }
    },
  },
  perSegment('sync-missing', 'A7.4', 'must', ({ fragment, kind }) => {
    return kind === 'video' && !fragment.isFirstSync && 'the first picture is not a sync sample (IDR)'
  }),
  perSegment('sync-rare', 'A1.13', 'should', ({ fragment, kind, timescale, frameSeconds }) => {
    const gap = fragment.longestSyncGap / timescale
    return kind === 'video' && gap > 2 + frameSeconds && `${seconds(gap)} without a sync sample, one each 2 s is advised`
  }),
  perSegment('segment-long', 'A7.7', 'must', ({ durationSeconds }, _segment, of) => {
    const target = of.versions.at(-1)?.playlist.targetSeconds ?? Number.POSITIVE_INFINITY
    return (
      durationSeconds > target + 0.5 && `lasts ${seconds(durationSeconds)}, target duration ${target} and half a second at most`
    )
  }),
  perPair('decode-time-gap', 'A7.3', (before, after) => {
    const offMs = (after.startSeconds - before.startSeconds - before.durationSeconds) * 1000
    // One unit of the coarsest usual time scale (1/1000 s): writers that round are not at fault.
    return Math.abs(offMs) > 1.05 && `decode time is ${offMs.toFixed(1)} ms off the end of the segment before it`
  }),
  {
    code: 'extinf-differs',
    clause: 'A8.1',
    severity: 'must',
    *check({ media }) {
      for (const one of media)
        for (const run of runsOf(one)) {
          // The sums of all runs are the differences of one running total: its spread is the worst of them.
          let [total, low, high] = [0, 0, 0]
          let frame = 0
          for (const { segment, media: real } of run) {
            total += segment.listed.durationSeconds - real.durationSeconds
            low = Math.min(low, total)
            high = Math.max(high, total)
            frame = Math.max(frame, real.frameSeconds)
          }
          const last = run.at(-1)?.segment
          if (last)
            yield* told(last, high - low > frame + 1e-6 && `EXTINF and real lengths differ by ${seconds(high - low)} over a run`)
        }
    },
  },
  {
    code: 'date-time-drift',
    clause: 'RFC 8216 §4.3.2.6',
    severity: 'must',
    *check({ media }) {
      for (const one of media)
        for (const run of runsOf(one)) {
          const dated = run.filter(({ segment }) => segment.listed.dateTime !== undefined)
          const offsets = dated.map((item) => offsetOf(item))
          const spread = Math.max(...offsets) - Math.min(...offsets)
          const first = dated[0]
          if (first) yield* told(first.segment, spread > FRAME_SECONDS && `dates and decode times part by ${seconds(spread)}`)
        }
    },
  },
  {
    code: 'sound-offset',
    clause: 'RFC 8216 §6.2.4',
    severity: 'must',
    *check({ media }) {
      const offsets = media
        .filter((one) => one.role !== 'other')
        .flatMap((one) => runsOf(one).flat().slice(-1))
        .filter(({ segment }) => segment.listed.dateTime !== undefined)
      const [first = undefined, ...others] = offsets
      for (const other of others) {
        const off = first ? Math.abs(offsetOf(other) - offsetOf(first)) : 0
        yield* told(other.segment, off > FRAME_SECONDS && `decode time at one instant is ${seconds(off)} off another playlist's`)
      }
    },
  },
  {
    code: 'sound-length-differs',
    clause: 'A8.3',
    severity: 'must',
    *check({ media }) {
      const [first, ...others] = media.filter((one) => one.role !== 'other').map((one) => runsOf(one).flat())
      const known = new Map((first ?? []).map((item) => [Math.round((item.segment.listed.dateTime ?? -1) / 40), item]))
      for (const { segment, media: real } of others.flat()) {
        const twin = known.get(Math.round((segment.listed.dateTime ?? -2) / 40))
        const off = twin ? Math.abs(twin.media.durationSeconds - real.durationSeconds) : 0
        yield* told(
          segment,
          off > FRAME_SECONDS && `lasts ${seconds(off)} more or less than the segment of the same instant elsewhere`,
        )
      }
    },
  },
  {
    code: 'codec-differs',
    clause: 'RFC 8216 §4.3.4.2',
    severity: 'must',
    *check({ variants, multivariant }) {
      if (!multivariant) return
      for (const { attributes, media, audio, line } of variants) {
        const said = codecsOf(attributes)
        for (const track of [media, ...audio].flatMap(
          (one) => one?.segments.find((segment) => segment.init)?.init?.tracks ?? [],
        )) {
          const isTold = said.length === 0 || !track.codec.includes('.') || said.some((codec) => isSameCodec(codec, track.codec))
          yield* told(multivariant, !isTold && `line ${line}: CODECS says "${said.join(',')}", the media is ${track.codec}`)
        }
      }
    },
  },
  {
    code: 'resolution-differs',
    clause: 'A9.2',
    severity: 'must',
    *check({ variants, multivariant }) {
      if (!multivariant) return
      for (const { attributes, media, line } of variants) {
        const track = media?.segments.find((segment) => segment.init)?.init?.tracks.find((one) => one.kind === 'video')
        const said = attributes.get('RESOLUTION')
        const is = track && `${track.width}x${track.height}`
        yield* told(multivariant, !!is && !!said && said !== is && `line ${line}: RESOLUTION says ${said}, the media is ${is}`)
      }
    },
  },
]

/** 25 fps: what an eye or ear could notice between two clocks of one presentation. */
const FRAME_SECONDS = 0.04

/** The constraint byte of H.264 may be written differently for one stream; profile and level may not. */
const isSameCodec = (said: string, is: string): boolean =>
  isAudioCodec(said) || !/^avc[13]\./.test(said)
    ? said.toLowerCase() === is.toLowerCase()
    : is.startsWith('avc') && said.slice(5, 7).toLowerCase() === is.slice(5, 7) && said.slice(9).toLowerCase() === is.slice(9)

type Timed = { readonly segment: Measured; readonly media: Media }
const offsetOf = ({ segment, media }: Timed) => media.startSeconds - (segment.listed.dateTime ?? 0) / 1000

/** Runs of fetched segments that follow each other without a hole or a discontinuity. */
function runsOf({ segments }: MediaHistory): Timed[][] {
  const runs: Timed[][] = []
  let last: number | undefined
  for (const segment of segments) {
    const media = mediaOf(segment)
    if (!media) continue
    const current = last === segment.listed.sequence - 1 && !segment.listed.hasDiscontinuity ? runs.at(-1) : undefined
    if (current) current.push({ segment, media })
    else runs.push([{ segment, media }])
    last = segment.listed.sequence
  }
  return runs
}

function perSegment(
  code: string,
  clause: string,
  severity: Rule['severity'],
  words: (media: Media, segment: Measured, of: MediaHistory) => string | false,
): Rule {
  return {
    code,
    clause,
    severity,
    *check({ media }): Generator<Breach> {
      for (const of of media)
        for (const { segment, media: real } of runsOf(of).flat()) yield* told(segment, words(real, segment, of))
    },
  }
}
function perPair(code: string, clause: string, words: (before: Media, after: Media) => string | false): Rule {
  return {
    code,
    clause,
    severity: 'must',
    *check({ media }): Generator<Breach> {
      for (const run of media.flatMap(runsOf))
        for (const [index, after] of run.entries()) {
          const before = run[index - 1]
          if (before) yield* told(after.segment, words(before.media, after.media))
        }
    },
  }
}
