import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { Problem } from '#contract/problem.ts'
import { SLUG, slugOf } from '#core/fold.ts'

/** An article as an editor wrote it in `schedules/news/*.yaml`. */
export type WrittenArticle = {
  readonly slug: string
  readonly title: string
  readonly lead: string
  readonly category: string
  readonly language: string | undefined
  readonly authors: readonly string[]
  readonly published:
    { readonly kind: 'at'; readonly epochMs: number } | { readonly kind: 'before-first-start'; readonly hours: number }
  readonly photo: { readonly file: string; readonly alt: string; readonly caption: string; readonly credit: string } | undefined
  readonly programme: string | undefined
  readonly source: string | undefined
  readonly body: string
}
export type ArticleFile =
  { readonly ok: true; readonly article: WrittenArticle } | { readonly ok: false; readonly problems: readonly Problem[] }

const FIELDS = [
  ...['slug', 'title', 'lead', 'category', 'language', 'authors', 'publishedAt', 'hoursBeforeFirstStart', 'photo', 'programme'],
  ...['source', 'body'],
]
const PHOTO_FIELDS = ['file', 'alt', 'caption', 'credit']
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/
const PICTURE_FILE = /^[^/\\\p{Cc}]{1,120}\.(jpe?g|png|webp|avif|gif|tiff?)$/iu

/** Reads one file; every broken rule is told with the file, the line and the field. */
export function readArticleFile(text: string, file: string): ArticleFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const [error] = document.errors
  if (error) {
    const line = error.linePos?.[0].line
    return { ok: false, problems: [{ code: 'yaml', message: error.message, file, ...(line !== undefined && { line }) }] }
  }
  if (!isMap(document.contents))
    return {
      ok: false,
      problems: [{ code: 'article', message: 'An article is a list of fields (title: …), found none.', file, line: 1 }],
    }

  const problems: Problem[] = []
  const refuse = (path: string, message: string) => {
    problems.push({ code: 'article', path, message: `${path} ${message}`, file, line: lineOf(document, path.split('.'), lines) })
  }
  const record = recordOf(document)
  if (!record)
    return { ok: false, problems: [{ code: 'yaml', message: 'Aliases (*name) that multiply are not read.', file, line: 1 }] }
  const article = articleOf(record, refuse)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, article }
}

/** Undefined when aliases would blow a small file up to a huge one. */
function recordOf(document: Document): Record<string, unknown> | undefined {
  try {
    return document.toJS({ maxAliasCount: 10 }) as Record<string, unknown>
  } catch {
    return undefined
  }
}

type Refuse = (path: string, message: string) => void

function articleOf(record: Record<string, unknown>, refuse: Refuse): WrittenArticle {
  for (const key of Object.keys(record))
    if (!FIELDS.includes(key)) refuse(key, `is no field of an article (${FIELDS.join(', ')}).`)
  const text = (key: string, longest: number) => textOf(record[key], key, longest, refuse)
  const optional = (key: string, rule: RegExp, words: string) => {
    const value = record[key]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string' && rule.test(value)) return value.normalize('NFC')
    refuse(key, `must be ${words}, found ${shown(value)}.`)
    return undefined
  }
  const title = text('title', 300)
  const category = text('category', 64)
  if (category !== '' && !ID.test(category))
    refuse('category', `must be lower-case words with hyphens (thoi-su), found ${shown(category)}.`)
  const slug = optional('slug', SLUG, 'lower-case letters, digits and hyphens') ?? slugOf(title)
  if (slug === '' && title !== '') refuse('title', 'has no letter that can stand in an address; give a slug.')
  return {
    slug,
    title,
    lead: text('lead', 1000),
    category,
    language: optional('language', LANGUAGE, 'a language code such as vi'),
    authors: authorsOf(record['authors'], refuse),
    published: publishedOf(record, refuse),
    photo: photoOf(record['photo'], refuse),
    programme: optional('programme', ID, 'the id of a programme (lower-case words with hyphens)'),
    source: optional('source', /^[^\p{Cc}]{1,200}$/u, 'one line of at most 200 characters'),
    body: text('body', 200_000),
  }
}

function textOf(value: unknown, key: string, longest: number, refuse: Refuse): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= longest) return value.trim().normalize('NFC')
  refuse(
    key,
    `must be text of 1 to ${longest} characters, found ${typeof value === 'string' ? `${value.length}` : shown(value)}.`,
  )
  return ''
}

function authorsOf(value: unknown, refuse: Refuse): readonly string[] {
  if (value === undefined) return []
  const isList = Array.isArray(value) && value.length <= 10
  const names: readonly unknown[] = isList ? value : []
  if (!isList || names.some((name) => typeof name !== 'string' || name.trim() === '' || name.length > 100))
    refuse('authors', `must be a list of at most 10 names, found ${shown(value)}.`)
  return names.map((name) => String(name).trim().normalize('NFC'))
}

function publishedOf(
  { publishedAt, hoursBeforeFirstStart: hours }: Record<string, unknown>,
  refuse: Refuse,
): WrittenArticle['published'] {
  const nothing = { kind: 'at', epochMs: 0 } as const
  if ((publishedAt === undefined) === (hours === undefined)) {
    refuse('publishedAt', 'or hoursBeforeFirstStart must be given, one of them.')
    return nothing
  }
  if (hours !== undefined) {
    if (typeof hours === 'number' && Math.abs(hours) <= 100_000) return { kind: 'before-first-start', hours }
    refuse('hoursBeforeFirstStart', `must be a number of hours, found ${shown(hours)}.`)
    return nothing
  }
  const epochMs = typeof publishedAt === 'string' && ISO.test(publishedAt) ? Date.parse(publishedAt) : Number.NaN
  if (Number.isNaN(epochMs))
    refuse('publishedAt', `must be a time with its offset (2026-03-01T07:00:00+07:00), found ${shown(publishedAt)}.`)
  return { kind: 'at', epochMs }
}

function photoOf(value: unknown, refuse: Refuse): WrittenArticle['photo'] {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) {
    refuse('photo', `must have the fields ${PHOTO_FIELDS.join(', ')}, found ${shown(value)}.`)
    return undefined
  }
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record)) if (!PHOTO_FIELDS.includes(key)) refuse(`photo.${key}`, 'is no field of a photo.')
  const file = record['file']
  if (typeof file !== 'string' || !PICTURE_FILE.test(file))
    refuse('photo.file', `must be the name of a picture beside the article (muon.jpg), found ${shown(file)}.`)
  const optional = (key: string) => (record[key] === undefined ? '' : textOf(record[key], `photo.${key}`, 500, refuse))
  // Who cannot see the picture is told what is on it: that is no choice of the writer's.
  const alt = textOf(record['alt'], 'photo.alt', 500, refuse)
  return { file: String(file).normalize('NFC'), alt, caption: optional('caption'), credit: optional('credit') }
}

function lineOf(document: Document, path: readonly string[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === path[length - 1])
      : undefined
    const range = isScalar(pair?.key) ? pair.key.range : undefined
    if (range) return lines.linePos(range[0]).line
  }
  return 1
}

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 80)
