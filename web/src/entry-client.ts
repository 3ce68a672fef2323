import { hydrate } from 'svelte'
import type { PageView } from '#contract/pages.ts'
import App from './App.svelte'
import './look/base.css'

const target = document.getElementById('app')
const data = document.getElementById('view')?.textContent
if (target && data) hydrate(App, { target, props: { view: JSON.parse(data) as PageView } })
