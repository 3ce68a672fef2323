import type { Asset, Library, PackageId } from './library.ts'
import type { ChannelKind, Play } from './schedule.ts'
import type { Reason } from './timeline.ts'

/** One packaged file as a channel of one kind may air it. */
export type Clip = { readonly path: string; readonly package: PackageId; readonly ticks: number }

/** What a slot's `play` comes to with the library of this instant. */
export type Material =
  /** One piece: a file, or the newest of a programme. */
  | { readonly kind: 'single'; readonly clip: Clip; readonly others: readonly Clip[] }
  /** A folder or tag, in natural order of paths. Never empty. */
  | { readonly kind: 'list'; readonly clips: readonly Clip[]; readonly isShuffled: boolean }
  | { readonly kind: 'none'; readonly reason: Extract<Reason, 'no-media' | 'not-packaged' | 'missing'> }

export function materialOf(play: Play, kind: ChannelKind, library: Library): Material {
  const assets = assetsOf(play, library)
  const clips = assets.flatMap((asset) => clipOf(asset, kind))
  const [first] = clips
  if (first === undefined) return { kind: 'none', reason: reasonFor(assets) }
  if (play.kind === 'folder' || play.kind === 'tag') return { kind: 'list', clips, isShuffled: play.order === 'shuffle' }
  return { kind: 'single', clip: first, others: clips.slice(1) }
}

/** Candidates whether they can air or not: in natural order of paths, but newest first where the newest is wanted. */
export function assetsOf(play: Play, library: Library): readonly Asset[] {
  const { assets } = library
  switch (play.kind) {
    case 'file':
      return assets.filter((asset) => asset.path === play.path)
    case 'folder': {
      const folder = `${play.path}/`
      return inPathOrder(assets.filter((asset) => asset.path.startsWith(folder)))
    }
    case 'tag':
      return inPathOrder(assets.filter((asset) => asset.tags.includes(play.tag)))
    case 'newest':
      return inPathOrder(assets.filter((asset) => asset.programme === play.programme || asset.tags.includes(play.programme)))
        .reverse()
        .sort((a, b) => b.addedAt - a.addedAt)
  }
}

function clipOf(asset: Asset, kind: ChannelKind): Clip[] {
  const form = asset[kind]
  return form ? [{ path: asset.path, package: form.id, ticks: form.ticks }] : []
}

function reasonFor(assets: readonly Asset[]): 'no-media' | 'not-packaged' | 'missing' {
  if (assets.length === 0) return 'no-media'
  return assets.every((asset) => asset.isMissing) ? 'missing' : 'not-packaged'
}

/** `tap-2` before `tap-10`; the same on every machine, whatever its locale. */
function inPathOrder(assets: readonly Asset[]): Asset[] {
  return assets
    .map((asset) => ({ asset, key: asset.path.replace(/\d+/g, (digits) => digits.padStart(15, '0')) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.asset.path < b.asset.path ? -1 : 1))
    .map(({ asset }) => asset)
}
