import type { Engine, EngineOptions } from './engine.ts'

/** Safari tells the wall clock of media time 0; other native players do not, and then nothing here claims to know it. */
type DatedMedia = HTMLVideoElement & { getStartDate?(): Date }

/** Native players join three target durations behind the edge. */
const HOLD_BACK_SECONDS = 6

export function createNativeEngine({ media, source, events }: EngineOptions): Engine {
  const dated: DatedMedia = media
  const listening = new AbortController()
  const { signal } = listening
  const startMs = (): number | null => {
    const at = dated.getStartDate?.().getTime()
    return at === undefined || Number.isNaN(at) ? null : at
  }
  const edge = (): number | null => (media.seekable.length > 0 ? media.seekable.end(media.seekable.length - 1) : null)

  media.addEventListener('progress', () => events.timeline(), { signal })
  media.addEventListener('loadeddata', () => events.loaded(), { signal })
  media.addEventListener(
    'error',
    () => {
      const code = media.error?.code
      if (code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && navigator.onLine && media.networkState === media.NETWORK_NO_SOURCE) {
        // Also what a 404 and a refused connection look like: only a retry can tell.
        return events.failed('missing', media.error?.message ?? '')
      }
      events.failed(code === MediaError.MEDIA_ERR_DECODE ? 'media' : 'network', media.error?.message ?? '')
    },
    { signal },
  )
  media.src = source
  media.load()

  return {
    instantOf(mediaSeconds) {
      const start = startMs()
      return start === null ? null : start + mediaSeconds * 1000
    },
    positionOf(instant) {
      const start = startMs()
      if (start !== null) return (instant - start) / 1000
      const end = edge()
      return end === null ? null : end - HOLD_BACK_SECONDS
    },
    listed() {
      const start = startMs()
      if (start === null || media.seekable.length === 0) return null
      return { from: start + media.seekable.start(0) * 1000, to: start + (edge() ?? 0) * 1000 }
    },
    // The system's player chooses by itself.
    setQuality() {},
    allowBehind() {},
    reload() {
      if (media.error) media.load()
    },
    recoverMedia() {
      media.load()
    },
    rest() {},
    stats: () => ({
      kind: 'native',
      level: media.videoHeight > 0 ? { id: 0, height: media.videoHeight, bitsPerSecond: 0 } : null,
      bandwidthBps: null,
      edgeSeconds: edge() === null ? null : (edge() ?? 0) - media.currentTime,
      droppedFrames: media.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      address: source,
    }),
    destroy() {
      listening.abort()
      media.removeAttribute('src')
      media.load()
    },
  }
}
