import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator'
import type { GuideEntry } from '#contract/channels.ts'
import type { Instant } from './time.ts'

export type CalendarInput = {
  readonly channel: { readonly id: string; readonly kind: 'tv' | 'radio'; readonly name: string }
  readonly entries: readonly GuideEntry[]
  readonly at: Instant
  readonly baseUrl: string
  /** Minutes before the start at which a calendar reminds; null for none. */
  readonly remindMinutes: number | null
}

/** What is on one channel as RFC 5545. Instants are in UTC, so that no time zone has to travel with the file. */
export function icsOf({ channel, entries, at, baseUrl, remindMinutes }: CalendarInput): string {
  const host = URL.parse(baseUrl)?.hostname ?? 'localhost'
  // The same text for a quarter of an hour: calendars ask often, and an unchanged answer costs nothing.
  const stamp = new Date(at - (at % (15 * 60_000)))
  const calendar = ical({
    name: channel.name,
    prodId: { company: 'Phát Sóng', product: 'Lịch phát sóng', language: 'VI' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 3600,
  })
  for (const entry of entries) {
    if (entry.programme === null) continue
    const event = calendar.createEvent({
      // Stable for one airing, so that a change of plan moves the reminder and does not double it.
      id: `${entry.id.replaceAll(/[^A-Za-z0-9-]/g, '.')}.${channel.id}@${host}`,
      start: new Date(entry.from),
      end: new Date(entry.to),
      stamp,
      summary: entry.title,
      description: entry.description,
      location: channel.name,
      url: `${baseUrl}/${channel.kind}/${channel.id}`,
    })
    if (remindMinutes !== null)
      event.createAlarm({
        type: ICalAlarmType.display,
        trigger: remindMinutes * 60,
        description: `${entry.title} – ${channel.name}`,
      })
  }
  return calendar.toString()
}
