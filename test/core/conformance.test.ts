import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkHistory, mergeFindings, RULES } from '#core/conformance.ts'
import type { Observation } from '#core/conformanceHistory.ts'
import { goldenPresentation, type Golden } from '../support/goldenPresentation.ts'
import {
  allMedia,
  answers,
  fragments,
  header,
  inits,
  isPlaylist,
  isSegment,
  later,
  sizes,
  text,
  withMore,
} from '../support/spoil.ts'
import type { Spoil } from '../support/spoil.ts'

type Case = {
  readonly code: string
  readonly spoil: Spoil
  /** What the same fault breaks besides. */
  readonly also?: readonly string[]
  readonly golden?: Golden
}

const VOD: Golden = { isVod: true, rounds: 1, listed: 12 }
const V720 = 'v720/live.m3u8'
const swap = (which: string, from: string | RegExp, to: string) => text(which, (one) => one.replace(from, to))
/** Takes the first `count` segments off the list and numbers on, so that only the length changes. */
const shortened = (count: number) =>
  allMedia((one) => {
    const lines = one.split('\n')
    const first = lines.findIndex((line) => line.startsWith('#EXT-X-PROGRAM'))
    const sequence = Number(/MEDIA-SEQUENCE:(\d+)/.exec(one)?.[1])
    return [...lines.slice(0, first), ...lines.slice(first + 3 * count)]
      .join('\n')
      .replace(String(sequence), String(sequence + count))
  })
const discontinuityBefore = (one: string, nth: number) => {
  let seen = 0
  return one.replace(/#EXT-X-PROGRAM-DATE-TIME/g, (tag) => (seen++ === nth ? `#EXT-X-DISCONTINUITY\n${tag}` : tag))
}

const missing = (one: Observation) => ({ status: 404, headers: { ...one.headers, 'cache-control': 'max-age=1' } })

const CASES: readonly Case[] = [
  // Text
  { code: 'text-header', spoil: swap(V720, '#EXTM3U', '# a comment') },
  { code: 'text-bom', spoil: text(V720, (one) => `\uFEFF${one}`) },
  { code: 'text-control', spoil: swap(V720, '#EXT-X-MAP', '# bell \u0007\n#EXT-X-MAP') },
  { code: 'text-utf8', spoil: swap('master', 'Tiếng', 'Ti\uFFFDng') },
  { code: 'attribute-form', spoil: swap('master', 'DEFAULT=YES,', 'DEFAULT = YES,') },
  { code: 'attribute-form', spoil: swap('master', 'DEFAULT=YES,', 'DEFAULT=YES,DEFAULT=YES,') },
  { code: 'tag-twice', spoil: swap(V720, '#EXT-X-VERSION:7', '#EXT-X-VERSION:7\n#EXT-X-VERSION:7') },
  { code: 'tag-mixed', spoil: swap('master', '#EXT-X-INDEPENDENT', '#EXT-X-TARGETDURATION:6\n#EXT-X-INDEPENDENT') },
  { code: 'version-low', spoil: swap(V720, 'VERSION:7', 'VERSION:5') },
  { code: 'version-low', spoil: swap(V720, 'VERSION:7', 'VERSION:2') },
  { code: 'version-low', spoil: swap(V720, '#EXT-X-MAP', '#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n#EXT-X-MAP') },
  // One media playlist
  { code: 'target-missing', spoil: swap(V720, /#EXT-X-TARGETDURATION.*\n/, ''), also: ['target-differs'] },
  { code: 'extinf-form', spoil: swap(V720, '#EXTINF:5.76000,', '#EXTINF:soon,'), also: ['segment-changed'] },
  {
    code: 'segment-over-target',
    spoil: allMedia((one) => one.replace('TARGETDURATION:6', 'TARGETDURATION:5')),
    also: ['segment-long', 'target-six'],
  },
  { code: 'map-missing', spoil: swap(V720, /#EXT-X-MAP.*\n/, '') },
  {
    code: 'date-time-missing',
    spoil: allMedia((one) => one.replaceAll(/#EXT-X-(PROGRAM-DATE-TIME|DATERANGE).*\n/g, '')),
    also: ['programmes-unmarked'],
  },
  { code: 'date-time-partly', spoil: text(V720, (one) => one.replace(/(\.m4s\n)#EXT-X-PROGRAM.*\n/, '$1')) },
  {
    code: 'date-time-gap',
    spoil: text(V720, (one) => one.replaceAll('5.76000', '5.70000')),
    also: ['extinf-differs'],
  },
  { code: 'window-segments', spoil: shortened(155), also: ['window-quarter-hour'] },
  {
    code: 'window-short',
    spoil: shortened(157),
    also: ['window-quarter-hour', 'window-segments'],
  },
  { code: 'window-quarter-hour', spoil: shortened(10) },
  { code: 'target-six', spoil: allMedia((one) => one.replace('TARGETDURATION:6', 'TARGETDURATION:7').replace('18.0', '21.0')) },
  { code: 'type-without-end', spoil: swap('live', '#EXT-X-ENDLIST\n', ''), golden: VOD, also: ['window-quarter-hour'] },
  { code: 'type-missing', spoil: swap('live', '#EXT-X-PLAYLIST-TYPE:VOD\n', ''), golden: VOD },
  {
    code: 'tag-late',
    spoil: text(V720, (one) => `${one.replace(/#EXT-X-DISCONTINUITY-SEQUENCE.*\n/, '')}#EXT-X-DISCONTINUITY-SEQUENCE:4\n`),
  },
  {
    code: 'discontinuity-sequence-missing',
    spoil: allMedia((one, round) => discontinuityBefore(one.replace(/#EXT-X-DISCONTINUITY-SEQUENCE.*\n/, ''), 100 - round)),
  },
  { code: 'programmes-unmarked', spoil: swap(V720, /#EXT-X-DATERANGE.*\n/, '') },
  { code: 'date-range-form', spoil: swap(V720, /ID="thoi-su",/, '') },
  { code: 'date-range-form', spoil: swap(V720, /START-DATE="[^"]*"/, 'START-DATE="07:00"') },
  { code: 'date-range-form', spoil: swap(V720, 'DURATION=1800.0', 'DURATION=30m') },
  { code: 'date-range-form', spoil: swap(V720, 'DURATION=1800.0', 'END-ON-NEXT=YES') },
  { code: 'date-range-form', spoil: swap(V720, 'DURATION=1800.0', 'END-DATE="2001-01-01T00:00:00Z"') },
  { code: 'hold-back-short', spoil: swap(V720, 'HOLD-BACK=18.0', 'HOLD-BACK=12.0') },
  // Changes
  {
    code: 'sequence-fell',
    spoil: text(V720, (one, round) => (round === 2 ? one.replace(/MEDIA-SEQUENCE:\d+/, 'MEDIA-SEQUENCE:0') : one)),
  },
  {
    code: 'sequence-jumped',
    spoil: text(V720, (one, round) => (round === 2 ? one.replace(/MEDIA-SEQUENCE:\d+/, 'MEDIA-SEQUENCE:300009999') : one)),
    also: ['segment-renumbered'],
  },
  {
    code: 'segment-renumbered',
    spoil: text(V720, (one, round) => (round === 2 ? one.replace(/(MEDIA-SEQUENCE:30000000)2/, '$13') : one)),
    also: ['segment-changed', 'date-time-moved', 'decode-time-gap'],
  },
  {
    code: 'segment-changed',
    spoil: text(V720, (one, round) => (round === 2 ? one.replace('300000100.m4s', 'other.m4s') : one)),
  },
  {
    code: 'segment-changed',
    spoil: text(V720, (one, round) => (round === 2 ? one.replace('"init.mp4"', '"init2.mp4"') : one)),
  },
  {
    code: 'date-time-moved',
    spoil: text(V720, (one, round) =>
      round === 2
        ? one.replaceAll(/TIME:(.*)/g, (_, date: string) => `TIME:${new Date(Date.parse(date) + 20).toISOString()}`)
        : one,
    ),
  },
  {
    code: 'discontinuity-count',
    spoil: allMedia((one, round) => (round === 2 ? one.replace('DISCONTINUITY-SEQUENCE:4', 'DISCONTINUITY-SEQUENCE:5') : one)),
  },
  {
    code: 'tail-removed',
    spoil: text(V720, (one, round) => (round === 2 ? one.replace(/(.*\n){6}$/, '') : one)),
    golden: { listed: 170 },
  },
  {
    code: 'target-changed',
    spoil: allMedia((one, round) =>
      round === 2 ? one.replace('TARGETDURATION:6', 'TARGETDURATION:7').replace('=18.0', '=21.0') : one,
    ),
    also: ['target-six'],
  },
  { code: 'type-sliding', spoil: swap(V720, '#EXT-X-MAP', '#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-MAP') },
  { code: 'end-taken-back', spoil: text(V720, (one, round) => (round === 1 ? `${one}#EXT-X-ENDLIST\n` : one)) },
  {
    code: 'sequence-missing',
    spoil: allMedia((one) => one.replace(/#EXT-X-MEDIA-SEQUENCE.*\n/, '')),
    also: ['segment-renumbered', 'segment-changed', 'date-time-moved', 'stale'],
  },
  {
    code: 'date-range-changed',
    spoil: text(V720, (one, round) => (round === 2 ? one.replace('DURATION=1800', 'DURATION=1900') : one)),
  },
  {
    code: 'updated-early',
    // The first version is still seen just before the second comes, the third follows at once.
    spoil: (history) => {
      const first = history.filter((one) => one.url.includes(V720))[0]
      const end = Number(history.at(-1)?.at)
      return [
        ...history.map((one) => (one.at > end - 100 ? later(one, -4000) : one)),
        ...(first && isPlaylist(first) ? [later({ ...first, headers: { ...first.headers, 'last-modified': '' } }, 5700)] : []),
      ]
    },
  },
  {
    code: 'stale',
    spoil: withMore((history) => {
      const last = history.filter((one) => isPlaylist(one) && one.url.includes(V720)).at(-1)
      return last ? [later({ ...last, headers: { ...last.headers, 'last-modified': '' } }, 9100)] : []
    }),
  },
  // Variants
  { code: 'bandwidth-missing', spoil: swap('master', 'BANDWIDTH=2128000,', '') },
  { code: 'average-bandwidth-missing', spoil: swap('master', 'AVERAGE-BANDWIDTH=2128000,', '') },
  { code: 'codecs-missing', spoil: swap('master', 'CODECS="mp4a.40.2",', '') },
  { code: 'resolution-missing', spoil: swap('master', 'RESOLUTION=1280x720,', '') },
  { code: 'frame-rate-missing', spoil: swap('master', ',FRAME-RATE=25.000', '') },
  { code: 'frame-rate-high', spoil: swap('master', 'FRAME-RATE=25.000', 'FRAME-RATE=120.000') },
  { code: 'codec-unsupported', spoil: swap('master', 'mp4a.40.2"', 'mp4a.40.2,vp8"') },
  { code: 'profile-high', spoil: swap('master', 'avc1.64001f', 'avc1.640035'), also: ['codec-differs'] },
  { code: 'group-unknown', spoil: swap('master', 'AUDIO="sound"\nv720', 'AUDIO="noise"\nv720') },
  { code: 'rendition-form', spoil: swap('master', 'NAME="Tiếng Việt",', '') },
  { code: 'language-missing', spoil: swap('master', 'LANGUAGE="vi",', '') },
  { code: 'rendition-twice', spoil: text('master', (one) => one.replace(/(#EXT-X-MEDIA.*\n)/, '$1$1')) },
  {
    code: 'rendition-twice',
    spoil: text('master', (one) =>
      one.replace(/(#EXT-X-MEDIA.*\n)/, (tag: string) => tag + tag.replace('Tiếng Việt', 'Tiếng Thái')),
    ),
  },
  {
    code: 'stereo-missing',
    spoil: text('master', (one) => one.replaceAll('mp4a.40.2', 'ec-3')),
    also: ['codec-differs'],
  },
  {
    code: 'variants-one',
    spoil: text('master', (one) => one.replaceAll(/BANDWIDTH=\d+/g, 'BANDWIDTH=2128000')),
    also: ['cellular-missing'],
  },
  {
    code: 'cellular-missing',
    spoil: swap('master', 'BANDWIDTH=128000,AVERAGE-BANDWIDTH', 'BANDWIDTH=200000,AVERAGE-BANDWIDTH'),
  },
  { code: 'aspect-mixed', spoil: swap('master', '480x270', '480x360'), also: ['resolution-differs'] },
  {
    code: 'independent-missing',
    spoil: swap('master', '#EXT-X-INDEPENDENT-SEGMENTS\n', ''),
    also: ['independent-not-on-top'],
  },
  {
    code: 'independent-not-on-top',
    spoil: (history) =>
      swap(
        'v',
        '#EXT-X-MAP',
        '#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP',
      )(swap('master', '#EXT-X-INDEPENDENT-SEGMENTS\n', '')(history)),
  },
  { code: 'target-differs', spoil: swap(V720, 'TARGETDURATION:6', 'TARGETDURATION:7'), also: ['target-six', 'hold-back-short'] },
  {
    code: 'length-differs',
    spoil: swap('a128', /#EXT-X-PROGRAM-DATE-TIME.*\n.*\n11\.m4s\n/, ''),
    golden: VOD,
  },
  {
    code: 'boundaries-differ',
    spoil: text('a128/live', (one) =>
      one.replaceAll(/TIME:(.*)/g, (_, date: string) => `TIME:${new Date(Date.parse(date) + 1000).toISOString()}`),
    ),
    also: ['sound-offset'],
  },
  { code: 'discontinuity-differs', spoil: swap('a128/live', 'SEQUENCE:4', 'SEQUENCE:5') },
  // Media
  { code: 'init-invalid', spoil: inits('v720', () => ({ facts: undefined }) as never) },
  { code: 'segment-invalid', spoil: answers('v720/3', () => ({ facts: undefined }) as never) },
  {
    code: 'two-sounds',
    spoil: inits('a128', ({ facts }) => {
      const tracks = facts?.tracks ?? []
      return { facts: { tracks: [...tracks, ...tracks.map((track) => ({ ...track, id: 2 }))] } }
    }),
  },
  { code: 'sync-missing', spoil: fragments('v720', () => ({ isFirstSync: false })) },
  { code: 'sync-rare', spoil: fragments('v720', () => ({ longestSyncGap: 73_728 })) },
  {
    code: 'segment-long',
    spoil: fragments('v720/300000160', (facts) => ({ duration: facts.duration + 12_800 })),
    also: ['decode-time-gap', 'extinf-differs', 'sound-length-differs'],
  },
  {
    code: 'decode-time-gap',
    spoil: fragments('v720/300000160', (facts) => ({ decodeTime: facts.decodeTime + 256 })),
  },
  {
    code: 'extinf-differs',
    // Each is 10 ms off, less than a frame; the sum of six is not. Dates tell the truth, so only the lengths are wrong.
    spoil: text(V720, (one) => one.replaceAll('5.76000', '5.75000')),
  },
  {
    code: 'date-time-drift',
    // The clock of the samples runs away from the dates by 25 ms per segment.
    spoil: fragments('v720', (facts, url) => {
      const steps = Number(/(\d+)\.m4s/.exec(url)?.[1]) - 300_000_156
      return { decodeTime: facts.decodeTime + steps * 320, duration: facts.duration + 320 }
    }),
    also: ['extinf-differs', 'sound-offset'],
  },
  { code: 'sound-offset', spoil: fragments('a128', (facts) => ({ decodeTime: facts.decodeTime + 4800 })) },
  {
    code: 'sound-length-differs',
    spoil: fragments('a128/300000161', (facts) => ({ duration: facts.duration - 2048 })),
    also: ['extinf-differs'],
  },
  {
    code: 'codec-differs',
    spoil: inits('v270', ({ facts }) => ({
      facts: { tracks: (facts?.tracks ?? []).map((one) => ({ ...one, codec: 'avc1.640028' })) },
    })),
  },
  {
    code: 'resolution-differs',
    spoil: inits('v270', ({ facts }) => ({ facts: { tracks: (facts?.tracks ?? []).map((one) => ({ ...one, width: 640 })) } })),
  },
  // Rates
  { code: 'peak-over-bandwidth', spoil: sizes('v720/300000160', 1.4) },
  {
    code: 'average-over-bandwidth',
    spoil: swap('master', 'AVERAGE-BANDWIDTH=2128000', 'AVERAGE-BANDWIDTH=1900000'),
    golden: VOD,
  },
  {
    code: 'bandwidth-overstated',
    spoil: swap('master', 'BANDWIDTH=2128000', 'BANDWIDTH=2500000'),
    golden: VOD,
  },
  {
    code: 'average-overstated',
    // One segment keeps the peak.
    spoil: answers('v720/', (one) => (isSegment(one) && !one.url.endsWith('/5.m4s') ? { sizeBytes: one.sizeBytes * 0.8 } : {})),
    golden: VOD,
  },
  { code: 'average-over-peak', spoil: swap('master', 'AVERAGE-BANDWIDTH=2128000', 'AVERAGE-BANDWIDTH=2200000') },
  // Delivery
  { code: 'playlist-unavailable', spoil: answers('a128/live', (_, round) => (round === 2 ? { status: 503 } : {})) },
  { code: 'segment-unavailable', spoil: answers('a128/300000161', (one) => missing(one)) },
  {
    code: 'segment-dropped-early',
    spoil: withMore((history) => {
      const [first] = history.filter((one) => isSegment(one) && one.url.includes('v720'))
      const url = first?.url.replace(/\d+\.m4s/, '300000000.m4s') ?? ''
      return first ? [{ ...later(first, 20_000), ...missing(first), url }] : []
    }),
  },
  {
    code: 'bytes-changed',
    spoil: withMore((history) => {
      const [first] = history.filter(isSegment)
      return first ? [{ ...later(first, 1000), digest: 'other' }] : []
    }),
  },
  { code: 'redirected', spoil: answers('v720/3', () => ({ isRedirected: true })) },
  { code: 'not-compressed', spoil: header(V720, 'content-encoding', '') },
  { code: 'type-playlist', spoil: header('master', 'content-type', 'text/plain; charset=utf-8') },
  { code: 'type-media', spoil: header('v720/3', 'content-type', 'application/octet-stream') },
  { code: 'cors-missing', spoil: header('master', 'access-control-allow-origin', '') },
  { code: 'not-encrypted', spoil: (history) => history.map((one) => ({ ...one, url: one.url.replace('https:', 'http:') })) },
  { code: 'cache-playlist', spoil: header(V720, 'cache-control', 'public, max-age=30') },
  { code: 'cache-playlist', spoil: header(V720, 'cache-control', '') },
  { code: 'cache-media', spoil: header('v720/3', 'cache-control', 'no-store') },
  {
    code: 'cache-missing',
    spoil: answers('a128/300000161', (one) => ({ status: 404, headers: { ...one.headers, 'cache-control': 'max-age=60' } })),
    also: ['segment-unavailable'],
  },
  { code: 'last-modified-old', spoil: header(V720, 'last-modified', 'Mon, 01 Jan 2024 00:00:00 GMT') },
]

const codesOf = (findings: readonly { readonly code: string }[]) => [...new Set(findings.map((one) => one.code))].toSorted()

test('a faultless live presentation has no finding at all', () => {
  assert.deepEqual(checkHistory(goldenPresentation()), [])
})

test('a faultless finished presentation has no finding at all', () => {
  assert.deepEqual(checkHistory(goldenPresentation(VOD)), [])
})

for (const { code, spoil, also = [], golden } of CASES)
  test(`${code}: found where it is broken, with nothing beside it that is not`, () => {
    const findings = checkHistory(spoil(goldenPresentation(golden)))
    assert.deepEqual(codesOf(findings), [code, ...also].toSorted(), JSON.stringify(findings, null, 1))
  })

test('every rule has a case of its own', () => {
  assert.deepEqual(
    RULES.map((rule) => rule.code).filter((code) => !CASES.some((one) => one.code === code)),
    [],
  )
})

test('names of rules are unique, and each cites a clause', () => {
  assert.equal(new Set(RULES.map((rule) => rule.code)).size, RULES.length)
  for (const rule of RULES) assert.match(rule.clause, /^(RFC 8216(bis)? (§[\d.]+|App\. B)|A\d+(\.\d+)?)$/)
})

test('a fault of many segments is one finding with a count, musts come first', () => {
  const findings = checkHistory(
    fragments('v720', () => ({ isFirstSync: false }))(header('master', 'access-control-allow-origin', '')(goldenPresentation())),
  )
  assert.deepEqual(
    findings.map(({ code, count, severity }) => ({ code, count, severity })),
    [
      { code: 'sync-missing', count: 6, severity: 'must' },
      { code: 'cors-missing', count: 3, severity: 'should' },
    ],
  )
  assert.deepEqual(
    mergeFindings(findings, findings).map((one) => one.count),
    [6, 3],
  )
})
