import { fromJson, type Database } from './database.ts'

/** One JSON record per media path; what is in it is the library's. */
export type AssetRecords<T extends { readonly path: string }> = {
  all(): Promise<T[]>
  put(record: T): Promise<void>
  remove(path: string): Promise<void>
}

export function createAssetRecords<T extends { readonly path: string }>({ db }: Database): AssetRecords<T> {
  return {
    async all() {
      const rows = await db.selectFrom('assets').select('record').orderBy('path').execute()
      return rows.map((row) => fromJson<T>(row.record))
    },
    async put(record) {
      const row = { path: record.path, record: JSON.stringify(record) }
      await db
        .insertInto('assets')
        .values(row)
        .onConflict((conflict) => conflict.column('path').doUpdateSet({ record: row.record }))
        .execute()
    },
    async remove(path) {
      await db.deleteFrom('assets').where('path', '=', path).execute()
    },
  }
}
