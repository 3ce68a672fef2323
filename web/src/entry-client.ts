import { hydrate } from 'svelte'
import type { PageView } from '#contract/pages.ts'
import App from './App.svelte'
import './look/base.css'
import { createPageShelf } from './pages/pages.ts'
import { loadStageOf } from './player/index.ts'
import { loadWords } from './words/words.ts'

const target = document.getElementById('app')
const data = document.getElementById('view')?.textContent
if (target && data) {
  const view = JSON.parse(data) as PageView
  const shelf = createPageShelf()
  await Promise.all([shelf.load(view.page.name), loadWords(view.language), loadStageOf(view)])
  hydrate(App, { target, props: { view, shelf } })
}
