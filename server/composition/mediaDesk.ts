import type { PackageId } from '#core/library.ts'
import { packagingNeedsOf, type PackagingNeeds } from '#core/packagingNeed.ts'
import { createPlanner } from '#core/planner.ts'
import type { Schedule } from '#core/schedule.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createLibrary } from '../library/main.ts'
import type { AssetRecord, AssetStore } from '../library/store.ts'
import { createCards } from '../packager/card.ts'
import { openFolders } from '../packager/folders.ts'
import { createPackager } from '../packager/main.ts'
import { probeMedia } from '../packager/measure.ts'
import { createPackages } from '../packager/packages.ts'
import { ensureHouse } from '../packager/slate.ts'
import { checkTools } from '../packager/tools.ts'

export type MediaDeskOptions = {
  readonly config: Config
  readonly clock: Clock
  readonly store: AssetStore
  readonly schedule: () => Schedule
  readonly searchPath: string
  readonly onTrouble: (message: string, cause: unknown) => void
}

const FORMS = ['tv', 'radio'] as const

/** How old the list of what is needed soonest may become. */
const NEEDS_MS = 20_000

/**
 * Library, packages and packager put together. Resolves when slate and init sections are there; looking through `media/` begins with
 * `start`.
 */
export async function openMediaDesk({ config, clock, store, schedule, searchPath, onTrouble }: MediaDeskOptions) {
  const tools = await checkTools({ ffmpeg: config.ffmpegPath, ffprobe: config.ffprobePath, path: searchPath })
  const folders = await openFolders(config.dataDir)
  const packages = await createPackages(folders)
  const cards = await createCards()
  const house = await ensureHouse({ dataDir: config.dataDir, folders, packages, tools, cards })
  const library = createLibrary({
    mediaDir: config.mediaDir,
    store,
    clock,
    probe: (source) => probeMedia(source, tools),
    hasPackage: packages.has,
    slate: house.slate,
    onTrouble,
  })

  let needs:
    { readonly schedule: Schedule; readonly snapshot: unknown; readonly atMs: number; readonly map: PackagingNeeds } | undefined
  const needsNow = (): PackagingNeeds => {
    const at = clock.now()
    const current = schedule()
    const snapshot = library.snapshot()
    const isFresh = needs?.schedule === current && needs.snapshot === snapshot && Math.abs(at - needs.atMs) < NEEDS_MS
    if (!needs || !isFresh)
      needs = { schedule: current, snapshot, atMs: at, map: packagingNeedsOf(createPlanner(current), snapshot, at) }
    return needs.map
  }

  const packager = createPackager<AssetRecord>({
    source: library,
    folders,
    packages,
    tools,
    cards,
    target: { lufs: config.loudness.targetLufs, peakDb: config.loudness.truePeakDb },
    concurrency: config.packagingJobs,
    formsWanted: (path) => {
      const forms = needsNow().get(path) ?? {}
      return FORMS.filter((form) => forms[form] !== undefined)
    },
    urgency: (path, form) => needsNow().get(path)?.[form] ?? Number.POSITIVE_INFINITY,
    programmeTitle: (id) => schedule().programmes.find((programme) => programme.id === id)?.title,
  })

  return {
    house,
    library,
    packager,
    packages: {
      indexOf: packages.index,
      readFragments: packages.readFragments,
      houseInit: async (rendition: keyof typeof house.inits) => house.inits[rendition],
    },
    /** Removes a package that is damaged and has it made again, wherever it was needed. */
    async remake(id: PackageId): Promise<void> {
      if (await packages.wholeOrGone(id)) return
      for (const { path, contentHash, forms } of library.records()) {
        for (const form of FORMS) if (forms[form]?.id === id) await library.note(path, contentHash, { form, isLost: true })
      }
      packager.wake()
    },
    /** Removes packages that no file, no slate and nothing that may still be asked for needs. */
    sweep(aired: Iterable<PackageId>): Promise<readonly PackageId[]> {
      const forms = library.records().flatMap(({ forms: { tv, radio } }) => [tv, radio])
      const kept = [...forms, house.slate.tv, house.slate.radio].flatMap((form) => (form ? [form.id] : []))
      return packages.sweep(new Set([...kept, ...aired]))
    },
    async close(): Promise<void> {
      await packager.close()
      await library.close()
    },
  }
}
export type MediaDesk = Awaited<ReturnType<typeof openMediaDesk>>
