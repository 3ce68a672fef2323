import type { RenditionId } from '#core/ladder.ts'
import type { PackageId } from '#core/library.ts'
import type { PackageIndex } from '#core/packageIndex.ts'
import type { RenditionFacts } from '#core/playlist.ts'

/**
 * Measured rates of a channel: the mean of its packages weighted by the ticks they fill, and the largest peak among them
 * (RFC 8216 §4.3.4.2). Moof headers are rebuilt on air with the size they had, so stored sizes are sent sizes.
 */
export function factsOf(
  packages: readonly { readonly index: PackageIndex; readonly ticks: number }[],
  renditions: readonly RenditionId[],
): { readonly [id in RenditionId]?: RenditionFacts } {
  const facts: { [id in RenditionId]?: RenditionFacts } = {}
  for (const id of renditions) {
    let ticks = 0
    let weighted = 0
    let peakBps = 0
    let codec = ''
    for (const { index, ticks: aired } of packages) {
      const rendition = index.renditions[id]
      if (!rendition) continue
      codec ||= rendition.codec
      ticks += aired
      weighted += rendition.averageBps * aired
      peakBps = Math.max(peakBps, rendition.peakBps)
    }
    if (ticks > 0) facts[id] = { codec, averageBps: Math.ceil(weighted / ticks), peakBps: Math.ceil(peakBps) }
  }
  return facts
}

export type WeightedPackages = ReadonlyMap<PackageId, number>
