import type { Language } from '#contract/pages.ts'
import type { Words } from './vi.ts'

export type { Words } from './vi.ts'

/** A browser loads the language it reads; the server has them all. */
const LOADERS: Readonly<Record<Language, () => Promise<Words>>> = {
  vi: async () => (await import('./vi.ts')).vi,
  en: async () => (await import('./en.ts')).en,
}
const loaded = new Map<Language, Words>()

export async function loadWords(language: Language): Promise<void> {
  if (!loaded.has(language)) loaded.set(language, await LOADERS[language]())
}

/** `loadWords` first. */
export function wordsOf(language: Language): Words {
  const words = loaded.get(language)
  if (!words) throw new Error(`the words of "${language}" are not loaded`)
  return words
}

/** A station may use categories of its own: what the dictionary does not know is shown as written. */
export function categoryName(words: Words, category: string): string {
  return (words.categories as Readonly<Record<string, string>>)[category] ?? category
}
