import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PageView } from '#contract/pages.ts'
import { StationError } from '../errors.ts'
import type { PageRenderer } from './ports.ts'

/** Turns a page's contents into a whole HTML document. */
export type DocumentMaker = (view: PageView) => string

const CLIENT = 'src/entry-client.ts'

type Chunk = {
  readonly file: string
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
  readonly name?: string
}
type Manifest = Readonly<Record<string, Chunk>>

/** The part of the web app that a page needs beside what every page has; asked for at once, not after the first script has run. */
const PAGE_SOURCES: Readonly<Record<PageView['page']['name'], string>> = {
  home: 'Home',
  channel: 'ChannelView',
  guide: 'Guide',
  programmes: 'Programmes',
  programme: 'Programme',
  news: 'News',
  article: 'Article',
  search: 'Search',
  stats: 'Statistics',
  embed: 'Embed',
  absent: 'Absent',
  fault: 'Fault',
}

const STAGE_SOURCES = { tv: 'src/player/TvStage.svelte', radio: 'src/player/RadioStage.svelte' } as const

/** The letters of a first paint: body text and headings, both alphabets. */
const PRELOADED_FONTS = ['latin-400', 'vietnamese-400', 'latin-700', 'vietnamese-700']

export async function createDocumentMaker(clientDir: string, renderer: PageRenderer): Promise<DocumentMaker> {
  const manifest = await readManifest(clientDir)
  const links = linksOf(manifest)
  return (view) => {
    const { head, body } = renderer.render(view)
    return [
      `<!doctype html>`,
      `<html lang="${view.language}">`,
      `<head>`,
      `<meta charset="utf-8">`,
      `<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">`,
      links,
      preloadsOf(manifest, view),
      head,
      `</head>`,
      `<body>`,
      `<div id="app">${body}</div>`,
      `<script type="application/json" id="view">${jsonForHtml(view)}</script>`,
      `</body>`,
      `</html>`,
    ].join('\n')
  }
}

/** Cannot end the element it stands in, nor open a comment. */
export const jsonForHtml = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

function linksOf(manifest: Manifest): string {
  const entry = chunkOf(manifest, CLIENT)
  const boot = chunkOf(manifest, 'src/theme-boot.ts')
  const imported = (entry.imports ?? []).flatMap((name) => manifest[name]?.file ?? [])
  const styles = Object.values(manifest).flatMap((chunk) => (chunk.file.endsWith('.css') ? [chunk.file] : (chunk.css ?? [])))
  const fonts = PRELOADED_FONTS.flatMap(
    (name) => Object.values(manifest).find((chunk) => chunk.file.includes(name) && chunk.file.endsWith('.woff2'))?.file ?? [],
  )
  return [
    `<script src="/${boot.file}"></script>`,
    ...[...new Set(styles)].map((file) => `<link rel="stylesheet" href="/${file}">`),
    ...fonts.map((file) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="/${file}">`),
    ...imported.map((file) => `<link rel="modulepreload" href="/${file}">`),
    `<script type="module" src="/${entry.file}"></script>`,
  ].join('\n')
}

function preloadsOf(manifest: Manifest, view: PageView): string {
  const sources = [`src/pages/${PAGE_SOURCES[view.page.name]}.svelte`, `src/words/${view.language}.ts`, ...stageOf(view)]
  const files = sources.flatMap((source) => withImports(manifest, source))
  return [...new Set(files)].map((file) => `<link rel="modulepreload" href="/${file}">`).join('\n')
}

function stageOf({ page, channels }: PageView): readonly string[] {
  const shown = page.name === 'channel' || page.name === 'embed' ? channels.find(({ id }) => id === page.channel) : undefined
  if (shown) return [STAGE_SOURCES[shown.kind]]
  if (page.name !== 'home') return []
  return [STAGE_SOURCES[channels.some(({ kind }) => kind === 'tv') ? 'tv' : 'radio']]
}

const withImports = (manifest: Manifest, name: string): readonly string[] => {
  const chunk = manifest[name]
  if (!chunk || name === CLIENT) return []
  return [chunk.file, ...(chunk.imports ?? []).flatMap((imported) => withImports(manifest, imported))]
}

function chunkOf(manifest: Manifest, source: string): Chunk {
  const chunk = manifest[source]
  if (!chunk) throw new StationError('CONFIG_INVALID', `The built web app lacks ${source}; run "npm run build" again.`)
  return chunk
}

async function readManifest(clientDir: string): Promise<Manifest> {
  const path = join(clientDir, '.vite', 'manifest.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Manifest
  } catch (cause) {
    throw new StationError('CONFIG_INVALID', `The web app is not built: ${path} cannot be read. Run "npm run build".`, { cause })
  }
}
