import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** The bulletins read what the news pages print: the articles are the one source of both. */
export type Story = {
  readonly slug: string
  readonly title: string
  readonly lead: string
  readonly programme?: string
  readonly language?: string
}

const folder = new URL('../../schedules/news/', import.meta.url)
export const STORIES: readonly Story[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => parse(readFileSync(new URL(name, folder), 'utf8')) as Story)

export const story = (slug: string): Story => {
  const found = STORIES.find((s) => s.slug === slug)
  if (!found) throw new Error(`schedules/news: no article with slug "${slug}"`)
  return found
}

/** A headline and its lead as sentences to read. */
export const sentencesOf = (s: Story): readonly string[] => [`${s.title}.`, ...s.lead.split(/(?<=[.!?])\s+/), '']
