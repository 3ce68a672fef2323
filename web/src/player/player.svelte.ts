import type { Channel } from '#contract/channels.ts'
import type { BeatMessage } from '#contract/socket.ts'
import { backoffMs } from '../live/backoff.ts'
import { tabOf } from '../live/device.ts'
import { keepInTab, keepOnDevice } from '../live/keep.ts'
import { oneSound, type OneSound } from '../live/oneSound.ts'
import type { Live } from '../live/socket.svelte.ts'
import { Choices } from './choices.svelte.ts'
import { correctionOf, narrowed, offsetFromHeaders, type ClockBounds } from './clockwork.ts'
import type { EngineStats, Level, Quality } from './engine.ts'
import { Extras } from './extras.svelte.ts'
import { landingOf, type Goal, type Listed } from './goal.ts'
import { createLoader } from './loader.ts'
import { createMediaPlace, type MediaPlace } from './mediaPlace.ts'
import { aheadOf, pulseOf, STILL, type Pulse } from './pulse.ts'
import { startMediaSession } from './session.svelte.ts'
import { fadeOf } from './sleep.ts'
import { DVR_SECONDS, windowFor } from './source.ts'
import { NOTHING_LOADED, step, type Action, type Cause, type Event, type Model } from './state.ts'
import { LIVE_TOLERANCE_SECONDS, statusOf, type Status } from './status.ts'

export const STAGE_RANK = 2
export const DOCK_RANK = 1

const TICK_MS = 250
const TICKS_PER_STEP = 4
/** A pause longer than this is worth offering to continue from, for a while. */
const OFFER_AFTER_MS = 10_000
const OFFER_FOR_MS = 20_000
/** A paused player stops loading after this: it would only throw it away again. */
const REST_AFTER_MS = 60_000
/** The oldest segments leave while one seeks to them. */
const DVR_MARGIN_MS = 30_000

/**
 * The one player of the page: owns the media element and what is in it. Requests go down through its methods, state comes up through
 * its fields; nothing is shown before it is so.
 */
export class Player {
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
  /** Another tab has taken over. */
  isElsewhere = $state.raw(false)
  sleepAt = $state.raw<number | null>(null)
  /** After a pause the player is back on time; this is where the pause began, for a while. */
  continueFrom = $state.raw<number | null>(null)
  /** Nothing older than this can be had, as far as we have found out. */
  earliest = $state.raw<number | null>(null)
  /** Where the media element is: 2 on a stage, 1 in the dock, 0 nowhere. */
  rank = $state.raw(0)
  /** A radio stage of what is loaded is in view: sound needs no place, only its controls do. */
  hasStage = $state.raw(false)
  /** Somebody pressed something: only then may sound begin by itself. */
  hasBeenAsked = $state.raw(false)

  readonly choices = new Choices()
  readonly extras = new Extras()
  readonly live: Live

  readonly airing = $derived.by(() => (this.channel ? (this.live.nowNext[this.channel.id] ?? null) : null))
  readonly lagSeconds = $derived(this.position === null ? null : (this.now - this.position) / 1000)
  readonly isWanted = $derived(['connecting', 'playing', 'buffering'].includes(this.model.phase))
  readonly isSilent = $derived(this.choices.isMuted || this.model.blocked === 'sound')
  readonly isRadio = $derived(this.channel?.kind === 'radio')
  readonly isLive = $derived(
    this.model.phase === 'playing' && !this.isBehindByChoice && (this.lagSeconds ?? 0) <= LIVE_TOLERANCE_SECONDS,
  )
  readonly status: Status = $derived(
    statusOf(this.model, {
      at: this.now,
      lagSeconds: this.lagSeconds,
      isBehindByChoice: this.isBehindByChoice,
      offAir:
        this.airing?.continuity === 'slate' && this.airing.now.programme === null
          ? { until: this.airing.next[0]?.from ?? null }
          : null,
    }),
  )

  readonly #loader = createLoader({
    ready: () => {
      if (this.isWanted) void this.#startMedia()
    },
    timeline: () => this.#reachGoal(),
    loaded: () => {
      if (this.model.trouble) this.#feed({ kind: 'loaded' })
    },
    levels: (levels) => (this.levels = levels),
    failed: (cause) => this.#failed(cause),
    unsupported: (what) => this.#feed({ kind: 'unsupported', what }),
    date: (serverMs) => (this.#clock = narrowed(this.#clock, serverMs, Date.now())),
  })
  #place: MediaPlace | undefined
  #window: number | undefined
  #goal: Goal | null = null
  #clock: ClockBounds | null = null
  #sound: OneSound | undefined
  #pulse: Pulse = STILL
  #ticks = 0
  #steppedSeconds = 0
  #seekedAtMs = 0
  #pausedAt: number | null = null
  #offeredAt = 0
  #beatState: BeatMessage['state'] = 'idle'

  constructor(live: Live) {
    this.live = live
  }

  get media(): HTMLVideoElement | undefined {
    return this.#place?.media
  }

  get clockErrorSeconds(): number {
    return (this.#at() - Date.now()) / 1000
  }

  /** In the browser, once, before anything else: makes the media element and begins to listen. */
  start(): () => void {
    this.#place = createMediaPlace((rank) => (this.rank = rank))
    const { media } = this.#place
    this.choices.recallFrom(keepOnDevice())
    media.volume = this.choices.volume
    media.muted = this.choices.isMuted
    this.now = this.#at()
    this.live.reportFrom(() => this.#beat())
    this.#sound = oneSound(tabOf(keepInTab()), () => this.#silencedByOther())
    const listening = new AbortController()
    this.#listen(media, listening.signal)
    this.extras.attach(media, listening.signal)
    const timer = setInterval(() => this.#tick(), TICK_MS)
    const stopSession = startMediaSession(this)
    return () => {
      clearInterval(timer)
      listening.abort()
      stopSession()
      this.#sound?.stop()
      this.#loader.drop()
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
    if (this.model.blocked === 'sound') this.unmute()
    if (channel.id !== this.channel?.id || this.model.phase === 'idle') return this.#load(channel)
    if (this.isWanted) return
    const pausedMs = this.#pausedAt === null ? 0 : this.now - this.#pausedAt
    if (!this.isBehindByChoice && pausedMs > OFFER_AFTER_MS && pausedMs < DVR_SECONDS * 1000 - DVR_MARGIN_MS) {
      this.continueFrom = this.position
      this.#offeredAt = this.now
    }
    this.#loader.engine?.allowBehind(this.isBehindByChoice)
    this.#feed({ kind: 'resume' })
  }

  /** Pictures begin by themselves, without sound; sound only begins when somebody asks. */
  playUnasked(channel: Channel): void {
    const isSwitch = this.isWanted && this.channel?.kind === channel.kind && this.channel.id !== channel.id
    if (isSwitch) return this.#load(channel)
    if (channel.kind === 'radio' || this.model.phase !== 'idle' || this.hasBeenAsked) return
    if (this.media) this.media.muted = true
    this.#load(channel, { isSilent: !this.choices.isMuted })
  }

  pause(): void {
    this.#pausedAt = this.now
    this.#loader.engine?.allowBehind(true)
    this.#feed({ kind: 'paused' })
    this.media?.pause()
  }

  toggle(channel: Channel | null = this.channel): void {
    if (this.isWanted && channel?.id === this.channel?.id) this.pause()
    else this.play(channel)
  }

  stop(): void {
    this.#feed({ kind: 'stop' })
    this.channel = null
    this.sleepAt = null
    this.#forgetTimeline()
  }

  retry(): void {
    this.#feed({ kind: 'retry-now' })
  }

  seekBack(seconds: number): void {
    this.seekTo((this.position ?? this.now) - seconds * 1000)
  }

  seekForward(seconds: number): void {
    this.seekTo((this.position ?? this.now) + seconds * 1000)
  }

  /** From the beginning of what is on, or from any instant within the DVR limit. */
  startOver(from: number, channel: Channel | null = this.channel): void {
    this.hasBeenAsked = true
    if (this.model.blocked === 'sound') this.unmute()
    if (channel && channel.id !== this.channel?.id) this.#load(channel, { from })
    else this.seekTo(from)
  }

  seekTo(instant: number): void {
    if (!this.channel || this.model.phase === 'idle') return
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
      this.#perform(['rebuild'])
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
      this.#perform(['rebuild'])
    } else this.#reachGoal()
    if (!this.isWanted) this.#feed({ kind: 'resume' })
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
    this.#feed({ kind: 'sound-wanted' })
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
    this.#loader.engine?.setQuality(quality)
    this.choices.remember()
  }

  /** The picture is not downloaded at all; or comes back. */
  setSoundOnly(isSoundOnly: boolean): void {
    this.hasBeenAsked = true
    this.choices.isSoundOnly = isSoundOnly
    this.choices.remember()
    if (this.model.phase === 'idle' || this.isRadio) return
    if (this.model.unsupported) return this.#feed({ kind: 'load', isSilent: false })
    this.#perform(['rebuild'])
  }

  setSleep(minutes: number | null): void {
    this.sleepAt = minutes === null ? null : this.#at() + minutes * 60_000
    if (minutes === null && this.media) this.media.volume = this.choices.volume
  }

  #load(channel: Channel, { from, isSilent }: { from?: number; isSilent?: boolean } = {}) {
    this.#forgetTimeline()
    this.channel = channel
    this.choices.channel = channel.id
    this.choices.remember()
    if (from !== undefined) {
      this.isBehindByChoice = true
      this.#window = windowFor((this.#at() - from) / 1000)
      this.#goal = { kind: 'instant', instant: from }
    }
    this.#feed({ kind: 'load', isSilent: isSilent ?? this.model.blocked === 'sound' })
  }

  #forgetTimeline() {
    this.#window = undefined
    this.#goal = null
    this.#pausedAt = null
    this.isBehindByChoice = false
    this.isElsewhere = false
    this.continueFrom = null
    this.position = null
    this.earliest = null
    this.levels = []
    this.stats = null
  }

  #feed(event: Event) {
    const { model, actions } = step(this.model, event, this.#at())
    this.model = model
    this.#perform(actions)
    const { state } = this.#beat()
    if (state === this.#beatState) return
    this.#beatState = state
    this.live.beat()
  }

  #perform(actions: readonly Action[]) {
    for (const action of actions) {
      if (action === 'rebuild') this.#rebuild()
      else if (action === 'reload') this.#loader.engine?.reload()
      else if (action === 'recover-media') this.#loader.engine?.recoverMedia()
      else if (action === 'to-clock') this.#toClock()
      else if (action === 'play') void this.#startMedia()
      else if (action === 'play-muted') this.#startMuted()
      else if (action === 'tear-down') this.#tearDown()
      else action satisfies never
    }
  }

  #rebuild() {
    const { channel, media, position, isBehindByChoice: isBehind } = this
    if (!channel || !media) return
    this.#goal ??= isBehind && position !== null ? { kind: 'instant', instant: position } : { kind: 'clock' }
    const { isSoundOnly, quality } = this.choices
    void this.#loader.load({ media, channel, window: this.#window, isSoundOnly, quality, isBehind })
  }

  #failed(cause: Cause) {
    const attempt = (this.model.trouble?.attempt ?? 0) + 1
    this.#feed({ kind: 'failed', cause, delayMs: backoffMs(attempt, Math.random(), { floorMs: 1_000, baseMs: 2_000 }) })
  }

  async #startMedia() {
    const { media } = this
    if (!media || !this.isWanted) return
    try {
      await media.play()
    } catch (error) {
      // `AbortError`: a new source came in between, and plays by itself.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || !this.isWanted) return
      this.#feed({ kind: 'blocked', what: this.isRadio || media.muted ? 'playback' : 'sound' })
    }
  }

  #startMuted() {
    if (this.media) this.media.muted = true
    void this.#startMedia()
  }

  #tearDown() {
    this.#loader.drop()
    this.media?.pause()
    this.media?.removeAttribute('src')
    this.media?.load()
  }

  #toClock() {
    if (this.isBehindByChoice) return
    this.#goal = { kind: 'clock' }
    this.#reachGoal()
  }

  /** Seeks as soon as the playlist lists the goal; until then the goal waits for the next playlist. */
  #reachGoal() {
    const { media } = this
    const { engine } = this.#loader
    const listed: Listed | null = engine?.listed() ?? null
    if (!media || !engine || !listed || !this.#goal || media.readyState < HTMLMediaElement.HAVE_METADATA) return
    const landing = landingOf(this.#goal, listed, this.#at())
    const position = landing && engine.positionOf(landing.instant)
    if (!landing || position === null) return
    if (landing.isCut) this.earliest = listed.from
    this.#goal = null
    this.#seekedAtMs = Date.now()
    this.position = landing.instant
    if (Math.abs(media.currentTime - position) > 0.04) media.currentTime = position
  }

  #tick() {
    const { media } = this
    this.now = this.#at()
    if (!media || this.model.phase === 'idle') return
    this.#pulse = pulseOf(this.#pulse, Date.now(), media.currentTime)
    if (this.#goal === null) this.position = this.#loader.engine?.instantOf(media.currentTime) ?? this.position
    this.bufferSeconds = aheadOf(media)
    if (this.#pulse.hasFrozen) this.#feed({ kind: 'woke' })
    this.#sleepTick(media)
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
    const isOnTime = this.model.phase !== 'playing' || this.isBehindByChoice || this.lagSeconds === null || this.#goal !== null
    const correction = isOnTime
      ? ({ kind: 'none' } as const)
      : correctionOf({
          lagMs: (this.lagSeconds ?? 0) * 1000,
          isRadio: this.isRadio,
          sinceSeekMs: Date.now() - this.#seekedAtMs,
        })
    media.playbackRate = correction.kind === 'rate' ? correction.rate : 1
    if (correction.kind === 'seek') this.#toClock()
  }

  #sleepTick(media: HTMLVideoElement) {
    if (this.sleepAt === null) return
    const fade = fadeOf(this.sleepAt - this.now)
    media.volume = this.choices.volume * fade
    if (fade > 0) return
    this.pause()
    this.setSleep(null)
  }

  #pauseTick() {
    if (this.continueFrom !== null && this.now - this.#offeredAt > OFFER_FOR_MS) this.continueFrom = null
    const pausedMs = this.model.phase === 'paused' && this.#pausedAt !== null ? this.now - this.#pausedAt : 0
    if (pausedMs > REST_AFTER_MS) this.#loader.engine?.rest()
  }

  #listen(media: HTMLVideoElement, signal: AbortSignal) {
    const on = (name: string, listener: () => void) => media.addEventListener(name, listener, { signal })
    on('loadeddata', () => this.#reachGoal())
    on('canplay', () => this.#reachGoal())
    on('playing', () => {
      this.isElsewhere = false
      this.#feed({ kind: 'playing' })
      if (!media.muted) this.#sound?.claim()
    })
    on('waiting', () => this.#feed({ kind: 'waiting' }))
    on('ended', () => this.#feed({ kind: 'ended' }))
    // Media keys, headphones pulled out, the system's own controls; not the pause that comes with a new source.
    on('pause', () => {
      const isNewSource = !this.#loader.engine || media.readyState < HTMLMediaElement.HAVE_CURRENT_DATA
      if (this.isWanted && !isNewSource && !media.ended && !media.error) this.pause()
    })
    addEventListener('offline', () => this.#feed({ kind: 'offline' }), { signal })
    addEventListener('online', () => this.#feed({ kind: 'online' }), { signal })
  }

  #silencedByOther() {
    if (!this.isWanted || this.media?.muted) return
    this.pause()
    this.isElsewhere = true
  }

  #beat(): Pick<BeatMessage, 'channel' | 'state' | 'mediaSeconds' | 'isMuted'> {
    const { phase } = this.model
    return {
      channel: this.channel?.id ?? null,
      state: phase === 'connecting' ? 'buffering' : phase,
      mediaSeconds: Math.round(this.#pulse.playedSeconds * 100) / 100,
      isMuted: this.media?.muted ?? true,
    }
  }

  /** The socket's time is exact to the network's delay, the headers' to a second. */
  #at(): number {
    return Date.now() + (this.live.serverOffsetMs ?? offsetFromHeaders(this.#clock))
  }
}
