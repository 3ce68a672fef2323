import type { Language } from '#contract/pages.ts'

/** Numbers and times as the station writes them: the same on the server and in every browser, in the station's zone. */
export type Format = ReturnType<typeof createFormat>

type Parts = { year: string; month: string; day: string; hour: string; minute: string; second: string; weekday: number }

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const LONG = {
  vi: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
} as const
const SHORT = { vi: ['CN', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'], en: WEEKDAYS } as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MINUTE_MS = 60_000

export function createFormat(language: Language, zone: string) {
  // Only digits and the weekday are taken from Intl: its Vietnamese and English sentences differ between versions of ICU.
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    weekday: 'short',
  })
  const partsOf = (at: number): Parts => {
    const found: Record<string, string> = {}
    for (const { type, value } of clock.formatToParts(at)) found[type] = value
    const { year = '', month = '', day = '', hour = '', minute = '', second = '', weekday = '' } = found
    return { year, month, day, hour, minute, second, weekday: WEEKDAYS.indexOf(weekday) }
  }
  const weekday = (parts: Parts) => LONG[language][parts.weekday] ?? ''
  const monthName = (parts: Parts) => MONTHS[Number(parts.month) - 1] ?? ''

  const time = (at: number) => {
    const { hour, minute } = partsOf(at)
    return `${hour}:${minute}`
  }
  const date = (at: number) => {
    const parts = partsOf(at)
    return language === 'vi'
      ? `${weekday(parts)}, ${parts.day}/${parts.month}/${parts.year}`
      : `${SHORT.en[parts.weekday] ?? ''} ${Number(parts.day)} ${monthName(parts)} ${parts.year}`
  }
  const dayMonth = (at: number) => {
    const parts = partsOf(at)
    return language === 'vi' ? `${parts.day}/${parts.month}` : `${Number(parts.day)} ${monthName(parts)}`
  }
  const number = (value: number) => grouped(value, language === 'vi' ? '.' : ',')

  return {
    time,
    date,
    dayMonth,
    number,
    seconds: (at: number) => {
      const { hour, minute, second } = partsOf(at)
      return `${hour}:${minute}:${second}`
    },
    range: (from: number, to: number) => `${time(from)} – ${time(to)}`,
    /** `T6 12/03` */
    dateShort: (at: number) => `${SHORT[language][partsOf(at).weekday] ?? ''} ${dayMonth(at)}`,
    weekday: (at: number) => weekday(partsOf(at)),
    /** `2027-03-12` */
    day: (at: number) => {
      const { year, month, day } = partsOf(at)
      return `${year}-${month}-${day}`
    },
    hour: (at: number) => {
      const { hour, minute } = partsOf(at)
      return Number(hour) + Number(minute) / 60
    },
    /** ISO 8601 in UTC, for machines. */
    iso: (at: number) => new Date(at).toISOString(),
    /** Exact below 10 000, then short. */
    audience: (count: number) => {
      if (count < 10_000) return number(count)
      const thousands = (Math.floor(count / 100) / 10).toFixed(1)
      return language === 'vi' ? `${thousands.replace('.', ',')} nghìn` : `${thousands}k`
    },
    duration: (ms: number) => {
      const minutes = Math.max(1, Math.round(ms / MINUTE_MS))
      const hours = Math.floor(minutes / 60)
      const rest = minutes % 60
      const hourWord = language === 'vi' ? 'giờ' : 'h'
      const minuteWord = language === 'vi' ? 'phút' : 'min'
      if (hours === 0) return `${rest} ${minuteWord}`
      return rest === 0 ? `${hours} ${hourWord}` : `${hours} ${hourWord} ${rest} ${minuteWord}`
    },
  }
}

function grouped(value: number, separator: string): string {
  const digits = String(Math.trunc(Math.abs(value)))
  return (value < 0 ? '−' : '') + digits.replace(/\B(?=(\d{3})+$)/g, separator)
}
