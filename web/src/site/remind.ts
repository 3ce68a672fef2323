import type { GuideEntry } from '#contract/channels.ts'

const BEFORE_MINUTES = 5

export type Reminder = {
  readonly entry: GuideEntry
  readonly channelName: string
  readonly address: string
}

/** One airing as an iCalendar file with an alarm (RFC 5545): works with every calendar, needs no account and no push service. */
export function reminderFile({ entry, channelName, address }: Reminder): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Phat Song//Reminder//VI',
    'BEGIN:VEVENT',
    `UID:${encodeURIComponent(entry.id)}@${entry.channel}`,
    `DTSTAMP:${stamp(entry.scheduledFrom)}`,
    `DTSTART:${stamp(entry.scheduledFrom)}`,
    `DTEND:${stamp(entry.scheduledTo)}`,
    `SUMMARY:${escaped(`${entry.title} – ${channelName}`)}`,
    `DESCRIPTION:${escaped(entry.description)}`,
    `URL:${address}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(entry.title)}`,
    `TRIGGER:-PT${BEFORE_MINUTES}M`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map(folded).join('\r\n') + '\r\n'
}

export const reminderAt = (entry: GuideEntry): number => entry.scheduledFrom - BEFORE_MINUTES * 60_000

export function download(file: string, name: string): void {
  const url = URL.createObjectURL(new Blob([file], { type: 'text/calendar;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}

const stamp = (at: number) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
const escaped = (text: string) => text.replace(/[\\;,]/g, (found) => `\\${found}`).replace(/\r?\n/g, '\\n')

/** RFC 5545 §3.1: lines of at most 75 octets; 24 letters stay below that whatever they are. */
const folded = (line: string) => [...line].reduce((text, letter, i) => text + (i > 0 && i % 24 === 0 ? '\r\n ' : '') + letter, '')
