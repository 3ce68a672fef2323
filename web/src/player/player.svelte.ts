import type { Channel } from '#contract/channels.ts'
import type { BeatMessage } from '#contract/socket.ts'
import { backoffMs } from '../live/backoff.ts'
import { tabOf } from '../live/device.ts'
import { keepInTab, keepOnDevice, type Keep } from '../live/keep.ts'
import { oneSound, type OneSound } from '../live/oneSound.ts'
import type { Live } from '../live/socket.svelte.ts'
import { correctionOf, narrowed, offsetFromHeaders, type ClockBounds } from './clockwork.ts'
import { createEngine, type Engine, type EngineStats, type Level, type Quality } from './engine.ts'
import { createMediaPlace, type MediaPlace } from './mediaPlace.ts'
import { recall, remember } from './remembered.ts'
import { startMediaSession } from './session.svelte.ts'
import { fadeOf } from './sleep.ts'
import { addressOf, DVR_SECONDS, MissingSource, windowFor } from './source.ts'
import { NOTHING_LOADED, step, type Action, type Event, type Model } from './state.ts'
import { LIVE_TOLERANCE_SECONDS, statusOf, type Status } from './status.ts'

export const STAGE_RANK = 2
export const DOCK_RANK = 1

/** Where to go once the playlist and the first media are there. */
type Goal = { readonly kind: 'clock' } | { readonly kind: 'instant'; readonly instant: number }

const TICK_MS = 250
const TICKS_PER_STEP = 4
const FROZEN_MS = 5_000
/** A pause longer than this is worth offering to continue from. */
const OFFER_AFTER_MS = 10_000
const OFFER_FOR_MS = 20_000
/** A paused player stops loading after this: it would only throw it away again. */
const REST_AFTER_MS = 60_000

/**
 * The one player of the page: owns the media element, what is in it and what the visitor chose. Requests go down through its methods,
 * state comes up through its fields; nothing is shown before it is so.
 */
export class Player {
  channel = $state.raw<Channel | null>(null)
  model = $state.raw<Model>(NOTHING_LOADED)
  /** The station's clock; moves while something is loaded. */
  now = $state.raw(0)
  /** When what is seen and heard now was on air. */
  position = $state.raw<number | null>(null)
  listed = $state.raw<{ readonly from: number; readonly to: number } | null>(null)
  levels = $state.raw<readonly Level[]>([])
  stats = $state.raw<EngineStats | null>(null)
  bufferSeconds = $state.raw(0)
  volume = $state.raw(1)
  isMuted = $state.raw(false)
  quality = $state.raw<Quality>('auto')
  isSoundOnly = $state.raw(false)
  isBehindByChoice = $state.raw(false)
  isElsewhere = $state.raw(false)
  isInPictureInPicture = $state.raw(false)
  sleepAt = $state.raw<number | null>(null)
  /** After a pause the player is back on time; this is where the pause began, for a while. */
  continueFrom = $state.raw<number | null>(null)
  /** Nothing older than this can be had, as far as we have found out. */
  earliest = $state.raw<number | null>(null)
  rank = $state.raw(0)
  /** A radio stage of what is loaded is in view: sound needs no place, only its controls do. */
  hasStage = $state.raw(false)
  captions = $state.raw<'none' | 'off' | 'on'>('none')
  /** Somebody pressed something: only then may sound begin by itself. */
  hasBeenAsked = $state.raw(false)

  readonly airing = $derived.by(() => (this.channel ? (this.live.nowNext[this.channel.id] ?? null) : null))
  readonly lagSeconds = $derived(this.position === null ? null : (this.now - this.position) / 1000)
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
  readonly isWanted = $derived(['connecting', 'playing', 'buffering'].includes(this.model.phase))
  readonly isSilent = $derived(this.isMuted || this.model.blocked === 'sound')
  readonly isRadio = $derived(this.channel?.kind === 'radio')

  readonly live: Live
  #place: MediaPlace | undefined
  #engine: Engine | null = null
  #build = 0
  #window: number | undefined
  #goal: Goal | null = null
  #clock: ClockBounds | null = null
  #keep: Keep | undefined
  #sound: OneSound | undefined
  #ticks = 0
  #lastTick = { wallMs: 0, mediaSeconds: 0 }
  #lastStepSeconds = 0
  #seekedAtMs = 0
  #pausedAt: number | null = null
  #offeredAt = 0
  #playedSeconds = 0
  #lastBeatState: BeatMessage['state'] = 'idle'

  constructor(live: Live) {
    this.live = live
  }

  get media(): HTMLVideoElement | undefined {
    return this.#place?.media
  }

  /** In the browser, once, before anything else: makes the media element and begins to listen. */
  start(): () => void {
    this.#place = createMediaPlace((rank) => (this.rank = rank))
    const { media } = this.#place
    this.#keep = keepOnDevice()
    const kept = recall(this.#keep)
    this.volume = kept.volume
    this.isMuted = kept.isMuted
    this.quality = kept.quality
    this.isSoundOnly = kept.isSoundOnly
    media.volume = kept.volume
    media.muted = kept.isMuted
    this.now = this.#at()
    this.live.reportFrom(() => this.#beat())
    this.#sound = oneSound(tabOf(keepInTab()), () => this.#silencedByOther())
    const listening = new AbortController()
    this.#listen(media, listening.signal)
    const timer = setInterval(() => this.#tick(), TICK_MS)
    const stopSession = startMediaSession(this)
    return () => {
      clearInterval(timer)
      listening.abort()
      stopSession()
      this.#sound?.stop()
      this.#engine?.destroy()
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
    if (this.media && this.model.blocked === 'sound') this.unmute()
    if (channel.id !== this.channel?.id || this.model.phase === 'idle') return this.#load(channel)
    if (this.isWanted) return
    const pausedMs = this.#pausedAt === null ? 0 : this.now - this.#pausedAt
    if (!this.isBehindByChoice && pausedMs > OFFER_AFTER_MS && pausedMs < DVR_SECONDS * 1000) {
      this.continueFrom = this.position
      this.#offeredAt = this.now
    }
    this.#engine?.allowBehind(this.isBehindByChoice)
    this.#goal = this.isBehindByChoice ? null : { kind: 'clock' }
    this.#feed({ kind: 'resume' })
  }

  /** Pictures begin by themselves, without sound; sound only begins when somebody asks. */
  playUnasked(channel: Channel): void {
    const isSwitch = this.isWanted && this.channel?.kind === channel.kind && this.channel.id !== channel.id
    if (isSwitch) return this.#load(channel)
    if (channel.kind === 'radio' || this.model.phase !== 'idle' || this.hasBeenAsked) return
    if (this.media) this.media.muted = true
    this.#load(channel, { isSilent: !this.isMuted })
  }

  pause(): void {
    this.#pausedAt = this.now
    this.#engine?.allowBehind(true)
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
    this.#forgetTimeline()
    this.sleepAt = null
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
    if (channel && channel.id !== this.channel?.id) this.#load(channel, { from })
    else this.seekTo(from)
    if (this.media?.muted && this.model.blocked === 'sound') this.unmute()
  }

  seekTo(instant: number): void {
    if (!this.channel || this.model.phase === 'idle') return
    const behindSeconds = (this.now - instant) / 1000
    if (behindSeconds < LIVE_TOLERANCE_SECONDS) return this.goLive()
    const goal = Math.max(instant, this.now - (DVR_SECONDS - 30) * 1000, this.earliest ?? 0)
    this.continueFrom = null
    this.isBehindByChoice = true
    this.#engine?.allowBehind(true)
    this.#goal = { kind: 'instant', instant: goal }
    const needed = windowFor((this.now - goal) / 1000)
    if ((needed ?? 0) > (this.#window ?? 0) && goal < (this.listed?.from ?? Number.POSITIVE_INFINITY)) {
      this.#window = needed
      this.#perform(['rebuild', 'play'])
    } else this.#reachGoal()
    if (!this.isWanted) this.#feed({ kind: 'resume' })
  }

  goLive(): void {
    this.continueFrom = null
    this.isBehindByChoice = false
    this.#goal = { kind: 'clock' }
    if (this.model.phase === 'idle') return
    // A long window costs a long playlist every two seconds; the edge does not need it.
    if (this.#window !== undefined) {
      this.#window = undefined
      this.#perform(['rebuild', 'play'])
    } else this.#engine?.allowBehind(false)
    if (this.isWanted) this.#reachGoal()
    else this.#feed({ kind: 'resume' })
  }

  setVolume(volume: number): void {
    this.volume = Math.min(1, Math.max(0, volume))
    if (this.media) this.media.volume = this.volume
    if (this.volume > 0) this.unmute()
    else this.#choose()
  }

  mute(): void {
    this.isMuted = true
    if (this.media) this.media.muted = true
    this.#choose()
  }

  unmute(): void {
    this.isMuted = false
    if (this.volume === 0) this.volume = 0.5
    if (this.media) Object.assign(this.media, { muted: false, volume: this.volume })
    this.#feed({ kind: 'sound-wanted' })
    if (this.isWanted) this.#sound?.claim()
    this.#choose()
  }

  toggleMute(): void {
    this.hasBeenAsked = true
    if (this.isMuted || this.media?.muted) this.unmute()
    else this.mute()
  }

  setQuality(quality: Quality): void {
    this.quality = quality
    this.#engine?.setQuality(quality)
    this.#choose()
  }

  /** The picture is not downloaded at all; or comes back. */
  setSoundOnly(isSoundOnly: boolean): void {
    this.isSoundOnly = isSoundOnly
    this.#choose()
    if (this.model.phase === 'idle' || this.isRadio) return
    this.#goal = this.isBehindByChoice && this.position !== null ? { kind: 'instant', instant: this.position } : { kind: 'clock' }
    if (this.model.unsupported) this.#feed({ kind: 'load', isSilent: false })
    else this.#perform(this.isWanted ? ['rebuild', 'play'] : ['rebuild'])
  }

  toggleCaptions(): void {
    const track = captionsOf(this.media)
    if (!track) return
    track.mode = track.mode === 'showing' ? 'disabled' : 'showing'
    this.captions = track.mode === 'showing' ? 'on' : 'off'
  }

  get canPictureInPicture(): boolean {
    return !this.isSoundOnly && typeof document !== 'undefined' && document.pictureInPictureEnabled
  }

  async togglePictureInPicture(): Promise<void> {
    try {
      if (document.pictureInPictureElement) await document.exitPictureInPicture()
      else if (this.canPictureInPicture) await this.media?.requestPictureInPicture()
    } catch {
      // Refused by the browser or before the first picture: the button stays.
    }
  }

  get clockErrorSeconds(): number {
    return (this.#at() - Date.now()) / 1000
  }

  setSleep(minutes: number | null): void {
    this.sleepAt = minutes === null ? null : this.#at() + minutes * 60_000
    if (minutes === null && this.media) this.media.volume = this.volume
  }

  #load(channel: Channel, { from, isSilent }: { from?: number; isSilent?: boolean } = {}) {
    this.channel = channel
    this.isElsewhere = false
    this.#forgetTimeline()
    if (from !== undefined) {
      this.isBehindByChoice = true
      this.#window = windowFor((this.#at() - from) / 1000)
    }
    this.#goal = from === undefined ? { kind: 'clock' } : { kind: 'instant', instant: from }
    this.#choose()
    this.#feed({ kind: 'load', isSilent: isSilent ?? this.model.blocked === 'sound' })
  }

  #forgetTimeline() {
    this.#window = undefined
    this.isBehindByChoice = false
    this.continueFrom = null
    this.position = null
    this.listed = null
    this.earliest = null
    this.levels = []
    this.stats = null
    this.#pausedAt = null
    this.#goal = null
  }

  #feed(event: Event) {
    const { model, actions } = step(this.model, event, this.#at())
    this.model = model
    this.#perform(actions)
    const { state } = this.#beat()
    if (state === this.#lastBeatState) return
    this.#lastBeatState = state
    this.live.beat()
  }

  #perform(actions: readonly Action[]) {
    for (const action of actions) {
      if (action === 'rebuild') void this.#rebuild()
      else if (action === 'reload') this.#engine?.reload()
      else if (action === 'recover-media') this.#engine?.recoverMedia()
      else if (action === 'to-clock') this.#toClock()
      else if (action === 'play') void this.#startMedia()
      else if (action === 'play-muted') this.#startMuted()
      else if (action === 'tear-down') this.#tearDown()
      else action satisfies never
    }
  }

  async #rebuild() {
    const { channel, media } = this
    if (!channel || !media) return
    const turn = ++this.#build
    this.#engine?.destroy()
    this.#engine = null
    this.#goal ??=
      this.isBehindByChoice && this.position !== null ? { kind: 'instant', instant: this.position } : { kind: 'clock' }
    const isCurrent = () => turn === this.#build
    try {
      const source = await addressOf(channel, { window: this.#window, isSoundOnly: this.isSoundOnly })
      if (!isCurrent()) return
      const engine = await createEngine({
        media,
        source,
        isRadio: channel.kind === 'radio',
        quality: this.quality,
        events: {
          timeline: () => isCurrent() && this.#timelineMoved(),
          loaded: () => isCurrent() && this.model.trouble && this.#feed({ kind: 'loaded' }),
          levels: (levels) => isCurrent() && (this.levels = levels),
          failed: (cause) => isCurrent() && this.#failed(cause),
          unsupported: (what) => isCurrent() && this.#feed({ kind: 'unsupported', what }),
          date: (serverMs) => (this.#clock = narrowed(this.#clock, serverMs, Date.now())),
        },
      })
      if (!isCurrent()) return engine?.destroy()
      this.#engine = engine
      engine?.allowBehind(this.isBehindByChoice)
      if (this.isWanted) void this.#startMedia()
    } catch (error) {
      if (isCurrent()) this.#failed(error instanceof MissingSource ? 'missing' : 'network')
    }
  }

  #failed(cause: 'network' | 'media' | 'missing') {
    const attempt = (this.model.trouble?.attempt ?? 0) + 1
    this.#feed({ kind: 'failed', cause, delayMs: backoffMs(attempt, Math.random(), { floorMs: 1_000, baseMs: 2_000 }) })
  }

  async #startMedia() {
    const { media } = this
    if (!media || !this.isWanted) return
    try {
      await media.play()
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || !this.isWanted) return
      this.#feed({ kind: 'blocked', what: this.isRadio || media.muted ? 'playback' : 'sound' })
    }
  }

  #startMuted() {
    if (this.media) this.media.muted = true
    void this.#startMedia()
  }

  #tearDown() {
    this.#build += 1
    this.#engine?.destroy()
    this.#engine = null
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
    const goal = this.#goal
    const listed = this.#engine?.listed()
    if (!media || !goal || !listed || media.readyState < HTMLMediaElement.HAVE_METADATA) return
    const wanted = goal.kind === 'clock' ? this.#at() : goal.instant
    // A playlist from before a pause or an outage ends in the past: a fresh one is on its way.
    if (goal.kind === 'clock' && wanted > listed.to) return
    const instant = Math.min(Math.max(wanted, listed.from + 1_000), listed.to - 500)
    if (goal.kind === 'instant' && instant > wanted + 2_000) this.earliest = listed.from
    const position = this.#engine?.positionOf(instant)
    if (position === null || position === undefined) return
    this.#goal = null
    this.#seekedAtMs = Date.now()
    if (Math.abs(media.currentTime - position) > 0.04) media.currentTime = position
    this.position = instant
  }

  #timelineMoved() {
    this.listed = this.#engine?.listed() ?? null
    this.#reachGoal()
  }

  #tick() {
    const { media } = this
    const wallMs = Date.now()
    this.now = this.#at()
    if (!media || this.model.phase === 'idle') return
    const mediaSeconds = media.currentTime
    const moved = mediaSeconds - this.#lastTick.mediaSeconds
    if (moved > 0 && moved < 60) this.#playedSeconds += moved
    const stoodMs = wallMs - this.#lastTick.wallMs - Math.max(0, moved) * 1000
    const hasFrozen = this.#lastTick.wallMs > 0 && wallMs - this.#lastTick.wallMs > FROZEN_MS && stoodMs > FROZEN_MS
    this.#lastTick = { wallMs, mediaSeconds }
    if (this.#goal === null) this.position = this.#engine?.instantOf(mediaSeconds) ?? this.position
    this.bufferSeconds = aheadOf(media)
    if (hasFrozen) this.#feed({ kind: 'woke' })
    this.#sleepTick(media)
    this.#pauseTick()
    this.#ticks += 1
    if (this.#ticks % TICKS_PER_STEP !== 0) return
    this.stats = this.#engine?.stats() ?? null
    const captions = captionsOf(media)
    this.captions = captions === undefined ? 'none' : captions.mode === 'showing' ? 'on' : 'off'
    const hasMoved = Math.abs(mediaSeconds - this.#lastStepSeconds) > 0.05 && !media.seeking
    this.#lastStepSeconds = mediaSeconds
    this.#feed({ kind: 'tick', hasMoved })
    this.#keepTime(media)
  }

  #keepTime(media: HTMLVideoElement) {
    if (this.model.phase !== 'playing' || this.isBehindByChoice || this.lagSeconds === null || this.#goal) {
      media.playbackRate = 1
      return
    }
    const correction = correctionOf({
      lagMs: this.lagSeconds * 1000,
      isRadio: this.isRadio,
      sinceSeekMs: Date.now() - this.#seekedAtMs,
    })
    media.playbackRate = correction.kind === 'rate' ? correction.rate : 1
    if (correction.kind === 'seek') this.#toClock()
  }

  #sleepTick(media: HTMLVideoElement) {
    if (this.sleepAt === null) return
    const fade = fadeOf(this.sleepAt - this.now)
    media.volume = this.volume * fade
    if (fade > 0) return
    this.pause()
    this.setSleep(null)
  }

  #pauseTick() {
    if (this.continueFrom !== null && this.now - this.#offeredAt > OFFER_FOR_MS) this.continueFrom = null
    if (this.model.phase === 'paused' && this.#pausedAt !== null && this.now - this.#pausedAt > REST_AFTER_MS)
      this.#engine?.rest()
  }

  #listen(media: HTMLVideoElement, signal: AbortSignal) {
    const on = (name: string, listener: () => void) => media.addEventListener(name, listener, { signal })
    on('loadeddata', () => this.#reachGoal())
    on('canplay', () => this.#reachGoal())
    on('playing', () => {
      this.#feed({ kind: 'playing' })
      if (!media.muted) this.#sound?.claim()
      this.isElsewhere = false
    })
    on('waiting', () => this.#feed({ kind: 'waiting' }))
    on('ended', () => this.#feed({ kind: 'ended' }))
    // Media keys, headphones pulled out, the system's own controls; not the pause that comes with a new source.
    on('pause', () => {
      if (!this.isWanted || media.ended || media.error || !this.#engine || media.readyState < HTMLMediaElement.HAVE_CURRENT_DATA)
        return
      this.pause()
    })
    on('enterpictureinpicture', () => (this.isInPictureInPicture = true))
    on('leavepictureinpicture', () => (this.isInPictureInPicture = false))
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
      mediaSeconds: Math.round(this.#playedSeconds * 100) / 100,
      isMuted: this.media?.muted ?? true,
    }
  }

  /** The socket's time is exact to the network's delay, the headers' to a second. */
  #at(): number {
    return Date.now() + (this.live.serverOffsetMs ?? offsetFromHeaders(this.#clock))
  }

  #choose() {
    if (!this.#keep) return
    const { volume, isMuted, quality, isSoundOnly, channel } = this
    remember(this.#keep, { volume, isMuted, quality, isSoundOnly, channel: channel?.id ?? null })
  }
}

const captionsOf = (media: HTMLVideoElement | undefined): TextTrack | undefined =>
  [...(media?.textTracks ?? [])].find(({ kind }) => kind === 'captions' || kind === 'subtitles')

function aheadOf(media: HTMLMediaElement): number {
  const { buffered, currentTime } = media
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= currentTime + 0.1 && currentTime < buffered.end(i)) return buffered.end(i) - currentTime
  }
  return 0
}
