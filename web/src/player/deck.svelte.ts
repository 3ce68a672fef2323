import type { Channel } from '#contract/channels.ts'
import { backoffMs } from '../live/backoff.ts'
import type { Choices } from './choices.svelte.ts'
import { correctionOf, offsetOf, raised, type ClockBound } from './clockwork.ts'
import type { EngineStats, Level } from './engine.ts'
import { landingOf, type Goal } from './goal.ts'
import { createLoader } from './loader.ts'
import { aheadOf, pulseOf, STILL, type Pulse } from './pulse.ts'
import { DVR_SECONDS, windowFor } from './source.ts'
import { NOTHING_LOADED, step, type Action, type Cause, type Event, type Model } from './state.ts'
import { LIVE_TOLERANCE_SECONDS } from './status.ts'

const TICK_MS = 250
const TICKS_PER_STEP = 4
/** A pause longer than this is worth offering to continue from, for a while. */
const OFFER_AFTER_MS = 10_000
const OFFER_FOR_MS = 20_000
/** A paused player stops loading after this: it would only throw it away again. */
const REST_AFTER_MS = 60_000
/** The oldest segments leave while one seeks to them. */
const DVR_MARGIN_MS = 30_000
/** Sooner than the socket, because somebody is looking at the countdown. */
const RETRY = { floorMs: 1_000, baseMs: 2_000, maxMs: 12_000 } as const

export type DeckDeps = {
  readonly choices: Choices
  /** Least lead of the station's clock over ours, as its messages tell. */
  readonly offsetMs: () => number | null
  readonly onChange: () => void
  readonly onPlaying: () => void
}

/** What plays one channel in the media element: performs what `state.ts` decides, and keeps to the station's clock. */
export class Deck {
  channel = $state.raw<Channel | null>(null)
  model = $state.raw<Model>(NOTHING_LOADED)
  /** The station's clock; moves while something is loaded. */
  now = $state.raw(0)
  /** When what is seen and heard now was on air. */
  position = $state.raw<number | null>(null)
  levels = $state.raw<readonly Level[]>([])
  stats = $state.raw<EngineStats | null>(null)
  bufferSeconds = $state.raw(0)
  isBehindByChoice = $state.raw(false)
  /** After a pause the player is back on time; this is where the pause began, for a while. */
  continueFrom = $state.raw<number | null>(null)
  /** Nothing older than this can be had, as far as we have found out. */
  earliest = $state.raw<number | null>(null)

  pausedAt = $state.raw<number | null>(null)

  readonly pausedMs = $derived(this.model.phase === 'paused' && this.pausedAt !== null ? this.now - this.pausedAt : 0)
  /** Long enough that going on means a choice: on time, or from here. */
  readonly isLongPause = $derived(this.pausedMs > OFFER_AFTER_MS && this.pausedMs < DVR_SECONDS * 1000 - DVR_MARGIN_MS)
  readonly lagSeconds = $derived(this.position === null ? null : (this.now - this.position) / 1000)
  readonly isWanted = $derived(['connecting', 'playing', 'buffering'].includes(this.model.phase))
  readonly isLive = $derived(
    this.model.phase === 'playing' && !this.isBehindByChoice && (this.lagSeconds ?? 0) <= LIVE_TOLERANCE_SECONDS,
  )

  readonly #deps: DeckDeps
  readonly #loader = createLoader({
    ready: () => void this.#startMedia(),
    timeline: () => this.#reachGoal(),
    loaded: () => this.#loaded(),
    levels: (levels) => (this.levels = levels),
    struggling: () => this.#feed({ kind: 'struggling' }),
    failed: (cause) => this.#failed(cause),
    unsupported: (what) => this.#feed({ kind: 'unsupported', what }),
    date: (serverMs) => (this.#headers = raised(this.#headers, serverMs, Date.now())),
  })
  #media: HTMLVideoElement | undefined
  #window: number | undefined
  #goal: Goal | null = null
  #headers: ClockBound = null
  #pulse: Pulse = STILL
  #ticks = 0
  #steppedSeconds = 0
  #seekedAtMs = 0
  #offeredAt = 0

  constructor(deps: DeckDeps) {
    this.#deps = deps
  }

  /** The station's time, in epoch milliseconds. */
  at(): number {
    return Date.now() + offsetOf({ messages: this.#deps.offsetMs(), headers: this.#headers })
  }

  /** All media seconds played since the page was opened. */
  get playedSeconds(): number {
    return this.#pulse.playedSeconds
  }

  attach(media: HTMLVideoElement): () => void {
    this.#media = media
    this.now = this.at()
    const listening = new AbortController()
    this.#listen(media, listening.signal)
    const timer = setInterval(() => this.#tick(media), TICK_MS)
    return () => {
      clearInterval(timer)
      listening.abort()
      this.#loader.drop()
    }
  }

  load(channel: Channel, { from, isSilent }: { readonly from?: number; readonly isSilent: boolean }): void {
    this.#forgetTimeline()
    this.channel = channel
    if (from !== undefined) {
      this.isBehindByChoice = true
      this.#window = windowFor((this.at() - from) / 1000)
      this.#goal = { kind: 'instant', instant: from }
    }
    this.#feed({ kind: 'load', isSilent })
  }

  /** Goes on; on time, unless one had chosen to be behind. */
  resume(): void {
    if (!this.isBehindByChoice && this.isLongPause) {
      this.continueFrom = this.position
      this.#offeredAt = this.now
    }
    this.#loader.engine?.allowBehind(this.isBehindByChoice)
    this.#feed({ kind: 'resume' })
  }

  pause(): void {
    this.pausedAt = this.now
    this.#loader.engine?.allowBehind(true)
    this.#feed({ kind: 'paused' })
    this.#media?.pause()
  }

  stop(): void {
    this.#feed({ kind: 'stop' })
    this.channel = null
    this.#forgetTimeline()
  }

  retry(): void {
    this.#feed({ kind: 'retry-now' })
  }

  /** Loads anew what is loaded, because it is wanted in another form. */
  reload(): void {
    if (this.model.unsupported) this.#feed({ kind: 'load', isSilent: false })
    else if (this.model.phase !== 'idle') this.#rebuild()
  }

  soundWanted(): void {
    this.#feed({ kind: 'sound-wanted' })
  }

  setQuality(): void {
    this.#loader.engine?.setQuality(this.#deps.choices.quality)
  }

  seekBack(seconds: number): void {
    this.seekTo((this.position ?? this.now) - seconds * 1000)
  }

  seekForward(seconds: number): void {
    this.seekTo((this.position ?? this.now) + seconds * 1000)
  }

  seekTo(instant: number): void {
    if (this.model.phase === 'idle') return
    if ((this.now - instant) / 1000 < LIVE_TOLERANCE_SECONDS) return this.goLive()
    const from = Math.max(instant, this.now - DVR_SECONDS * 1000 + DVR_MARGIN_MS, this.earliest ?? 0)
    this.continueFrom = null
    this.isBehindByChoice = true
    this.#goal = { kind: 'instant', instant: from }
    this.#loader.engine?.allowBehind(true)
    const window = windowFor((this.now - from) / 1000)
    const isListed = from >= (this.#loader.engine?.listed()?.from ?? Number.POSITIVE_INFINITY)
    if (!isListed && (window ?? 0) > (this.#window ?? 0)) {
      this.#window = window
      this.#rebuild()
    } else this.#reachGoal()
    if (!this.isWanted) this.#feed({ kind: 'resume' })
  }

  goLive(): void {
    if (this.model.phase === 'idle') return
    this.continueFrom = null
    this.isBehindByChoice = false
    this.#goal = { kind: 'clock' }
    this.#loader.engine?.allowBehind(false)
    // A long window costs a long playlist every two seconds; the edge does not need it.
    if (this.#window !== undefined) {
      this.#window = undefined
      this.#rebuild()
    } else this.#reachGoal()
    if (!this.isWanted) this.#feed({ kind: 'resume' })
  }

  #forgetTimeline() {
    this.#window = undefined
    this.#goal = null
    this.pausedAt = null
    this.isBehindByChoice = false
    this.continueFrom = null
    this.position = null
    this.earliest = null
    this.levels = []
    this.stats = null
  }

  #feed(event: Event) {
    const { model, actions } = step(this.model, event, this.at())
    this.model = model
    for (const action of actions) this.#perform(action)
    this.#deps.onChange()
  }

  #perform(action: Action) {
    const { engine } = this.#loader
    if (action === 'rebuild') this.#rebuild()
    else if (action === 'reload') engine?.reload()
    else if (action === 'recover-media') engine?.recoverMedia()
    else if (action === 'to-clock') this.#toClock()
    else if (action === 'play') void this.#startMedia()
    else if (action === 'play-muted') this.#startMuted()
    else if (action === 'tear-down') this.#tearDown()
    else action satisfies never
  }

  #rebuild() {
    const { channel, position, isBehindByChoice: isBehind } = this
    const media = this.#media
    if (!channel || !media) return
    this.#goal ??= isBehind && position !== null ? { kind: 'instant', instant: position } : { kind: 'clock' }
    const { isSoundOnly, quality } = this.#deps.choices
    void this.#loader.load({ media, channel, window: this.#window, isSoundOnly, quality, isBehind })
  }

  #loaded() {
    if (this.model.trouble || this.model.isStruggling) this.#feed({ kind: 'loaded' })
  }

  #failed(cause: Cause) {
    const attempt = (this.model.trouble?.attempt ?? 0) + 1
    this.#feed({ kind: 'failed', cause, delayMs: backoffMs(attempt, Math.random(), RETRY) })
  }

  async #startMedia() {
    const media = this.#media
    if (!media || !this.isWanted) return
    try {
      await media.play()
    } catch (error) {
      // `AbortError`: a new source came in between, and plays by itself.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || !this.isWanted) return
      this.#feed({ kind: 'blocked', what: this.channel?.kind === 'radio' || media.muted ? 'playback' : 'sound' })
    }
  }

  #startMuted() {
    if (this.#media) this.#media.muted = true
    void this.#startMedia()
  }

  #tearDown() {
    this.#loader.drop()
    this.#media?.pause()
    this.#media?.removeAttribute('src')
    this.#media?.load()
  }

  #toClock() {
    if (this.isBehindByChoice) return
    this.#goal = { kind: 'clock' }
    this.#reachGoal()
  }

  /** Seeks as soon as the playlist lists the goal; until then the goal waits for the next playlist. */
  #reachGoal() {
    const media = this.#media
    const { engine } = this.#loader
    const listed = engine?.listed()
    if (!media || !engine || !listed || !this.#goal || media.readyState < HTMLMediaElement.HAVE_METADATA) return
    const landing = landingOf(this.#goal, listed, this.at())
    const position = landing && engine.positionOf(landing.instant)
    if (!landing || position === null) return
    if (landing.isCut) this.earliest = listed.from
    this.#goal = null
    this.#seekedAtMs = Date.now()
    this.position = landing.instant
    if (Math.abs(media.currentTime - position) > 0.04) media.currentTime = position
  }

  #tick(media: HTMLVideoElement) {
    this.now = this.at()
    if (this.model.phase === 'idle') return
    this.#pulse = pulseOf(this.#pulse, Date.now(), media.currentTime)
    if (this.#goal === null) this.position = this.#loader.engine?.instantOf(media.currentTime) ?? this.position
    this.bufferSeconds = aheadOf(media)
    if (this.#pulse.hasFrozen) {
      // Clocks are set while machines sleep.
      this.#headers = null
      this.#feed({ kind: 'woke' })
    }
    this.#pauseTick()
    this.#ticks += 1
    if (this.#ticks % TICKS_PER_STEP !== 0) return
    this.stats = this.#loader.engine?.stats() ?? null
    const hasMoved = Math.abs(media.currentTime - this.#steppedSeconds) > 0.05 && !media.seeking
    this.#steppedSeconds = media.currentTime
    this.#feed({ kind: 'tick', hasMoved })
    this.#keepTime(media)
  }

  #keepTime(media: HTMLVideoElement) {
    const isKept = this.model.phase === 'playing' && !this.isBehindByChoice && this.#goal === null
    const correction =
      isKept && this.lagSeconds !== null
        ? correctionOf({
            lagMs: this.lagSeconds * 1000,
            isRadio: this.channel?.kind === 'radio',
            sinceSeekMs: Date.now() - this.#seekedAtMs,
          })
        : ({ kind: 'none' } as const)
    media.playbackRate = correction.kind === 'rate' ? correction.rate : 1
    if (correction.kind === 'seek') this.#toClock()
  }

  #pauseTick() {
    if (this.continueFrom !== null && this.now - this.#offeredAt > OFFER_FOR_MS) this.continueFrom = null
    if (this.pausedMs > REST_AFTER_MS) this.#loader.engine?.rest()
  }

  #listen(media: HTMLVideoElement, signal: AbortSignal) {
    const on = (name: string, listener: () => void) => media.addEventListener(name, listener, { signal })
    on('loadeddata', () => this.#reachGoal())
    on('canplay', () => this.#reachGoal())
    on('playing', () => {
      this.#feed({ kind: 'playing' })
      this.#deps.onPlaying()
    })
    on('waiting', () => {
      this.#steppedSeconds = media.currentTime
      this.#feed({ kind: 'waiting' })
    })
    on('ended', () => this.#feed({ kind: 'ended' }))
    // Media keys, headphones pulled out, the system's own controls; not the pause that comes with a new source.
    on('pause', () => {
      const isNewSource = !this.#loader.engine || media.readyState < HTMLMediaElement.HAVE_CURRENT_DATA
      if (this.isWanted && !isNewSource && !media.ended && !media.error) this.pause()
    })
    addEventListener('offline', () => this.#feed({ kind: 'offline' }), { signal })
    addEventListener('online', () => this.#feed({ kind: 'online' }), { signal })
  }
}
