import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StationError } from '../errors.ts'
import type { StoredSchedule } from '../schedules/store.ts'

/** The schedule in force, beside the packages: a station whose database is away starts with it and is on air. */
export function scheduleCopy(dataDir: string) {
  const path = join(dataDir, 'schedule.json')
  const read = async (): Promise<StoredSchedule | undefined> => {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    return text === undefined ? undefined : (JSON.parse(text) as StoredSchedule)
  }
  return {
    read,
    async keep(schedule: StoredSchedule): Promise<void> {
      const text = JSON.stringify(schedule)
      if ((await readFile(path, 'utf8').catch(() => '')) === text) return
      await writeFile(`${path}.part`, text, { flush: true })
      await rename(`${path}.part`, path)
    },
    /** Only where the database does not answer; what it refuses stays refused. */
    async insteadOf(error: unknown): Promise<StoredSchedule> {
      const kept = error instanceof StationError && error.code === 'STORE_UNREACHABLE' ? await read() : undefined
      if (!kept) throw error
      return kept
    },
  }
}
