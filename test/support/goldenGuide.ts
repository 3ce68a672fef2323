import type { Channel, GuideEntry } from '#contract/channels.ts'
import { instant } from '#core/time.ts'

/** Sunday 1 March 2026, 07:00 in Vietnam. */
export const AT = instant(Date.parse('2026-03-01T00:00:00Z'))
const HOUR_MS = 3_600_000

/** An hour of each channel; every title holds what a careless writer of XML, M3U or iCalendar stumbles over. */
export function entry(channel: string, hour: number, more: Partial<GuideEntry> = {}): GuideEntry {
  const from = AT + hour * HOUR_MS
  return {
    channel,
    id: `thoi-su@${from}`,
    programme: 'thoi-su',
    title: 'Thời sự "sáng" & <Bản tin>, đầu giờ; \\ hết',
    description: 'Dòng một\nDòng hai\u0007 ]]> kết',
    language: 'vi',
    category: 'thoi-su',
    isRepeat: false,
    from,
    to: from + HOUR_MS,
    scheduledFrom: from,
    scheduledTo: from + HOUR_MS,
    state: hour < 0 ? 'aired' : hour === 0 ? 'on-air' : 'planned',
    ...more,
  }
}

export function channel(id: string, kind: 'tv' | 'radio', order: number, name: string): Channel {
  return {
    id,
    kind,
    name,
    strapline: 'Tổng hợp',
    language: 'vi',
    frequency: null,
    mark: 'ms1',
    order,
    playlist: `/hls/${id}/master.m3u8`,
    now: entry(id, 0),
    next: [entry(id, 1)],
    continuity: null,
    audience: 3,
  }
}

export const CHANNELS: readonly Channel[] = [
  channel('fm-98', 'radio', 2, 'FM "98"\n#EXTINF:-1,giả'),
  channel('muong-suong-1', 'tv', 1, 'Mường Sương 1'),
]
export const ENTRIES: readonly GuideEntry[] = [
  entry('muong-suong-1', 0),
  entry('muong-suong-1', 1, { programme: 'ca-nhac', title: 'Ca nhạc', description: '', category: '', isRepeat: true }),
  entry('muong-suong-1', 2, { programme: null, id: 'gap@1', title: 'Mường Sương 1' }),
  entry('fm-98', 0, { title: 'Tiếng Thái', language: 'blt' }),
]
