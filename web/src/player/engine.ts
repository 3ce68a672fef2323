import type { Cause } from './state.ts'

export type Quality = 'auto' | 'saver' | `${number}`
export type Level = {
  readonly id: number
  /** 0 for sound alone. */
  readonly height: number
  readonly bitsPerSecond: number
}
export type EngineStats = {
  readonly kind: 'hls.js' | 'native'
  readonly level: Level | null
  readonly bandwidthBps: number | null
  readonly edgeSeconds: number | null
  readonly droppedFrames: number
  readonly address: string
}

export type EngineEvents = {
  /** A playlist came in: the clock is known, the listed span moved. */
  timeline(): void
  /** Media has arrived: whatever the trouble was, it is over. */
  loaded(): void
  levels(levels: readonly Level[]): void
  /** A request failed that is being tried again. */
  struggling(): void
  failed(cause: Cause, detail: string): void
  unsupported(what: 'browser' | 'codec', detail: string): void
  /** The clock of whoever answered a playlist request, for devices whose own is wrong. */
  date(serverMs: number): void
}

export type EngineOptions = {
  readonly media: HTMLVideoElement
  readonly source: string
  readonly isRadio: boolean
  readonly quality: Quality
  readonly events: EngineEvents
}

/** Loads one channel into a media element. All instants are epoch milliseconds of the station's clock. */
export type Engine = {
  /** When what stands at this media position was on air; null until a playlist has told. */
  instantOf(mediaSeconds: number): number | null
  positionOf(instant: number): number | null
  /** What the playlist lists: the end lies ahead of the clock. */
  listed(): { readonly from: number; readonly to: number } | null
  setQuality(quality: Quality): void
  /** A viewer who chose to be behind is not pulled back to the edge. */
  allowBehind(isAllowed: boolean): void
  reload(): void
  recoverMedia(): void
  /** Stops loading; what is buffered stays. */
  rest(): void
  stats(): EngineStats
  destroy(): void
}

export async function createEngine(options: EngineOptions): Promise<Engine | null> {
  const { media, isRadio, events } = options
  const isNative = media.canPlayType('application/vnd.apple.mpegurl') !== ''
  // iPhones play on behind a locked screen only when the system's own player does the loading (hls.js #5989).
  const isPhoneRadio = isRadio && isNative && !('MediaSource' in globalThis)
  if (!isPhoneRadio) {
    const { createHlsEngine } = await import('./hlsEngine.ts')
    const engine = createHlsEngine(options)
    if (engine) return engine
  }
  if (isNative) {
    const { createNativeEngine } = await import('./nativeEngine.ts')
    return createNativeEngine(options)
  }
  events.unsupported('browser', 'neither Media Source Extensions nor native HLS')
  return null
}
