// A child of the origin benchmark: the real origin plugin over a channel whose packages are random bytes of a given size.
import { createServer } from 'node:http'
import { randomBytes } from 'node:crypto'
import Fastify from 'fastify'
import type { PackageIndex } from '#core/packageIndex.ts'
import type { Segment, Slice } from '#core/slices.ts'
import { instant, tick, tickAt } from '#core/time.ts'
import { createFastPath } from '../../server/origin/fastPath.ts'
import { createPlaylists } from '../../server/origin/playlists.ts'
import { originPlugin, type OriginOptions } from '../../server/origin/plugin.ts'
import { createSegments } from '../../server/origin/segments.ts'

const [sizeText = '600000', countText = '20'] = process.argv.slice(2)
const bytes = Array.from({ length: Number(countText) }, () => randomBytes(Number(sizeText)))
const start = tick(tickAt(instant(Date.now())) - 60 * 6)
const segments: readonly Segment[] = Array.from({ length: 200 }, (_, index) => ({
  sequence: 1000 + index,
  from: tick(start + index * 6),
  ticks: 6,
  offset: index * 6,
}))
const slice: Slice = {
  channel: 'bench',
  sequence: 1000,
  from: start,
  to: tick(start + 1200),
  source: { kind: 'asset', package: 'a'.repeat(64), offset: 0, path: 'bench.mp4' },
  reason: 'scheduled',
}
const index: PackageIndex = { version: 1, id: 'a'.repeat(64), form: 'tv', ticks: 1200, renditions: {} }
const packages = {
  indexOf: async () => index,
  readFragments: async (_id: string, _rendition: string, first: number) => [bytes[first % bytes.length] ?? Buffer.alloc(0)],
  houseInit: async () => Buffer.alloc(700),
}
const channel = {
  id: 'bench',
  kind: 'tv',
  name: 'Bench',
  strapline: '',
  language: 'vi',
  mark: 'ms1',
  order: 1,
  filler: { kind: 'folder', path: 'nen', order: 'shuffle' },
} as const
const origin = {
  at: () => instant(Date.now()),
  air: {
    channel: (id: string) =>
      id === 'bench'
        ? {
            channel,
            segments: () => segments,
            sliceOf: (sequence: number) => {
              const segment = segments[sequence - 1000]
              return segment && { slice, segment }
            },
            airings: () => [],
            packagesAround: () => new Map(),
          }
        : undefined,
  },
  packages,
  playlists: createPlaylists(),
  segments: createSegments({
    packages,
    airSegment: (fragments) => fragments[0] ?? Buffer.alloc(0),
    cacheBytes: 64_000_000,
    slate: () => ({ id: index.id, ticks: 48 }),
    onDamage: () => undefined,
  }),
  dvrSeconds: 7200,
} satisfies OriginOptions
const fastPath = createFastPath(origin)
const app = Fastify({
  serverFactory: (handler) =>
    createServer(
      { optimizeEmptyRequests: true },
      (request, response) => void (fastPath(request, response) || handler(request, response)),
    ),
})
await app.register(originPlugin, origin)
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
process.once('SIGTERM', () => void app.close())
