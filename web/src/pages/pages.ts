import type { Component } from 'svelte'
import type { Channel } from '#contract/channels.ts'
import type { Page } from '#contract/pages.ts'

export type PageName = Page['name']
/** Each page gets its own contents; which component fits which page is the business of this file only. */
export type PageComponent = Component<{ page: never; onStage: Channel | undefined }>
type Module = { readonly default: unknown }

/** The components that are at hand. A browser loads those it shows; the server has them all. */
export type PageShelf = {
  has(name: PageName): PageComponent | undefined
  load(name: PageName): Promise<void>
}

const LOADERS: Readonly<Record<PageName, () => Promise<Module>>> = {
  home: () => import('./Home.svelte'),
  channel: () => import('./ChannelView.svelte'),
  guide: () => import('./Guide.svelte'),
  programmes: () => import('./Programmes.svelte'),
  programme: () => import('./Programme.svelte'),
  news: () => import('./News.svelte'),
  article: () => import('./Article.svelte'),
  search: () => import('./Search.svelte'),
  stats: () => import('./Statistics.svelte'),
  embed: () => import('./Embed.svelte'),
  absent: () => import('./Absent.svelte'),
  fault: () => import('./Fault.svelte'),
}

export function createPageShelf(): PageShelf {
  const shelf = new Map<PageName, PageComponent>()
  return {
    has: (name) => shelf.get(name),
    async load(name) {
      if (!shelf.has(name)) shelf.set(name, (await LOADERS[name]()).default as PageComponent)
    },
  }
}

export const PAGE_NAMES = Object.keys(LOADERS) as readonly PageName[]
