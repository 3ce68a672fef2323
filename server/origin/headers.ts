import { isVideo, type RenditionId } from '#core/ladder.ts'

/**
 * What every answer below `/hls/` says; one place for the Fastify routes and the fast path. No more than players need: a line more in
 * each answer costs two percent of it.
 */
export const COMMON_HEADERS = {
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
} as const

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'
/** Half a target duration: a cache in front of us never makes a playlist staler than players allow for. */
export const PLAYLIST_CACHE = 'public, max-age=1, stale-while-revalidate=1'
/** What is committed never changes, so its bytes may be kept for ever. */
export const IMMUTABLE = 'public, max-age=31536000, immutable'

export const segmentType = (rendition: RenditionId): string => (isVideo(rendition) ? 'video/iso.segment' : 'audio/mp4')

/** As a flat list of names and values. */
export const COMMON_LIST: readonly string[] = Object.entries(COMMON_HEADERS).flat()

export const segmentHeaders = (rendition: RenditionId, sizeBytes: number): string[] => [
  ...COMMON_LIST,
  ...['Content-Type', segmentType(rendition)],
  ...['Cache-Control', IMMUTABLE],
  ...['Content-Length', String(sizeBytes)],
]

export const codingOf = (acceptEncoding: string | undefined): 'br' | 'gzip' | 'identity' => {
  if (!acceptEncoding) return 'identity'
  return /\bbr\b/.test(acceptEncoding) ? 'br' : /\bgzip\b/.test(acceptEncoding) ? 'gzip' : 'identity'
}
