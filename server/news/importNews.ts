import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Photo } from '#contract/news.ts'
import type { Problem } from '#contract/problem.ts'
import { plusMs, type Instant } from '#core/time.ts'
import { readArticleFile, type WrittenArticle } from './articleFile.ts'
import { folded } from '#core/fold.ts'
import type { Pictures } from './pictures.ts'
import { plainText, sanitised } from './sanitise.ts'
import type { NewsStore, StoredArticle } from './store.ts'

export type ImportNews = {
  readonly store: NewsStore
  readonly pictures: Pictures
  /** `schedules/news`: one YAML file per article, pictures beside them. It need not exist. */
  readonly folder: string
  /** When this station first started; `hoursBeforeFirstStart` counts from it. */
  readonly firstStart: Instant
  /** Of articles that name none. */
  readonly language: string
}
export type ImportReport = {
  readonly imported: number
  /** What was refused, with file, line and field; the rest is imported all the same. */
  readonly problems: readonly Problem[]
}

const MAX_FILE_BYTES = 512 * 1024
const MAX_FILES = 2000
const SYLLABLES_PER_MINUTE = 220

/** Imports the station's written articles into a database that has none; afterwards the database is the truth. */
export async function importNewsOnce(needs: ImportNews): Promise<ImportReport> {
  if ((await needs.store.count()) > 0) return { imported: 0, problems: [] }
  return importNews(needs)
}

/** Adds every article of the folder, or replaces the one of the same slug. */
export async function importNews({ store, pictures, folder, firstStart, language }: ImportNews): Promise<ImportReport> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => name.endsWith('.yaml')).toSorted()
  const problems: Problem[] = []
  const slugs = new Map<string, string>()
  let imported = 0
  for (const name of names.slice(0, MAX_FILES)) {
    const file = path.join(folder, name)
    const size = (await stat(file)).size
    if (size > MAX_FILE_BYTES) {
      problems.push({ code: 'article', file: name, message: `The file is ${size} bytes, at most ${MAX_FILE_BYTES} are read.` })
      continue
    }
    const read = readArticleFile(await readFile(file, 'utf8'), name)
    if (!read.ok) {
      problems.push(...read.problems)
      continue
    }
    const { article } = read
    const other = slugs.get(article.slug)
    if (other !== undefined) {
      problems.push({ code: 'article', file: name, path: 'slug', message: `slug "${article.slug}" is taken by ${other}.` })
      continue
    }
    slugs.set(article.slug, name)
    const photo = article.photo ? await photoOf(article.photo, { folder, pictures, name, problems }) : null
    await store.put(storedArticle(article, { photo, firstStart, language }))
    imported += 1
  }
  return { imported, problems }
}

type PhotoNeeds = { readonly folder: string; readonly pictures: Pictures; readonly name: string; readonly problems: Problem[] }

/** An article whose picture is missing is still news. */
async function photoOf(
  photo: NonNullable<WrittenArticle['photo']>,
  { folder, pictures, name, problems }: PhotoNeeds,
): Promise<Photo | null> {
  const bytes = await readFile(path.join(folder, photo.file)).catch(() => undefined)
  const added = bytes ? await pictures.add(bytes) : { ok: false as const, reason: 'it is not there' }
  if (added.ok) return { src: added.src, alt: photo.alt, caption: photo.caption, credit: photo.credit }
  problems.push({
    code: 'picture',
    file: name,
    path: 'photo.file',
    message: `photo.file "${photo.file}" is left out: ${added.reason}.`,
  })
  return null
}

type Placing = { readonly photo: Photo | null; readonly firstStart: Instant; readonly language: string }

/** What is kept of a written article: sanitised, folded, dated. */
export function storedArticle(article: WrittenArticle, { photo, firstStart, language }: Placing): StoredArticle {
  const { published } = article
  const publishedAt =
    published.kind === 'at' ? (published.epochMs as Instant) : plusMs(firstStart, -Math.round(published.hours * 3_600_000))
  const body = sanitised(article.body)
  const words = plainText(body)
  return {
    slug: article.slug,
    title: article.title,
    lead: article.lead,
    category: article.category,
    language: article.language ?? language,
    authors: article.authors,
    publishedAt,
    updatedAt: publishedAt,
    photo,
    // Vietnamese is written in syllables, which is what stands between spaces.
    readingMinutes: Math.max(1, Math.round(words.split(' ').length / SYLLABLES_PER_MINUTE)),
    programme: article.programme ?? null,
    source: article.source ?? null,
    body,
    searchText: folded(`${article.title} ${article.lead} ${words}`),
  }
}
