/** How far back a channel can be rewound (the origin's DVR limit). */
export const DVR_SECONDS = 7_200

/**
 * Few different windows, so that caches in front of the station hold few playlists per channel. `undefined`: the live window is
 * enough.
 */
export function windowFor(behindSeconds: number): number | undefined {
  if (behindSeconds <= 40) return undefined
  return [300, 900, 1_800, 3_600].find((seconds) => seconds >= behindSeconds + 60) ?? DVR_SECONDS
}

export const withWindow = (playlist: string, seconds: number | undefined): string =>
  seconds === undefined ? playlist : `${playlist}${playlist.includes('?') ? '&' : '?'}window=${seconds}`

/**
 * The variant of a multivariant playlist that has no picture: its codecs name sound alone. hls.js drops such a variant as soon as
 * there are others with pictures, so we hand it over as a source of its own. Absolute when `base` is.
 */
export function soundVariantOf(text: string, base: string): string | null {
  const lines = text.split(/\r?\n/)
  const at = lines.findIndex((line) => {
    const codecs = /^#EXT-X-STREAM-INF:.*CODECS="([^"]+)"/.exec(line)?.[1]
    return codecs !== undefined && codecs.split(',').every((codec) => codec.trim().startsWith('mp4a.'))
  })
  const address = at < 0 ? undefined : lines.slice(at + 1).find((line) => line !== '' && !line.startsWith('#'))
  return address === undefined ? null : new URL(address, base).href
}

/** There is no such channel at this address, or it has nothing to air now. */
export class MissingSource extends Error {}

/** Where to load a channel from. Rejects with `MissingSource` on 404, with anything else when the network fails. */
export async function addressOf(
  channel: { readonly kind: 'tv' | 'radio'; readonly playlist: string },
  { window, isSoundOnly }: { readonly window: number | undefined; readonly isSoundOnly: boolean },
): Promise<string> {
  const master = new URL(withWindow(channel.playlist, window), location.href).href
  if (channel.kind === 'radio' || !isSoundOnly) return master
  const response = await fetch(master, { signal: AbortSignal.timeout(8_000) })
  if (response.status === 404 || response.status === 410) throw new MissingSource(`${master} answers ${response.status}`)
  if (!response.ok) throw new Error(`${master} answers ${response.status}`)
  return soundVariantOf(await response.text(), master) ?? master
}
