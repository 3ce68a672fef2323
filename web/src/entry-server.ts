import { render as renderComponent } from 'svelte/server'
import type { PageView } from '#contract/pages.ts'
import App from './App.svelte'
import { createPageShelf, PAGE_NAMES } from './pages/pages.ts'
import { loadStage } from './player/index.ts'
import { linkedDataOf } from './site/linkedData.ts'
import { loadWords } from './words/words.ts'

const shelf = createPageShelf()
await Promise.all([
  ...PAGE_NAMES.map((name) => shelf.load(name)),
  loadWords('vi'),
  loadWords('en'),
  loadStage('tv'),
  loadStage('radio'),
])

export function render(view: PageView): { head: string; body: string } {
  const { head, body } = renderComponent(App, { props: { view, shelf } })
  return { head: head + linkedDataOf(view).map(scriptOf).join(''), body }
}

/** A block of data, not a script: `<` cannot end it. */
const scriptOf = (data: object) =>
  `<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
