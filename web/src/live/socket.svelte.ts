import type { Channel, NowNext } from '#contract/channels.ts'
import type { BeatMessage, ClientMessage, PackagingJob, ServerMessage } from '#contract/socket.ts'
import { backoffMs } from './backoff.ts'
import { deviceOf, tabOf, today } from './device.ts'
import { keepInTab, keepOnDevice } from './keep.ts'
import { serverMessageOf, socketAddressOf } from './messages.ts'

export type BeatSource = () => Pick<BeatMessage, 'channel' | 'state' | 'mediaSeconds' | 'isMuted'>
export type LiveOptions = {
  /** `/ws` of the station, absolute or relative to the page. */
  readonly url: string
  /** What the page was rendered with, so that the first paint has counts and programmes. */
  readonly channels?: readonly Channel[]
  readonly online?: number | null
  readonly topics?: readonly 'packaging'[]
}

/** A beat that has not left by then never will. */
const SWALLOWED_MS = 5_000
const BEAT_REST_MS = 500
/** Two beats make a viewer: the second one after a start follows soon, so that one is counted within seconds. */
const CONFIRM_SECONDS = 4
/** A connection that ends sooner was refused: trying again at once would only be refused again. */
const SETTLED_MS = 10_000
/** Counts without a connection are worth nothing after this long. */
const STALE_MS = 30_000
const IDLE: BeatSource = () => ({ channel: null, state: 'idle', mediaSeconds: 0, isMuted: true })

/**
 * The page's one socket: counts, now & next and packaging come in, beats go out. Playback never depends on it. Created on the
 * server too, where it only holds what the page is rendered with; `start()` connects.
 */
export class Live {
  audience = $state.raw<Readonly<Record<string, number | null>>>({})
  online = $state.raw<number | null>(null)
  nowNext = $state.raw<Readonly<Record<string, NowNext>>>({})
  packaging = $state.raw<readonly PackagingJob[]>([])
  isConnected = $state(false)
  /** At least this much the server's clock is ahead of this device's; null until the server has told its time. */
  serverOffsetMs = $state.raw<number | null>(null)

  readonly #options: LiveOptions
  #socket: WebSocket | undefined
  #session: string | undefined
  #source: BeatSource = IDLE
  #beatSeconds = 15
  #hiddenBeatSeconds = 60
  #attempt = 0
  #timers: { beat?: number; reconnect?: number; stale?: number } = {}
  #lastBeatAt = 0
  #playing: string | null = null
  #welcomedAt = 0
  #isStarted = false

  constructor(options: LiveOptions) {
    this.#options = options
    const channels = options.channels ?? []
    this.audience = Object.fromEntries(channels.map((c) => [c.id, c.audience]))
    this.online = options.online ?? null
    this.nowNext = Object.fromEntries(
      channels.map(({ id, now, next, continuity }) => [id, { channel: id, now, next, continuity }]),
    )
  }

  /** Connects and stays connected until the returned function is called. */
  start(): () => void {
    if (this.#isStarted) return () => {}
    this.#isStarted = true
    const listening = new AbortController()
    const { signal } = listening
    addEventListener('pagehide', () => this.#leave(), { signal })
    addEventListener('pageshow', (event) => event.persisted && this.#connect(), { signal })
    addEventListener('online', () => this.#connectNow(), { signal })
    addEventListener('offline', () => this.#socket?.close(), { signal })
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal })
    this.#connect()
    return () => {
      listening.abort()
      this.#isStarted = false
      clearTimeout(this.#timers.reconnect)
      this.#socket?.close()
    }
  }

  /** The player says here what to put into a beat. */
  reportFrom(source: BeatSource): void {
    this.#source = source
  }

  /** Soon, because the player's state has changed; what changes back within half a second is one change. */
  beat(): void {
    const restMs = this.#lastBeatAt + BEAT_REST_MS - Date.now()
    if (restMs <= 0) return this.#beatNow()
    clearTimeout(this.#timers.beat)
    this.#timers.beat = window.setTimeout(() => this.#beatNow(), restMs)
  }

  #beatNow() {
    if (this.#socket?.readyState === WebSocket.OPEN && this.#session !== undefined) {
      // A socket that swallowed the beat before is dead, whatever it says (laptop lid, changed network).
      const isLongAgo = Date.now() - this.#lastBeatAt > SWALLOWED_MS
      if (isLongAgo && this.#socket.bufferedAmount > 0) return this.#socket.close()
      this.#lastBeatAt = Date.now()
      const beat = this.#source()
      this.#send({ type: 'beat', ...beat, isHidden: document.visibilityState === 'hidden' })
      const playing = beat.state === 'playing' ? beat.channel : null
      const hasBegun = playing !== null && playing !== this.#playing
      this.#playing = playing
      if (hasBegun) return this.#planBeat(CONFIRM_SECONDS)
    }
    this.#planBeat()
  }

  #planBeat(soon?: number) {
    clearTimeout(this.#timers.beat)
    if (!this.isConnected) return
    const isSeen = document.visibilityState === 'visible'
    const isActive = this.#source().state === 'playing' || this.#source().state === 'buffering'
    const seconds = soon ?? (isActive && isSeen ? this.#beatSeconds : this.#hiddenBeatSeconds)
    this.#timers.beat = window.setTimeout(() => this.beat(), seconds * 1000)
  }

  #connect() {
    clearTimeout(this.#timers.reconnect)
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return
    const socket = new WebSocket(socketAddressOf(this.#options.url, location.href))
    this.#socket = socket
    socket.onopen = () => {
      const { topics } = this.#options
      this.#send({
        type: 'hello',
        device: deviceOf(keepOnDevice(), today()),
        tab: tabOf(keepInTab()),
        ...(this.#session === undefined ? {} : { session: this.#session }),
        ...(topics === undefined ? {} : { topics: [...topics] }),
      })
    }
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = serverMessageOf(data)
      if (message) this.#receive(message)
    }
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost()
    }
  }

  #connectNow() {
    this.#attempt = 0
    this.#connect()
  }

  #lost() {
    if (this.isConnected && Date.now() - this.#welcomedAt > SETTLED_MS) this.#attempt = 0
    this.isConnected = false
    this.#playing = null
    this.#socket = undefined
    clearTimeout(this.#timers.beat)
    clearTimeout(this.#timers.stale)
    this.#timers.stale = window.setTimeout(() => this.#forgetCounts(), STALE_MS)
    if (!this.#isStarted) return
    this.#attempt += 1
    this.#timers.reconnect = window.setTimeout(() => this.#connect(), backoffMs(this.#attempt, Math.random()))
  }

  #forgetCounts() {
    this.audience = Object.fromEntries(Object.keys(this.audience).map((id) => [id, null]))
    this.online = null
  }

  #receive(message: ServerMessage) {
    switch (message.type) {
      case 'welcome':
        this.#welcomedAt = Date.now()
        this.#session = message.session
        this.#beatSeconds = message.beatSeconds
        this.#hiddenBeatSeconds = message.hiddenBeatSeconds
        this.serverOffsetMs = null
        this.#hearTime(message.at)
        this.isConnected = true
        clearTimeout(this.#timers.stale)
        return this.beat()
      case 'audience':
        this.audience = { ...this.audience, ...message.channels }
        this.online = message.online
        return this.#hearTime(message.asOf)
      case 'now-playing':
        this.nowNext = { ...this.nowNext, ...Object.fromEntries(message.channels.map((entry) => [entry.channel, entry])) }
        return this.#hearTime(message.at)
      case 'packaging':
        this.packaging = message.jobs
        return
      default:
        message satisfies never
    }
  }

  /** Each message is late by its way here, so the one that was least late counts; a new connection begins anew, for clocks are set. */
  #hearTime(at: number) {
    this.serverOffsetMs = Math.max(this.serverOffsetMs ?? Number.NEGATIVE_INFINITY, at - Date.now())
  }

  #visibilityChanged() {
    // A frozen page's timers stood still: what was due meanwhile is due now.
    if (document.visibilityState === 'visible' && !this.isConnected) this.#connectNow()
    else if (Date.now() - this.#lastBeatAt > 3_000) this.beat()
  }

  #leave() {
    if (this.#session !== undefined) navigator.sendBeacon('/api/bye', JSON.stringify({ type: 'bye', session: this.#session }))
    this.#socket?.close()
  }

  #send(message: ClientMessage) {
    this.#socket?.send(JSON.stringify(message))
  }
}

export const createLive = (options: LiveOptions): Live => new Live(options)
