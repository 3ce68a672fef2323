import type { Channel, GuideEntry } from '#contract/channels.ts'
import type { Station } from '#contract/station.ts'
import { instant } from '#core/time.ts'
import type { PagesPorts } from '../../server/pages/ports.ts'

export const ZONE = 'Asia/Ho_Chi_Minh'
const HALF_HOUR_MS = 30 * 60_000

export const STATION: Station = {
  name: 'Đài Mường Sương',
  strapline: 'Phát thanh – Truyền hình',
  zone: ZONE,
  language: 'vi',
  owner: 'Đài Mường Sương',
  licence: 'Giấy phép hoạt động số 00/GP-MINHHOA',
  responsible: [{ role: 'Giám đốc', name: 'Lò Thị Sương Mai' }],
  address: 'Số 8, đường Hoa Ban',
  telephone: '0200 000 0000',
  email: 'bannghedai@muongsuong.example',
  links: [],
  advertisements: [],
}

type Facts = Pick<Channel, 'id' | 'kind' | 'name' | 'mark'>
export const CHANNELS: readonly Facts[] = [
  { id: 'ms1', kind: 'tv', name: 'Mường Sương 1', mark: 'ms1' },
  { id: 'ms2', kind: 'tv', name: 'Mường Sương 2', mark: 'ms2' },
  { id: 'fm', kind: 'radio', name: 'Sóng Núi FM 98,6', mark: 'fm' },
]
const TITLES = ['Thời sự', 'Đêm hội hoa ban', 'Chuyện bên bếp lửa', 'Khúc hát giao duyên']

/** A new programme each half hour, for ever. */
export function entryAt(channel: string, at: number): GuideEntry {
  const from = Math.floor(at / HALF_HOUR_MS) * HALF_HOUR_MS
  const to = from + HALF_HOUR_MS
  return {
    channel,
    id: `${channel}@${from}`,
    programme: 'dem-hoi',
    title: TITLES[(from / HALF_HOUR_MS) % TITLES.length] ?? '',
    description: 'Mười hai bản mang điệu xoè về quảng trường.',
    language: 'vi',
    category: 'van-hoa',
    isRepeat: false,
    from,
    to,
    scheduledFrom: from,
    scheduledTo: to,
    state: 'on-air',
  }
}

export function entriesBetween(channel: string, from: number, to: number): readonly GuideEntry[] {
  const first = entryAt(channel, from)
  return first.from >= to ? [] : [first, ...entriesBetween(channel, first.to, to)]
}

export const channelAt = (facts: Facts, at: number): Channel => ({
  ...facts,
  strapline: '',
  language: 'vi',
  frequency: facts.kind === 'radio' ? 'FM 98,6 MHz' : null,
  order: 1,
  playlist: `/hls/${facts.id}/master.m3u8`,
  now: entryAt(facts.id, at),
  next: [entryAt(facts.id, at + HALF_HOUR_MS), entryAt(facts.id, at + 2 * HALF_HOUR_MS)],
  continuity: null,
  audience: 1284,
})

/** As much of a station as the pages around the player need. */
export function portsOf(now: () => number, build: Pick<PagesPorts, 'clientDir' | 'renderer'>): PagesPorts {
  return {
    ...build,
    at: () => instant(now()),
    zone: ZONE,
    publicUrl: null,
    station: () => STATION,
    channels: () => ({ at: now(), channels: CHANNELS.map((facts) => channelAt(facts, now())) }),
    guide: async (from, to) => ({ from, to, zone: ZONE, entries: CHANNELS.flatMap(({ id }) => entriesBetween(id, from, to)) }),
    articles: async () => ({ articles: [], nextPage: null }),
    article: async () => null,
    programmes: () => [],
    programme: () => null,
    statistics: () => ({ asOf: now(), online: 5, today: 5, yesterday: 5, month: 5, total: 5, since: 0, carriedOver: 0 }),
    onVisit: () => undefined,
  }
}
