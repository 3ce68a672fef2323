import type { Component } from 'svelte'
import type { Channel } from '#contract/channels.ts'
import type { PageView } from '#contract/pages.ts'

/** `isHeading`: what is on is the name of the page. */
export type StageProps = { channel: Channel; variant: 'stage' | 'embed'; isHeading: boolean }
type Kind = Channel['kind']
type StageComponent = Component<StageProps>

/** A browser loads the stage it shows; the server has both. */
const LOADERS: Readonly<Record<Kind, () => Promise<StageComponent>>> = {
  tv: async () => (await import('./TvStage.svelte')).default,
  radio: async () => (await import('./RadioStage.svelte')).default,
}
const loaded = new Map<Kind, StageComponent>()

export async function loadStage(kind: Kind): Promise<StageComponent> {
  const known = loaded.get(kind)
  if (known) return known
  const stage = await LOADERS[kind]()
  loaded.set(kind, stage)
  return stage
}

export const stageOf = (kind: Kind): StageComponent | undefined => loaded.get(kind)

/** What must be at hand before this page is shown. */
export async function loadStageOf({ page, channels }: PageView): Promise<void> {
  const shown = page.name === 'channel' || page.name === 'embed' ? channels.find(({ id }) => id === page.channel) : undefined
  if (shown) await loadStage(shown.kind)
  else if (page.name === 'home') await loadStage(channels.some(({ kind }) => kind === 'tv') ? 'tv' : 'radio')
}
