import type { PageView } from '#contract/pages.ts'
import { addressWith, urlOf } from './address.ts'

/**
 * Goes from page to page without a reload, so that sound and picture keep playing. Links stay ordinary links: whatever goes wrong
 * here, the browser's own navigation still works.
 */
const PAGES = /^(?:\/en)?(?:\/(?:tv|radio|news|programmes)\/[^/.]+|\/(?:guide|programmes|news|stats|search)?)\/?$/
const PREFETCH_MS = 10_000
/** A pointer that only passes over a link wants nothing. */
const HOVER_MS = 80

type Remembered = { readonly path: string; readonly at: number; readonly view: Promise<PageView> }
type Show = (view: PageView) => Promise<void> | void
export type Move = 'push' | 'pop' | 'refresh'

export class Router {
  isMoving = $state(false)
  hasFailed = $state(false)
  readonly #show: Show
  #latest = 0
  #shown = ''
  #hover = 0
  #remembered: Remembered | undefined

  constructor(show: Show) {
    this.#show = show
  }

  start(): () => void {
    history.scrollRestoration = 'manual'
    this.#shown = currentPath()
    const listening = new AbortController()
    const { signal } = listening
    document.addEventListener('click', (event) => this.#click(event), { signal })
    document.addEventListener('pointerover', (event) => this.#prefetchFrom(event), { signal, passive: true })
    document.addEventListener('focusin', (event) => this.#prefetchFrom(event), { signal, passive: true })
    document.addEventListener('submit', (event) => this.#submit(event), { signal })
    addEventListener('popstate', () => this.#pop(), { signal })
    addEventListener('pagehide', rememberScroll, { signal })
    restoreScroll()
    return () => listening.abort()
  }

  navigate(href: string): void {
    const url = urlOf(href)
    if (!isPage(url)) return location.assign(url)
    rememberScroll()
    history.pushState({}, '', url)
    void this.#go(url.pathname + url.search, 'push')
  }

  /** Loads the same page again, quietly: schedules change while it is open. */
  refresh(): Promise<void> {
    return this.#go(currentPath(), 'refresh')
  }

  async #go(path: string, move: Move): Promise<void> {
    const turn = ++this.#latest
    this.hasFailed = false
    this.isMoving = move !== 'refresh'
    try {
      const view = await this.#load(path, move === 'refresh')
      if (turn !== this.#latest) return
      await this.#show(view)
      this.#shown = path
      if (move === 'push') arrive(location.hash)
      if (move === 'pop') restoreScroll()
    } catch {
      if (turn === this.#latest) this.hasFailed = move !== 'refresh'
    } finally {
      if (turn === this.#latest) this.isMoving = false
    }
  }

  #load(path: string, isFresh: boolean): Promise<PageView> {
    const remembered = this.#remembered
    this.#remembered = undefined
    const isUsable = remembered?.path === path && Date.now() - remembered.at < PREFETCH_MS
    return !isFresh && isUsable ? remembered.view : load(path, isFresh ? 'refresh' : 'visit')
  }

  #click(event: MouseEvent): void {
    const link = linkOf(event)
    if (!link || event.defaultPrevented || !isPlain(event)) return
    const url = urlOf(link.href)
    if (!isPage(url) || isSamePlace(url)) return
    event.preventDefault()
    this.navigate(link.href)
  }

  /** Forms that only ask (search) are moves as well: sound and picture go on. */
  #submit(event: SubmitEvent): void {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || form.method !== 'get' || event.defaultPrevented) return
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)] as const)
    const address = addressWith(urlOf(form.action).pathname, Object.fromEntries(fields))
    if (!isPage(urlOf(address))) return
    event.preventDefault()
    this.navigate(address)
  }

  /** A jump to a part of the same page needs no loading. */
  #pop(): void {
    if (currentPath() === this.#shown) restoreScroll()
    else void this.#go(currentPath(), 'pop')
  }

  #prefetchFrom(event: Event): void {
    clearTimeout(this.#hover)
    const link = linkOf(event)
    if (link) this.#hover = window.setTimeout(() => this.#prefetch(link), HOVER_MS)
  }

  #prefetch(link: HTMLAnchorElement): void {
    const url = urlOf(link.href)
    const path = url.pathname + url.search
    if (!isPage(url) || isSamePlace(url) || this.#remembered?.path === path) return
    const view = load(path, 'prefetch')
    view.catch(() => (this.#remembered = undefined))
    this.#remembered = { path, at: Date.now(), view }
  }
}

/** Not one that opens a new tab or window. */
export const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

async function load(path: string, purpose: 'visit' | 'prefetch' | 'refresh'): Promise<PageView> {
  const response = await fetch(`/api/pages?path=${encodeURIComponent(path)}`, {
    headers: { accept: 'application/json', ...(purpose === 'visit' ? {} : { purpose }) },
  })
  // "Not found" is a page as well; only a body that is no page counts as failed.
  if (!response.headers.get('content-type')?.includes('json')) throw new Error(`${path} answered ${response.status}`)
  const view: unknown = await response.json()
  if (!isView(view)) throw new Error(`${path} answered ${response.status}`)
  return view
}

const isView = (value: unknown): value is PageView => typeof value === 'object' && value !== null && 'page' in value
const currentPath = () => location.pathname + location.search
const isPage = (url: URL) => url.origin === location.origin && PAGES.test(url.pathname)
const isSamePlace = (url: URL) => url.pathname === location.pathname && url.search === location.search && url.hash !== ''

function linkOf(event: Event): HTMLAnchorElement | undefined {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null
  if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download')) return undefined
  return link.relList.contains('external') ? undefined : link
}

function rememberScroll(): void {
  history.replaceState({ ...history.state, scroll: scrollY }, '')
}

function restoreScroll(): void {
  const scroll: unknown = history.state?.scroll
  if (typeof scroll === 'number') scrollTo(0, scroll)
}

/** The new page is read from its top, and from its heading by screen readers. */
function arrive(hash: string): void {
  const goal = hash === '' ? null : document.getElementById(hash.slice(1))
  if (goal) return goal.scrollIntoView()
  scrollTo(0, 0)
  const heading = document.querySelector<HTMLElement>('main h1')
  heading?.setAttribute('tabindex', '-1')
  heading?.focus({ preventScroll: true })
}
