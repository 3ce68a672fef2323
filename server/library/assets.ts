import type { Asset, Library } from '#core/library.ts'
import type { MediaFacts } from '#core/packagingFacts.ts'
import type { AssetRecord } from './store.ts'

/** What the planner and the pages are told of a record. */
export function assetOf(record: AssetRecord): Asset {
  const { tv, radio } = record.forms
  return {
    path: record.path,
    title: record.title,
    addedAt: record.addedAt,
    tags: record.tags,
    ...(record.programme ? { programme: record.programme } : {}),
    ...(tv ? { tv } : {}),
    ...(radio ? { radio } : {}),
    // packages outlive their file: an unplugged disk does not empty a channel
    isMissing: record.isGone && !tv && !radio,
  }
}

/** Refused files are no assets: `newest` would choose one and play nothing. */
export function libraryOf(records: Iterable<AssetRecord>, slate: Library['slate']): Library {
  const assets = [...records].filter((record) => record.facts !== undefined).map(assetOf)
  return { assets: assets.sort((a, b) => (a.path < b.path ? -1 : 1)), slate }
}

/** Folder names and the embedded genre are tags; the first folder names the programme; the embedded title comes before the file's name. */
export function namesOf(path: string, facts: MediaFacts | undefined): Pick<AssetRecord, 'title' | 'tags' | 'programme'> {
  const folders = path.split('/').slice(0, -1)
  const file = path.slice(path.lastIndexOf('/') + 1)
  const tags = [...new Set([...folders, ...(facts?.genre ? [facts.genre] : [])])]
  const [programme] = folders
  return { title: facts?.title ?? file.slice(0, file.lastIndexOf('.')), tags, ...(programme ? { programme } : {}) }
}
