import type { Channel } from '#contract/channels.ts'

const GROUPS = { tv: 'Truyền hình', radio: 'Phát thanh' } as const

/** The channels as an extended M3U list, for VLC, Kodi and television sets. */
export function m3u(
  channels: readonly Pick<Channel, 'id' | 'kind' | 'name' | 'language' | 'order' | 'playlist'>[],
  baseUrl: string,
): string {
  const guide = `${baseUrl}/guide.xml`
  const lines = channels
    .toSorted((a, b) => a.order - b.order)
    .flatMap((channel) => {
      const attributes = [
        ['tvg-id', channel.id],
        ['tvg-name', channel.name],
        ['tvg-language', channel.language],
        ['tvg-chno', String(channel.order)],
        ['group-title', GROUPS[channel.kind]],
        // Kodi's marker: without it a channel without pictures is listed as television.
        ...(channel.kind === 'radio' ? [['radio', 'true']] : []),
      ]
      const written = attributes.map(([name, value]) => `${name}="${inQuotes(value ?? '')}"`).join(' ')
      return [`#EXTINF:-1 ${written},${oneLine(channel.name)}`, `${baseUrl}${channel.playlist}`]
    })
  // Kodi reads x-tvg-url, others url-tvg.
  return `${[`#EXTM3U x-tvg-url="${inQuotes(guide)}" url-tvg="${inQuotes(guide)}"`, ...lines].join('\n')}\n`
}

/** The format has no escapes: a name with a line end would be an entry of its own, one with a quote would end its attribute. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
const inQuotes = (text: string) => oneLine(text).replaceAll('"', '”')
