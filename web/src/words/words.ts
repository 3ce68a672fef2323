import type { Language } from '#contract/pages.ts'
import { en } from './en.ts'
import { vi, type Words } from './vi.ts'

export type { Words } from './vi.ts'

const DICTIONARIES: Readonly<Record<Language, Words>> = { vi, en }
export const wordsOf = (language: Language): Words => DICTIONARIES[language]

/** A station may use categories of its own: what the dictionary does not know is shown as written. */
export function categoryName(words: Words, category: string): string {
  return (words.categories as Readonly<Record<string, string>>)[category] ?? category
}
