import type { Problem } from '#contract/problem.ts'
import { StationError } from '../errors.ts'
import { changesBetween } from './changes.ts'
import { readSourceFiles, writeSourceFiles } from './files.ts'
import { readStationFiles, type StationFiles } from './read.ts'
import { problemLine } from './refusals.ts'
import type { ScheduleStore, StoredSchedule } from './store.ts'
import { writeStationFiles } from './write.ts'

export type Import =
  | { readonly ok: true; readonly changes: readonly string[]; readonly stored: StoredSchedule }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** The schedule in force, and its way from files into the database and back. */
export type Schedules = {
  /** Null before the first import. */
  current(): Promise<StoredSchedule | null>
  /** Reads the files of a folder; what is the same as in the database adds no version. */
  importFrom(dir: string, options?: { readonly isDryRun?: boolean }): Promise<Import>
  /** The schedule in force; a new station imports the files of `dir`. @throws SCHEDULE_REFUSED */
  currentOrFirst(dir: string): Promise<StoredSchedule>
  /** Writes the schedule in force into a folder. Resolves with the names of the files. @throws NOT_FOUND before the first import */
  exportTo(dir: string): Promise<readonly string[]>
}

export function createSchedules({ store }: { readonly store: ScheduleStore }): Schedules {
  const importFrom: Schedules['importFrom'] = async (dir, { isDryRun = false } = {}) => {
    const read = readStationFiles(await readSourceFiles(dir))
    if (!read.ok) return read
    const before = await store.read()
    const changes = changesBetween(before && filesOf(before), read.value)
    const { schedule, station } = read.value
    if (before && (changes.length === 0 || isDryRun)) return { ok: true, changes, stored: before }
    const version = isDryRun ? 0 : await store.replace(schedule, station)
    return { ok: true, changes, stored: { schedule, station, version } }
  }

  return {
    current: () => store.read(),
    importFrom,
    async currentOrFirst(dir) {
      const current = await store.read()
      if (current) return current
      const first = await importFrom(dir)
      if (first.ok) return first.stored
      throw new StationError(
        'SCHEDULE_REFUSED',
        ['The schedule files are refused:', ...first.problems.map(problemLine)].join('\n'),
      )
    },
    async exportTo(dir) {
      const current = await store.read()
      if (!current) throw new StationError('NOT_FOUND', 'There is no schedule in the database yet; import one first.')
      const files = writeStationFiles(current.schedule, current.station)
      await writeSourceFiles(dir, files)
      return files.map(({ name }) => name)
    },
  }
}

/** Only what files say: the database may hold more beside it. */
const filesOf = ({ schedule, station }: StoredSchedule): StationFiles => ({ schedule, station })
