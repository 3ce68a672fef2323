import { untrack } from 'svelte'
import type { Channel, GuideEntry } from '#contract/channels.ts'
import type { BeatMessage } from '#contract/socket.ts'
import { tabOf } from '../live/device.ts'
import { keepInTab, keepOnDevice } from '../live/keep.ts'
import { oneSound, type OneSound } from '../live/oneSound.ts'
import type { Live } from '../live/socket.svelte.ts'
import { Choices } from './choices.svelte.ts'
import { Deck } from './deck.svelte.ts'
import type { Quality } from './engine.ts'
import { Extras } from './extras.svelte.ts'
import { Late } from './late.svelte.ts'
import { createMediaPlace, type MediaPlace } from './mediaPlace.ts'
import { fadeOf } from './sleep.ts'
import { statusOf, type Status } from './status.ts'

export const STAGE_RANK = 2
export const DOCK_RANK = 1
const SLEEP_TICK_MS = 250

/**
 * The one player of the page. Requests go down through its methods, state comes up through its fields; nothing is shown before it is
 * so. What is loaded and where it stands is the deck's.
 */
export class Player {
  /** Where the media element is: 2 on a stage, 1 in the dock, 0 nowhere. */
  rank = $state.raw(0)
  /** A radio stage of what is loaded is in view: sound needs no place, only its controls do. */
  hasStage = $state.raw(false)
  /** Somebody pressed something: only then may sound begin by itself. */
  hasBeenAsked = $state.raw(false)
  /** Another tab has taken over. */
  isElsewhere = $state.raw(false)
  /** What one asked to see again. */
  #asked = $state.raw<GuideEntry | null>(null)
  sleepAt = $state.raw<number | null>(null)

  readonly live: Live
  readonly parts = new Late(() => import('./parts.ts'))
  readonly choices = new Choices()
  readonly extras = new Extras()
  readonly deck = new Deck({
    choices: this.choices,
    offsetMs: () => this.live.serverOffsetMs,
    onChange: () => this.#changed(),
    onPlaying: () => this.#nowPlaying(),
  })

  readonly channel = $derived(this.deck.channel)
  readonly isRadio = $derived(this.deck.channel?.kind === 'radio')
  readonly isSilent = $derived(this.choices.isMuted || this.deck.model.blocked === 'sound')
  readonly airing = $derived.by(() => (this.channel ? (this.live.nowNext[this.channel.id] ?? null) : null))
  /** That, as long as it is what one sees. */
  readonly replayed = $derived.by(() => {
    const { position, isBehindByChoice } = this.deck
    if (!this.#asked || !isBehindByChoice || this.channel?.id !== this.#asked.channel) return null
    const isInside = position === null || (position >= this.#asked.from && position < this.#asked.to)
    return isInside ? this.#asked : null
  })
  readonly status: Status = $derived(
    statusOf(this.deck.model, {
      at: this.deck.now,
      lagSeconds: this.deck.lagSeconds,
      isBehindByChoice: this.deck.isBehindByChoice,
      offAir:
        this.airing?.continuity === 'slate' && this.airing.now.programme === null
          ? { until: this.airing.next[0]?.from ?? null }
          : null,
    }),
  )

  #place: MediaPlace | undefined
  #sound: OneSound | undefined
  #beatState: BeatMessage['state'] = 'idle'

  constructor(live: Live) {
    this.live = live
  }

  get media(): HTMLVideoElement | undefined {
    return this.#place?.media
  }
  get isWanted(): boolean {
    return this.deck.isWanted
  }
  get isLive(): boolean {
    return this.deck.isLive
  }

  /** In the browser, once, before anything else: makes the media element and begins to listen. */
  start(): () => void {
    this.#place = createMediaPlace((rank) => (this.rank = rank))
    const { media } = this.#place
    this.choices.recallFrom(keepOnDevice())
    media.volume = this.choices.volume
    media.muted = this.choices.isMuted
    this.live.reportFrom(() => this.#beat())
    this.#sound = oneSound(tabOf(keepInTab()), () => this.#silencedByOther())
    const listening = new AbortController()
    this.extras.attach(media, listening.signal)
    const stops = [this.deck.attach(media), this.#showOnLockScreen(), this.#retryWhenReachable()]
    const timer = setInterval(() => this.#sleepTick(media), SLEEP_TICK_MS)
    return () => {
      clearInterval(timer)
      listening.abort()
      for (const stop of stops) stop()
      this.#sound?.stop()
      this.#place?.remove()
      this.#place = undefined
    }
  }

  /** For `{@attach}`: the element stays here while no place of a higher rank wants it. */
  hold(node: HTMLElement, rank: number): () => void {
    return this.#place?.hold(node, rank) ?? (() => {})
  }

  /** Somebody asked for this channel (or for what is loaded to go on). */
  play(channel: Channel | null = this.channel): void {
    this.hasBeenAsked = true
    if (channel === null) return
    if (this.deck.model.blocked === 'sound') this.unmute()
    if (channel.id !== this.channel?.id || this.deck.model.phase === 'idle') this.#load(channel, { isSilent: false })
    else if (!this.isWanted) this.deck.resume()
  }

  /** Pictures begin by themselves, without sound; sound only begins when somebody asks. */
  playUnasked(channel: Channel): void {
    const isSwitch = this.isWanted && this.channel?.kind === channel.kind && this.channel.id !== channel.id
    if (isSwitch) return this.#load(channel, { isSilent: this.deck.model.blocked === 'sound' })
    if (channel.kind === 'radio' || this.deck.model.phase !== 'idle' || this.hasBeenAsked) return
    if (this.media) this.media.muted = true
    this.#load(channel, { isSilent: !this.choices.isMuted })
  }

  pause(): void {
    this.deck.pause()
  }

  toggle(channel: Channel | null = this.channel): void {
    if (this.isWanted && channel?.id === this.channel?.id) this.pause()
    else this.play(channel)
  }

  stop(): void {
    this.sleepAt = null
    this.deck.stop()
  }

  /** From the beginning of what is on, or from any instant within the DVR limit. */
  startOver(from: number, channel: Channel | null = this.channel): void {
    this.hasBeenAsked = true
    if (this.deck.model.blocked === 'sound') this.unmute()
    if (channel && channel.id !== this.channel?.id) this.#load(channel, { from, isSilent: false })
    else this.deck.seekTo(from)
  }

  /** An airing of the last hours, from its beginning. */
  replay(entry: GuideEntry, channel: Channel): void {
    this.#asked = entry
    this.startOver(entry.from, channel)
  }

  setVolume(volume: number): void {
    this.hasBeenAsked = true
    this.choices.volume = Math.min(1, Math.max(0, Math.round(volume * 100) / 100))
    if (this.media) this.media.volume = this.choices.volume
    if (this.choices.volume > 0 && this.isSilent) this.unmute()
    this.choices.remember()
  }

  mute(): void {
    this.choices.isMuted = true
    if (this.media) this.media.muted = true
    this.choices.remember()
  }

  unmute(): void {
    this.choices.isMuted = false
    if (this.choices.volume === 0) this.choices.volume = 0.5
    if (this.media) Object.assign(this.media, { muted: false, volume: this.choices.volume })
    this.deck.soundWanted()
    if (this.isWanted) this.#sound?.claim()
    this.choices.remember()
  }

  toggleMute(): void {
    this.hasBeenAsked = true
    if (this.isSilent) this.unmute()
    else this.mute()
  }

  setQuality(quality: Quality): void {
    this.choices.quality = quality
    this.choices.remember()
    this.deck.setQuality()
  }

  /** The picture is not downloaded at all; or comes back. */
  setSoundOnly(isSoundOnly: boolean): void {
    this.hasBeenAsked = true
    this.choices.isSoundOnly = isSoundOnly
    this.choices.remember()
    if (!this.isRadio) this.deck.reload()
  }

  setSleep(minutes: number | null): void {
    this.sleepAt = minutes === null ? null : this.deck.at() + minutes * 60_000
    if (minutes === null && this.media) this.media.volume = this.choices.volume
  }

  #load(channel: Channel, how: { readonly from?: number; readonly isSilent: boolean }) {
    this.isElsewhere = false
    this.parts.want()
    this.choices.channel = channel.id
    this.choices.remember()
    this.deck.load(channel, how)
  }

  #nowPlaying() {
    this.isElsewhere = false
    if (!this.media?.muted) this.#sound?.claim()
  }

  #changed() {
    const { state } = this.#beat()
    if (state === this.#beatState) return
    this.#beatState = state
    this.live.beat()
  }

  #sleepTick(media: HTMLVideoElement) {
    if (this.sleepAt === null) return
    const fade = fadeOf(this.sleepAt - this.deck.at())
    media.volume = this.choices.volume * fade
    if (fade > 0) return
    this.pause()
    this.setSleep(null)
  }

  /** As soon as there is something to show there. */
  #showOnLockScreen(): () => void {
    return $effect.root(() => {
      $effect(() => {
        const { it } = this.parts
        if (it) return untrack(() => it.startMediaSession(this))
        return undefined
      })
    })
  }

  /** The socket has reached the station again, so media will as well. */
  #retryWhenReachable(): () => void {
    return $effect.root(() => {
      $effect(() => {
        if (this.live.isConnected) untrack(() => this.deck.model.trouble && this.deck.retry())
      })
    })
  }

  #silencedByOther() {
    if (!this.isWanted || this.media?.muted) return
    this.pause()
    this.isElsewhere = true
  }

  #beat(): Pick<BeatMessage, 'channel' | 'state' | 'mediaSeconds' | 'isMuted'> {
    const { phase } = this.deck.model
    return {
      channel: this.channel?.id ?? null,
      state: phase === 'connecting' ? 'buffering' : phase,
      mediaSeconds: Math.round(this.deck.playedSeconds * 100) / 100,
      isMuted: this.media?.muted ?? true,
    }
  }
}
