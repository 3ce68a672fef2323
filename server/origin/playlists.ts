import { hash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import { LIVE_WINDOW_TICKS, isShort, listedUntil, mediaPlaylist, segmentLines, windowOf } from '#core/playlist.ts'
import type { Segment } from '#core/slices.ts'
import { TICK_MS, instantOfTick, type Instant, type Tick } from '#core/time.ts'
import type { AiredChannel } from './ports.ts'

/** A finished answer: the text once as it is and once for each coding a client may want, made when first asked for. */
export type PlaylistAnswer = {
  readonly etag: string
  /** When the newest listed segment was listed. */
  readonly changedAt: Instant
  body(coding: 'identity' | 'gzip' | 'br'): Buffer
}

/** How many seconds of window a request gets: what it asks for, at least the live window, at most the DVR limit. */
export const windowTicksOf = (seconds: number | undefined, dvrSeconds: number): number =>
  seconds === undefined
    ? LIVE_WINDOW_TICKS
    : Math.max(LIVE_WINDOW_TICKS, Math.ceil((Math.min(seconds, dvrSeconds) * 1000) / TICK_MS))

/**
 * Media playlists by channel and window. All renditions of a channel share one text, since their addresses are relative; it is
 * rebuilt only when a segment comes into the listing.
 */
export function createPlaylists() {
  const built = new LRUCache<string, { readonly until: Tick; readonly answer: PlaylistAnswer }>({ max: 2_000 })
  const lines = new WeakMap<Segment, string>()

  const linesOf = (segment: Segment): string => {
    const known = lines.get(segment)
    if (known) return known
    // Through bytes: a string pieced together stays a tree of its pieces, and each join would walk that tree. Lines are ASCII.
    const fresh = Buffer.from(segmentLines(segment)).toString('latin1')
    lines.set(segment, fresh)
    return fresh
  }

  return {
    media(aired: AiredChannel, at: Instant, windowTicks: number): PlaylistAnswer {
      const key = `${aired.channel.id} ${windowTicks}`
      const known = built.get(key)
      // The listing changes when the next segment's end comes within the lead, never between.
      if (known && listedUntil(at) < known.until) return known.answer
      const all = aired.segments()
      const segments = windowOf(all, at, windowTicks)
      const first = segments[0]
      const last = segments.at(-1)
      const from = first?.from ?? listedUntil(at)
      const end = (last ? last.from + last.ticks : from) as Tick
      const text = mediaPlaylist({ segments, airings: aired.airings(from, end), linesOf })
      const after = all.findIndex((segment) => segment.sequence === (last?.sequence ?? -1) + 1)
      const next = all[after]
      const following = next && isShort(next) ? all[after + 1] : next
      const answer = playlistAnswer(text, instantOfTick(end))
      // Without a following segment (not committed yet) the next request looks again.
      if (following) built.set(key, { until: (following.from + following.ticks) as Tick, answer })
      return answer
    },
  }
}

/** A live playlist fits a 4 KiB window and gets no smaller above level 3: half the work of zlib's own buffers and level 5. */
const SMALL_BYTES = 8_192
const SMALL_GZIP = { level: 3, memLevel: 6, windowBits: 12, chunkSize: 4_096 }

export function playlistAnswer(text: string, changedAt: Instant): PlaylistAnswer {
  const identity = Buffer.from(text)
  const etag = `"${hash('sha256', identity, 'base64url').slice(0, 22)}"`
  let gzip: Buffer | undefined
  let br: Buffer | undefined
  return {
    etag,
    changedAt,
    body(coding) {
      if (coding === 'gzip') return (gzip ??= gzipSync(identity, identity.length > SMALL_BYTES ? { level: 5 } : SMALL_GZIP))
      if (coding === 'br') return (br ??= brotliCompressSync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }))
      return identity
    },
  }
}

export type Playlists = ReturnType<typeof createPlaylists>
