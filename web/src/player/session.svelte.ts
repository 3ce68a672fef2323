import { weaveOf } from '../parts/weave.ts'
import type { Player } from './player.svelte.ts'

const ARTWORK_PIXELS = [96, 256, 512] as const

/** Lock screens, media keys and headphones: what is on, and the same buttons as on the page. */
export function startMediaSession(player: Player): () => void {
  if (!('mediaSession' in navigator)) return () => {}
  const { mediaSession } = navigator
  const handlers: readonly [MediaSessionAction, MediaSessionActionHandler][] = [
    ['play', () => player.play()],
    ['pause', () => player.pause()],
    ['stop', () => player.stop()],
    ['seekbackward', ({ seekOffset }) => player.deck.seekBack(seekOffset ?? (player.isRadio ? 30 : 10))],
    ['seekforward', ({ seekOffset }) => player.deck.seekForward(seekOffset ?? 10)],
  ]
  for (const [action, handler] of handlers) setHandler(mediaSession, action, handler)

  const stopEffects = $effect.root(() => {
    $effect(() => {
      mediaSession.playbackState = player.deck.model.phase === 'idle' ? 'none' : player.isWanted ? 'playing' : 'paused'
    })
    $effect(() => {
      const { channel, airing } = player
      mediaSession.metadata = channel
        ? new MediaMetadata({
            title: airing?.now.title ?? channel.now.title,
            artist: channel.name,
            artwork: ARTWORK_PIXELS.map((size) => ({
              src: artworkOf(channel.mark, size),
              sizes: `${size}x${size}`,
              type: 'image/png',
            })),
          })
        : null
    })
  })
  return () => {
    stopEffects()
    for (const [action] of handlers) setHandler(mediaSession, action, null)
    mediaSession.metadata = null
  }
}

/** Browsers throw for actions they do not know. */
function setHandler(session: MediaSession, action: MediaSessionAction, handler: MediaSessionActionHandler | null): void {
  try {
    session.setActionHandler(action, handler)
  } catch {
    // Then there is no such button on this device.
  }
}

/** The channel's weave as a picture: lock screens take no SVG and no CSS. */
function artworkOf(mark: string, size: number): string {
  const weave = weaveOf(mark)
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size })
  const context = canvas.getContext('2d')
  if (!context) return ''
  const property = weave.ground.replace(/^var\(|\)$/g, '')
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(property) || '#1c5a41'
  context.fillRect(0, 0, size, size)
  context.scale(size / 15, size / 15)
  context.translate(2, 2)
  context.fillStyle = '#fff'
  context.fill(new Path2D(weave.path))
  return canvas.toDataURL('image/png')
}
