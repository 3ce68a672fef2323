import type { PackageIndex } from '#core/packageIndex.ts'
import type { Segment, Slice } from '#core/slices.ts'
import { instant, tick, tickAt, type Instant } from '#core/time.ts'
import { createPlaylists } from '../../server/origin/playlists.ts'
import type { OriginOptions } from '../../server/origin/plugin.ts'
import { createSegments } from '../../server/origin/segments.ts'

export const GOOD = 'a'.repeat(64)
export const DAMAGED = 'd'.repeat(64)
export const SLATE = '5'.repeat(64)

const rendition = (id: 'a128' | 'a64', bps: number) => ({
  id,
  file: `${id}.mp4`,
  codec: 'mp4a.40.2',
  timescale: 48_000,
  averageBps: bps,
  peakBps: bps + 4_000,
  init: [0, 700] as const,
  fragments: [],
})

/**
 * A radio channel `song-nui` whose committed segments 700… surround `at`: the first hundred come from a good package, the next from a
 * damaged one. "Bytes" of a segment tell where they came from.
 */
export function originFixture(at: Instant) {
  const start = tick(tickAt(at) - 300)
  const segments: readonly Segment[] = Array.from({ length: 110 }, (_, index) => ({
    sequence: 700 + index,
    from: tick(start + index * 6),
    ticks: 6,
    offset: (index % 40) * 6,
  }))
  const sliceFor = (segment: Segment): Slice => ({
    channel: 'song-nui',
    sequence: segment.sequence,
    from: segment.from,
    to: tick(segment.from + 6),
    source: { kind: 'asset', package: segment.sequence < 740 ? GOOD : DAMAGED, offset: segment.offset, path: 'ca-nhac/a.opus' },
    reason: 'scheduled',
  })
  const index: PackageIndex = {
    version: 1,
    id: GOOD,
    form: 'radio',
    ticks: 240,
    renditions: { a128: rendition('a128', 129_000), a64: rendition('a64', 65_000) },
  }
  const reads: string[] = []
  const damages: string[] = []
  const packages = {
    indexOf: async () => index,
    readFragments: async (id: string, name: string, first: number, count: number) => {
      reads.push(`${id[0]} ${name} ${first}+${count}`)
      if (id === DAMAGED) throw new Error('file is shorter than its index says')
      return [Buffer.from(`${id[0]} ${name} ${first}+${count}`)]
    },
    houseInit: async (name: string) => Buffer.from(`init ${name}`),
  }
  const clock = { at }
  const channel = {
    id: 'song-nui',
    kind: 'radio',
    name: 'Sóng Núi',
    strapline: '',
    language: 'vi',
    mark: 'fm',
    order: 1,
    filler: { kind: 'folder', path: 'nen', order: 'shuffle' },
  } as const
  const options = {
    at: () => instant(clock.at),
    air: {
      channel: (id: string) =>
        id === 'song-nui'
          ? {
              channel,
              segments: () => segments,
              sliceOf: (sequence: number) => {
                const segment = segments[sequence - 700]
                return segment && { slice: sliceFor(segment), segment }
              },
              airings: () => [],
              packagesAround: () => new Map([[GOOD, 240]]),
            }
          : undefined,
    },
    packages,
    playlists: createPlaylists(),
    segments: createSegments({
      packages,
      airSegment: (fragments, { sequence, tfdt, samples }) =>
        Buffer.concat([...fragments, Buffer.from(` #${sequence} @${tfdt} ×${samples}`)]),
      cacheBytes: 1_000_000,
      slate: () => ({ id: SLATE, ticks: 48 }),
      onDamage: (id) => damages.push(id),
    }),
    dvrSeconds: 7_200,
  } satisfies OriginOptions
  return { options, clock, reads, damages, segments }
}
