import Hls, { type ErrorData, type HlsConfig, type LevelDetails } from 'hls.js'
import type { Engine, EngineOptions, Level } from './engine.ts'
import { connectionOf, levelOf, startLevelOf } from './levels.ts'
import type { Cause } from './state.ts'

/** HOLD-BACK of our playlists: with the listing lead of 7.36 s the first fragment loaded is the one on air now. */
const SYNC_SECONDS = 6
const MAX_LATENCY_SECONDS = 12

const SETTINGS: Partial<HlsConfig> = {
  autoStartLoad: false,
  // Low latency mode would change the playback rate by its own idea of the edge; the store keeps to the clock.
  lowLatencyMode: false,
  liveSyncDuration: SYNC_SECONDS,
  liveMaxLatencyDuration: MAX_LATENCY_SECONDS,
  // A stall must not move the target away from the clock.
  liveSyncOnStallIncrease: 0,
  liveDurationInfinity: true,
  // A page left open for a week must not keep a week of sound.
  backBufferLength: 30,
  maxBufferLength: 20,
  capLevelToPlayerSize: true,
  // A playlist that stands still for this many refreshes means a frozen station: an error, not silence.
  liveMaxUnchangedPlaylistRefresh: 6,
  enableInterstitialPlayback: false,
  // Few tries here: the store retries with words and a countdown.
  manifestLoadPolicy: policy({ firstByteMs: 6_000, loadMs: 10_000, retries: 0 }),
  playlistLoadPolicy: policy({ firstByteMs: 6_000, loadMs: 10_000, retries: 2 }),
  fragLoadPolicy: policy({ firstByteMs: 8_000, loadMs: 30_000, retries: 3 }),
}

function policy({ firstByteMs, loadMs, retries }: { firstByteMs: number; loadMs: number; retries: number }) {
  const retry = { maxNumRetry: retries, retryDelayMs: 500, maxRetryDelayMs: 2_000 }
  return { default: { maxTimeToFirstByteMs: firstByteMs, maxLoadTimeMs: loadMs, timeoutRetry: retry, errorRetry: retry } }
}

export function createHlsEngine({ media, source, isRadio, quality, events }: EngineOptions): Engine | null {
  if (!Hls.isSupported()) return null
  const hls = new Hls({ ...SETTINGS, ...(isRadio ? { maxBufferLength: 40 } : {}) })
  let details: LevelDetails | undefined
  let chosen = quality
  let levels: readonly Level[] = []

  hls.on(Hls.Events.MANIFEST_PARSED, (_event, manifest) => {
    levels = manifest.levels.map((level, id) => ({ id, height: level.height, bitsPerSecond: level.bitrate }))
    const fixed = levelOf(levels, chosen)
    if (fixed >= 0) hls.loadLevel = fixed
    else hls.startLevel = startLevelOf(levels, connectionOf(navigator))
    events.levels(levels)
    hls.startLoad()
  })
  hls.on(Hls.Events.LEVEL_LOADED, (_event, { networkDetails }) => {
    const date = serverDateOf(networkDetails)
    if (date !== null) events.date(date)
  })
  hls.on(Hls.Events.LEVEL_UPDATED, (_event, updated) => {
    details = updated.details
    events.timeline()
  })
  hls.on(Hls.Events.FRAG_BUFFERED, () => events.loaded())
  hls.on(Hls.Events.ERROR, (_event, error) => {
    if (!error.fatal) {
      if (error.type === Hls.ErrorTypes.NETWORK_ERROR) events.struggling()
      return
    }
    if (error.details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) return events.unsupported('codec', error.details)
    events.failed(causeOf(error), `${error.details} ${error.response?.code ?? ''}`.trim())
  })
  hls.attachMedia(media)
  hls.loadSource(source)

  return {
    instantOf(mediaSeconds) {
      const anchor = anchorOf(details, (fragment) => fragment.start <= mediaSeconds)
      return anchor && anchor.instant + (mediaSeconds - anchor.start) * 1000
    },
    positionOf(instant) {
      const anchor = anchorOf(details, (fragment) => fragment.programDateTime <= instant)
      return anchor && anchor.start + (instant - anchor.instant) / 1000
    },
    listed() {
      const first = anchorOf(details, () => false)
      const last = anchorOf(details, () => true)
      if (!details || !first || !last) return null
      return { from: first.instant, to: last.instant + (details.edge - last.start) * 1000 }
    },
    setQuality(next) {
      chosen = next
      const level = levelOf(levels, next)
      hls.nextLevel = level
      if (level >= 0) hls.loadLevel = level
    },
    allowBehind(isAllowed) {
      hls.config.liveMaxLatencyDuration = isAllowed ? Number.POSITIVE_INFINITY : MAX_LATENCY_SECONDS
    },
    reload: () => hls.startLoad(),
    recoverMedia: () => hls.recoverMediaError(),
    rest: () => hls.stopLoad(),
    stats() {
      const level = levels[hls.currentLevel] ?? null
      return {
        kind: 'hls.js',
        level,
        bandwidthBps: Number.isFinite(hls.bandwidthEstimate) ? hls.bandwidthEstimate : null,
        edgeSeconds: hls.latency,
        droppedFrames: media.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
        address: source,
      }
    },
    destroy: () => hls.destroy(),
  }
}

/** The last listed fragment that fits, else the first: the nearest place where media time and wall clock are both known. */
function anchorOf(
  details: LevelDetails | undefined,
  fits: (fragment: { start: number; programDateTime: number }) => boolean,
): { readonly start: number; readonly instant: number } | null {
  const dated = (details?.fragments ?? []).flatMap(({ start, programDateTime }) =>
    programDateTime === null ? [] : [{ start, programDateTime }],
  )
  const found = dated.findLast(fits) ?? dated[0]
  return found ? { start: found.start, instant: found.programDateTime } : null
}

function causeOf({ type, response }: ErrorData): Cause {
  if (type === Hls.ErrorTypes.MEDIA_ERROR) return 'media'
  return response?.code === 404 || response?.code === 410 ? 'missing' : 'network'
}

function serverDateOf(networkDetails: unknown): number | null {
  if (!(networkDetails instanceof XMLHttpRequest)) return null
  const header = networkDetails.getResponseHeader('date')
  const at = header === null ? Number.NaN : Date.parse(header)
  // A cache's answer is older than it says by its `Age`.
  const ageSeconds = Number(networkDetails.getResponseHeader('age') ?? 0)
  return Number.isNaN(at) ? null : at + (Number.isFinite(ageSeconds) ? ageSeconds : 0) * 1000
}
