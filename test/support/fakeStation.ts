import type { Channel, GuideEntry } from '#contract/channels.ts'
import type { Article } from '#contract/news.ts'
import type { Station } from '#contract/station.ts'
import { instant, type Instant } from '#core/time.ts'
import { createDays } from '../../server/pages/days.ts'
import { folded } from '#core/fold.ts'
import type { ArticleQuery, PagesPorts } from '../../server/pages/ports.ts'
import { ARTICLES } from './pages/articles.ts'
import { DAYS, PROGRAMMES, REPEATS } from './pages/programmes.ts'

/** A small working station for the pages: its own schedule, news and counts, and a clock that stands still. */
export const STATION_AT = instant(Date.parse('2027-03-12T19:42:08+07:00'))
const ZONE = 'Asia/Ho_Chi_Minh'
const PER_PAGE = 6
const MINUTE_MS = 60_000

type Ports = Omit<PagesPorts, 'clientDir' | 'renderer'>
export type FakeStation = Ports & { readonly visits: string[] }

export function createFakeStation(at: Instant = STATION_AT): FakeStation {
  const visits: string[] = []
  const days = createDays(ZONE)
  const guide = (from: Instant, to: Instant) => ({
    from,
    to,
    zone: ZONE,
    entries: CHANNELS.flatMap(({ id }) => entriesOf(id, from, to, at, days)),
  })
  const channels = CHANNELS.map((channel): Channel => {
    const line = entriesOf(channel.id, at, instant(at + 8 * 3_600_000), at, days)
    const [now, ...next] = line
    if (!now) throw new Error(`${channel.id} has nothing on air`)
    return { ...channel, now, next: next.slice(0, 3), continuity: null, playlist: `/hls/${channel.id}/master.m3u8` }
  })
  return {
    visits,
    zone: ZONE,
    publicUrl: null,
    at: () => at,
    station: () => STATION,
    channels: () => ({ at, channels }),
    guide: (from, to) => Promise.resolve(guide(from, to)),
    articles: (query) => Promise.resolve(listOf(query)),
    article: (slug) => Promise.resolve(ARTICLES.find((article) => article.slug === slug) ?? null),
    programmes: () => PROGRAMMES,
    programme: (id) => PROGRAMMES.find((programme) => programme.id === id) ?? null,
    statistics: () => STATISTICS,
    onVisit: (request) => visits.push(request.url),
  }
}

function entriesOf(channel: string, from: number, to: number, at: number, days: ReturnType<typeof createDays>): GuideEntry[] {
  const lines = DAYS[channel] ?? []
  const firings: { from: number; programme: string; line: string }[] = []
  const first = days.plus(days.dayOf(instant(from)), -1)
  for (let day = first; days.startOf(day) < to + 86_400_000; day = days.plus(day, 1)) {
    for (const line of lines) {
      const [time = '', programme = ''] = line.split(' ')
      const [hours = 0, minutes = 0] = time.split(':').map(Number)
      firings.push({ from: days.startOf(day) + (hours * 60 + minutes) * MINUTE_MS, programme, line: `${channel} ${time}` })
    }
  }
  return firings.flatMap((firing, i) => {
    const end = firings[i + 1]?.from ?? firing.from + 60 * MINUTE_MS
    const programme = PROGRAMMES.find(({ id }) => id === firing.programme)
    if (!programme || end <= from || firing.from >= to) return []
    return [
      {
        channel,
        id: `${programme.id}@${firing.from}`,
        programme: programme.id,
        title: programme.title,
        description: programme.description,
        language: programme.language,
        category: programme.category,
        isRepeat: REPEATS.has(firing.line),
        from: firing.from,
        to: end,
        scheduledFrom: firing.from,
        scheduledTo: end,
        state: end <= at ? ('aired' as const) : firing.from <= at ? ('on-air' as const) : ('planned' as const),
      },
    ]
  })
}

function listOf({ page = 1, category, programme, search, language }: ArticleQuery) {
  const matches = (article: Article) =>
    (language === undefined || article.language === language) &&
    (category === undefined || article.category === category) &&
    (programme === undefined || article.programme === programme) &&
    (search === undefined || folded(`${article.title} ${article.lead}`).includes(folded(search)))
  const found = ARTICLES.filter(matches)
  const shown = found.slice((page - 1) * PER_PAGE, page * PER_PAGE)
  return {
    articles: shown.map(({ body: _body, source: _source, related: _related, ...summary }) => summary),
    nextPage: found.length > page * PER_PAGE ? page + 1 : null,
  }
}

const ORDER: Readonly<Record<string, number>> = { ms1: 1, ms2: 2, fm: 3, tb: 4 }
const CHANNELS = [
  channel('muong-suong-1', 'tv', 'Mường Sương 1', 'Tổng hợp', null, 'ms1', 1_284),
  channel('muong-suong-2', 'tv', 'Mường Sương 2', 'Văn hoá, khoa giáo', null, 'ms2', 206),
  channel('song-nui', 'radio', 'Sóng Núi', 'Phát thanh tổng hợp', 'FM 98,6 MHz', 'fm', 342),
  channel('tieng-ban', 'radio', 'Tiếng Bản', 'Tiếng Thái, tiếng Mông', 'AM 711 kHz', 'tb', 115),
]

function channel(
  ...[id, kind, name, strapline, frequency, mark, audience]: [
    string,
    'tv' | 'radio',
    string,
    string,
    string | null,
    string,
    number,
  ]
) {
  return { id, kind, name, strapline, frequency, mark, audience, language: 'vi', order: ORDER[mark] ?? 9 }
}

const STATISTICS = {
  asOf: STATION_AT,
  online: 1_947,
  today: 12_406,
  yesterday: 15_870,
  month: 318_220,
  total: 9_284_117,
  since: Date.parse('2026-11-01T00:00:00+07:00'),
  carriedOver: 8_100_000,
}

const STATION: Station = {
  name: 'Đài Mường Sương',
  strapline: 'Phát thanh – Truyền hình phố núi',
  zone: ZONE,
  language: 'vi',
  owner: 'Uỷ ban nhân dân thị xã Mường Sương',
  licence: 'Giấy phép hoạt động số 00/GP-MINHHOA, cấp ngày 01/01/2027',
  responsible: [
    { role: 'Giám đốc', name: 'Lò Thị Sương Mai' },
    { role: 'Thư ký toà soạn', name: 'Vàng A Khèn' },
  ],
  address: 'Số 8, đường Hoa Ban, phường Mường Sương',
  telephone: '0200 000 0000',
  email: 'bannghedai@muongsuong.example',
  links: [
    {
      group: 'Liên kết',
      links: [
        { title: 'Cổng dịch vụ công của phường', url: 'https://dichvucong.muongsuong.example' },
        { title: 'Lịch trực của trạm y tế', url: 'https://yte.muongsuong.example' },
        { title: 'Lịch xe khách bến Mường Sương', url: 'https://benxe.muongsuong.example' },
      ],
    },
    {
      group: 'Bạn xem đài',
      links: [
        { title: 'Gửi tin, ảnh, phim ngắn cho toà soạn', url: 'https://toasoan.muongsuong.example/gui' },
        { title: 'Nhắn tặng bài hát ngày thứ Bảy', url: 'https://toasoan.muongsuong.example/bai-hat' },
        { title: 'Dò sóng FM và tải ứng dụng', url: 'https://toasoan.muongsuong.example/do-song' },
      ],
    },
  ],
  advertisements: [
    {
      id: 'man-som',
      title: 'Mận sớm Co Ban đã lên sàn',
      text: 'Hợp tác xã Co Ban, giao trong ngày',
      image: '/photos/man-som.svg',
      url: 'https://coban.muongsuong.example',
    },
  ],
}
