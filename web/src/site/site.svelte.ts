import { getContext, setContext } from 'svelte'
import type { Channel, GuideEntry } from '#contract/channels.ts'
import type { PageView } from '#contract/pages.ts'
import { createLive, type Live } from '../live/socket.svelte.ts'
import { createFormat, type Format } from '../words/format.ts'
import { categoryName, wordsOf, type Words } from '../words/words.ts'
import { channelAt } from './airing.ts'
import { StationClock } from './clock.svelte.ts'
import { ThemeChoice } from './theme.svelte.ts'

/** What every part of the page may ask: which page this is, what time it is, who is on air, in which words. */
export class Site {
  view = $state.raw<PageView>() as PageView
  readonly clock: StationClock
  readonly live: Live
  readonly theme = new ThemeChoice()

  readonly words: Words = $derived(wordsOf(this.view.language))
  readonly format: Format = $derived(createFormat(this.view.language, this.view.zone))
  readonly channels: readonly Channel[] = $derived(
    this.view.channels.map((channel) => ({
      ...channelAt(channel, this.live.nowNext[channel.id], this.clock.now),
      audience: this.live.audience[channel.id] ?? null,
    })),
  )

  constructor(view: PageView) {
    this.view = view
    this.clock = new StationClock(view.at)
    this.live = createLive({ url: '/ws', channels: view.channels })
  }

  get now(): number {
    return this.clock.now
  }

  /** Shows another page. Facts of the socket are newer than those of the page, as long as it is connected. */
  show(view: PageView): void {
    this.view = view
    if (this.live.isConnected) return
    this.live.audience = Object.fromEntries(view.channels.map((c) => [c.id, c.audience]))
    this.live.nowNext = Object.fromEntries(
      view.channels.map(({ id, now, next, continuity }) => [id, { channel: id, now, next, continuity }]),
    )
  }

  channel(id: string): Channel | undefined {
    return this.channels.find((channel) => channel.id === id)
  }

  /** An address in the language of this page. */
  href(path: string): string {
    return this.view.language === 'en' ? (path === '/' ? '/en' : `/en${path}`) : path
  }

  get hrefOfOtherLanguage(): string {
    const { path, language } = this.view
    return language === 'en' ? path : path === '/' ? '/en' : `/en${path}`
  }

  hrefOfChannel(channel: Channel): string {
    return this.href(`/${channel.kind === 'tv' ? 'tv' : 'radio'}/${channel.id}`)
  }

  hrefOfEntry(entry: GuideEntry): string | null {
    return entry.programme === null ? null : this.href(`/programmes/${entry.programme}`)
  }

  category(category: string): string {
    return categoryName(this.words, category)
  }

  /** `1.284 đang xem`; null while it is unknown or too small to say. */
  audienceOf(channel: Channel): string | null {
    const { audience } = channel
    if (audience === null || audience < SMALLEST_SHOWN) return null
    const count = this.format.audience(audience)
    return channel.kind === 'tv' ? this.words.stage.watching(count) : this.words.stage.listening(count)
  }
}

/** Smaller counts say more about single people than about the channel. */
export const SMALLEST_SHOWN = 5

const KEY = Symbol('site')
export const provideSite = (site: Site): Site => setContext(KEY, site)
export const useSite = (): Site => getContext<Site>(KEY)
