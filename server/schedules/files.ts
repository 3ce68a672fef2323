import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceFile } from './fields.ts'

const MAX_BYTES = 4_000_000

/** The `.yaml` files of one folder, by name; folders below it (news, advertisements) are not schedules. */
export async function readSourceFiles(dir: string): Promise<SourceFile[]> {
  const entries = await readdir(dir, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile() && /^[^.].*\.ya?ml$/.test(entry.name)).map((entry) => entry.name)
  return Promise.all(
    names.toSorted().map(async (name) => {
      const text = await readFile(join(dir, name), 'utf8')
      if (text.length > MAX_BYTES) throw new RangeError(`${name} is longer than ${MAX_BYTES} characters; that is no schedule.`)
      return { name, text }
    }),
  )
}

export async function writeSourceFiles(dir: string, files: readonly SourceFile[]): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const file of files) await writeFile(join(dir, file.name), file.text)
}
