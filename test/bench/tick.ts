import type { Segment } from '#core/slices.ts'
import { LIVE_WINDOW_TICKS } from '#core/playlist.ts'
import { instant, plusMs, tick, tickAt } from '#core/time.ts'
import { createPlaylists } from '../../server/origin/playlists.ts'
import type { AiredChannel } from '../../server/origin/ports.ts'
import type { Row } from './row.ts'

const CHANNELS = 1_000
const TICKS = 30

/** A thousand channels, each asked for its live playlist (text, ETag, gzip) once per segment: share of one core. No ffmpeg runs. */
export async function benchTick(): Promise<readonly Row[]> {
  const start = tickAt(instant(Date.UTC(2026, 0, 1)))
  const channels = Array.from({ length: CHANNELS }, (_, index) => channelOf(`kenh-${index}`, tick(start - (index % 6))))
  const playlists = createPlaylists()
  const airTick = (round: number): void => {
    const at = plusMs(instant(Date.UTC(2026, 0, 1)), round * 1_920)
    for (const channel of channels) playlists.media(channel, at, LIVE_WINDOW_TICKS).body('gzip')
  }
  // A channel that has just come on air writes its whole window; later ticks only what is new.
  airTick(0)
  const before = process.cpuUsage()
  for (let round = 1; round <= TICKS; round += 1) airTick(round)
  const spent = process.cpuUsage(before)
  const share = (100 * (spent.user + spent.system)) / 1e6 / (TICKS * 1.92)
  return [
    {
      name: '1,000 channels: live playlists with ETag and gzip',
      value: share,
      target: 2,
      unit: '% of a core',
      isGood: share <= 2,
      note: '0 ffmpeg running',
    },
  ]
}

function channelOf(id: string, start: number): AiredChannel {
  const segments: readonly Segment[] = Array.from({ length: 120 }, (_, index) => ({
    sequence: 5_000 + index,
    from: tick(start - 220 + index * 6),
    ticks: 6,
    offset: index * 6,
  }))
  return {
    channel: {
      id,
      kind: 'radio',
      name: id,
      strapline: '',
      language: 'vi',
      mark: 'fm',
      order: 1,
      filler: { kind: 'file', path: 'nen.opus' },
    },
    segments: () => segments,
    sliceOf: () => undefined,
    airings: () => [],
    packagesAround: () => new Map(),
  }
}
