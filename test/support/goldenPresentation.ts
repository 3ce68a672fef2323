import type { InitFacts, SegmentFacts } from '#core/conformanceBoxes.ts'
import type { Answer, Observation } from '#core/conformanceHistory.ts'
import { instant } from '#core/time.ts'

/**
 * A presentation without a fault, as data: two video variants with sound beside them and one of sound alone. The tests of the rules
 * take it and spoil one thing.
 */
const SEGMENT_MS = 5760
const FIRST = 300_000_000
const BASE = 'https://phat.example/hls/tv'

export type Golden = { readonly rounds?: number; readonly listed?: number; readonly isVod?: boolean }

const PLAYLISTS = [
  { id: 'v720', kind: 'video', kbps: 2000, width: 1280, height: 720, codec: 'avc1.64001f' },
  { id: 'v270', kind: 'video', kbps: 400, width: 480, height: 270, codec: 'avc1.4d4015' },
  { id: 'a128', kind: 'audio', kbps: 128, width: 0, height: 0, codec: 'mp4a.40.2' },
] as const
type One = (typeof PLAYLISTS)[number]

export function goldenPresentation({ rounds = 3, listed = 160, isVod = false }: Golden = {}): Observation[] {
  const observations: Observation[] = []
  for (let round = 0; round < rounds; round += 1) {
    const atMs = (FIRST + listed + round) * SEGMENT_MS + 100
    observations.push(playlist(atMs, `${BASE}/master.m3u8`, multivariant()))
    for (const one of PLAYLISTS) {
      const first = isVod ? 0 : FIRST + round
      observations.push(playlist(atMs + 10, `${BASE}/${one.id}/live.m3u8`, mediaText(one, first, listed, isVod)))
      if (round === 0) observations.push(initOf(one, atMs + 20))
      const from = isVod ? (round === 0 ? 0 : listed) : round === 0 ? first + listed - 4 : first + listed - 1
      for (let sequence = from; sequence < first + listed; sequence += 1) observations.push(segmentOf(one, sequence, atMs + 30))
    }
  }
  return observations
}

function multivariant(): string {
  const variant = (kbps: number, more: string) =>
    `#EXT-X-STREAM-INF:BANDWIDTH=${kbps * 1000},AVERAGE-BANDWIDTH=${kbps * 1000},${more},AUDIO="sound"`
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Tiếng Việt",LANGUAGE="vi",DEFAULT=YES,AUTOSELECT=YES,URI="a128/live.m3u8"',
    variant(2128, 'CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000'),
    'v720/live.m3u8',
    variant(528, 'CODECS="avc1.4d4015,mp4a.40.2",RESOLUTION=480x270,FRAME-RATE=25.000'),
    'v270/live.m3u8',
    variant(128, 'CODECS="mp4a.40.2"'),
    'a128/live.m3u8',
    '',
  ].join('\n')
}

function mediaText(one: One, first: number, listed: number, isVod: boolean): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:6', `#EXT-X-MEDIA-SEQUENCE:${first}`]
  if (isVod) lines.push('#EXT-X-PLAYLIST-TYPE:VOD')
  else lines.push('#EXT-X-DISCONTINUITY-SEQUENCE:4', '#EXT-X-SERVER-CONTROL:HOLD-BACK=18.0')
  lines.push('#EXT-X-MAP:URI="init.mp4"')
  lines.push(`#EXT-X-DATERANGE:ID="thoi-su",START-DATE="${dateOf(FIRST)}",DURATION=1800.0`)
  for (let sequence = first; sequence < first + listed; sequence += 1)
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${dateOf(sequence)}`, '#EXTINF:5.76000,', `${sequence}.m4s`)
  if (isVod) lines.push('#EXT-X-ENDLIST')
  return `${lines.join('\n')}\n`
}
const dateOf = (sequence: number) => new Date(sequence * SEGMENT_MS).toISOString()

const CORS = { 'access-control-allow-origin': '*' }
const answer = (atMs: number, url: string, headers: Record<string, string>): Answer => ({
  at: instant(atMs),
  tookMs: 5,
  url,
  status: 200,
  headers: { ...CORS, ...headers },
  isRedirected: false,
})

const playlist = (atMs: number, url: string, text: string): Observation => ({
  kind: 'playlist',
  ...answer(atMs, url, {
    'content-type': 'application/vnd.apple.mpegurl',
    'content-encoding': 'gzip',
    'cache-control': 'public, max-age=1',
    date: new Date(atMs).toUTCString(),
    'last-modified': new Date(atMs).toUTCString(),
  }),
  text,
})

const IMMUTABLE = { 'cache-control': 'public, max-age=31536000, immutable' }

function initOf(one: One, atMs: number): Observation {
  const facts: InitFacts = {
    tracks: [
      {
        id: 1,
        kind: one.kind,
        timescale: one.kind === 'video' ? 12_800 : 48_000,
        codec: one.codec,
        width: one.width,
        height: one.height,
        defaultDuration: 0,
        defaultFlags: 0,
      },
    ],
  }
  const url = `${BASE}/${one.id}/init.mp4`
  return {
    kind: 'init',
    ...answer(atMs, url, { ...IMMUTABLE, 'content-type': 'video/mp4' }),
    sizeBytes: 800,
    digest: one.id,
    facts,
  }
}

function segmentOf(one: One, sequence: number, atMs: number): Observation {
  const isVideo = one.kind === 'video'
  const facts: SegmentFacts = {
    tracks: [
      {
        id: 1,
        decodeTime: (sequence * SEGMENT_MS * (isVideo ? 12_800 : 48_000)) / 1000,
        duration: isVideo ? 73_728 : 276_480,
        samples: isVideo ? 144 : 270,
        isFirstSync: true,
        longestSyncGap: isVideo ? 24_576 : 1024,
      },
    ],
  }
  return {
    kind: 'segment',
    ...answer(atMs, `${BASE}/${one.id}/${sequence}.m4s`, { ...IMMUTABLE, 'content-type': 'video/iso.segment' }),
    sizeBytes: (one.kbps * 1000 * 5.76) / 8,
    digest: `${one.id}-${sequence}`,
    initUrl: `${BASE}/${one.id}/init.mp4`,
    facts,
  }
}
