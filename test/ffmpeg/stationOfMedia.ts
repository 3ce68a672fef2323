import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { DEFAULT_LOUDNESS } from '#core/packaging.ts'
import type { ChannelKind } from '#core/schedule.ts'
import { instant } from '#core/time.ts'
import { rehearsalClock } from '../../server/clock.ts'
import { createLibrary, type MediaLibrary } from '../../server/library/main.ts'
import type { AssetRecord, AssetStore } from '../../server/library/store.ts'
import { createCards } from '../../server/packager/card.ts'
import { openFolders, type Folders } from '../../server/packager/folders.ts'
import { createPackager, type Packager } from '../../server/packager/main.ts'
import { probeMedia } from '../../server/packager/measure.ts'
import { createPackages, type Packages } from '../../server/packager/packages.ts'
import type { CheckedTools } from '../../server/packager/tools.ts'

export type MediaStation = {
  readonly mediaDir: string
  readonly dataDir: string
  readonly library: MediaLibrary
  readonly packager: Packager
  readonly packages: Packages
  readonly folders: Folders
  close(): Promise<void>
}

/** Works like the database's, in memory: give the same to a second station and it is a restart. */
export function memoryStore(): AssetStore & { readonly records: Map<string, AssetRecord> } {
  const records = new Map<string, AssetRecord>()
  return {
    records,
    all: () => Promise.resolve([...records.values()].map((record) => JSON.parse(JSON.stringify(record)) as AssetRecord)),
    put: (record) => Promise.resolve(void records.set(record.path, record)),
    remove: (path) => Promise.resolve(void records.delete(path)),
  }
}

/** Library and packager wired as the server wires them, without slate and channels. */
export async function startMediaStation(
  t: TestContext,
  options: {
    readonly folder: string
    readonly tools: CheckedTools
    readonly store?: AssetStore
    readonly forms?: readonly ChannelKind[]
    urgency?(path: string): number
  },
): Promise<MediaStation> {
  const mediaDir = join(options.folder, 'media')
  const dataDir = join(options.folder, 'data')
  await mkdir(mediaDir, { recursive: true })
  const folders = await openFolders(dataDir)
  const packages = await createPackages(folders)
  const nothing = { id: '0'.repeat(64), ticks: 2 }
  const library = createLibrary({
    mediaDir,
    store: options.store ?? memoryStore(),
    clock: rehearsalClock(instant(Date.UTC(2026, 9, 24)), 1),
    probe: (source) => probeMedia(source, options.tools),
    hasPackage: packages.has,
    slate: { tv: nothing, radio: nothing },
    settleMs: 60,
  })
  const packager = createPackager({
    source: library,
    folders,
    packages,
    tools: options.tools,
    cards: await createCards(),
    target: DEFAULT_LOUDNESS,
    formsWanted: () => options.forms ?? ['radio'],
    urgency: options.urgency ?? (() => 0),
  })
  await library.start()
  packager.start()
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= packager.close().then(() => library.close()))
  t.after(close)
  return { mediaDir, dataDir, library, packager, packages, folders, close }
}

/** Resolves when `condition` holds; looks often, and gives up only when something must be wrong. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, patienceMs = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
