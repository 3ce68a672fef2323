import type { Channel, GuideEntry } from '#contract/channels.ts'
import { xmlDocument, type XmlNode } from './feedsXml.ts'
import { createLocalTime } from './localTime.ts'
import { instant } from './time.ts'

export type XmltvInput = {
  readonly station: { readonly name: string }
  readonly zone: string
  readonly channels: readonly Pick<Channel, 'id' | 'kind' | 'name' | 'language' | 'order'>[]
  readonly entries: readonly GuideEntry[]
  /** `https://…` without a slash at the end. */
  readonly baseUrl: string
  /** A category's words in the guide's language. */
  categoryName(category: string): string
}

/** The guide for other people's players and recorders, by xmltv.dtd. Elements stand in the order that the DTD asks for. */
export function xmltv({ station, zone, channels, entries, baseUrl, categoryName }: XmltvInput): string {
  const timeOf = xmltvTimes(zone)
  const known = new Set(channels.map((channel) => channel.id))
  return xmlDocument(
    {
      tv: {
        '@source-info-url': `${baseUrl}/`,
        '@source-info-name': station.name,
        '@generator-info-name': 'Phát Sóng',
        channel: channels
          .toSorted((a, b) => a.order - b.order)
          .map((channel) => ({
            '@id': channel.id,
            'display-name': { '@lang': channel.language, '#text': channel.name },
            url: `${baseUrl}/${channel.kind}/${channel.id}`,
          })),
        // A gap is no programme: players write "no information" themselves.
        programme: entries
          .filter((entry) => entry.programme !== null && known.has(entry.channel))
          .map((entry) => programmeOf(entry, timeOf, { baseUrl, categoryName })),
      },
    },
    '<!DOCTYPE tv SYSTEM "xmltv.dtd">',
  )
}

function programmeOf(
  entry: GuideEntry,
  timeOf: (at: number) => string,
  { baseUrl, categoryName }: Pick<XmltvInput, 'baseUrl' | 'categoryName'>,
): XmlNode {
  const { language } = entry
  return {
    '@start': timeOf(entry.from),
    '@stop': timeOf(entry.to),
    '@channel': entry.channel,
    title: { '@lang': language, '#text': entry.title },
    desc: entry.description === '' ? undefined : { '@lang': language, '#text': entry.description },
    category: entry.category === '' ? undefined : categoryName(entry.category),
    language,
    length: { '@units': 'seconds', '#text': Math.round((entry.to - entry.from) / 1000) },
    url: entry.programme === null ? undefined : `${baseUrl}/programmes/${encodeURIComponent(entry.programme)}`,
    'previously-shown': entry.isRepeat ? '' : undefined,
  }
}

/** `20260301070000 +0700`: local time with its offset, as the DTD's comments prescribe. */
function xmltvTimes(zone: string): (at: number) => string {
  const local = createLocalTime(zone)
  return (at) => {
    const wall = local.wallOf(instant(at))
    const minutes = Math.round((wall - at) / 60_000)
    const sign = minutes < 0 ? '-' : '+'
    const offset = `${sign}${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`
    return `${new Date(wall).toISOString().slice(0, 19).replace(/[-T:]/g, '')} ${offset}`
  }
}
const two = (count: number) => String(count).padStart(2, '0')
