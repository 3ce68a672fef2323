import { fromJson, type Database } from './database.ts'

/** Small facts the station remembers, as JSON: keys that sign, snapshots, markers of what was done once. */
export type Settings = {
  get<T>(key: string): Promise<T | undefined>
  put(key: string, value: unknown): Promise<void>
  /** Keeps what is there, e.g. a key that another machine made first. Resolves with what holds now. */
  putIfAbsent<T>(key: string, value: T): Promise<T>
  remove(key: string): Promise<void>
}

export function createSettings({ db }: Database): Settings {
  const get = async <T>(key: string): Promise<T | undefined> => {
    const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
    return row ? fromJson<T>(row.value) : undefined
  }
  return {
    get,
    async put(key, value) {
      const text = JSON.stringify(value)
      await db
        .insertInto('settings')
        .values({ key, value: text })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
        .execute()
    },
    async putIfAbsent<T>(key: string, value: T) {
      await db
        .insertInto('settings')
        .values({ key, value: JSON.stringify(value) })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute()
      return (await get<T>(key)) ?? value
    },
    async remove(key) {
      await db.deleteFrom('settings').where('key', '=', key).execute()
    },
  }
}
