import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { icsOf } from '#core/ical.ts'
import { xmlText } from '#core/feedsXml.ts'
import { m3u } from '#core/m3u.ts'
import { xmltv } from '#core/xmltv.ts'
import { AT, CHANNELS, ENTRIES, entry } from '../support/goldenGuide.ts'
import { dtdFaults, parseXml } from '../support/xmltvDtd.ts'

const baseUrl = 'https://phat.example'
const guide = (entries = ENTRIES, zone = 'Asia/Ho_Chi_Minh') =>
  xmltv({
    station: { name: 'Đài Mường Sương' },
    zone,
    channels: CHANNELS,
    entries,
    baseUrl,
    categoryName: (category) => (category === 'thoi-su' ? 'Thời sự' : category),
  })

test('XMLTV keeps to its document type, says times with their offset and words with their language', () => {
  const root = parseXml(guide())
  assert.deepEqual(dtdFaults(root), [])
  const programmes = root.children.filter((child) => child.name === 'programme')
  assert.deepEqual(
    programmes.map(({ attributes }) => attributes),
    [
      { start: '20260301070000 +0700', stop: '20260301080000 +0700', channel: 'muong-suong-1' },
      { start: '20260301080000 +0700', stop: '20260301090000 +0700', channel: 'muong-suong-1' },
      { start: '20260301070000 +0700', stop: '20260301080000 +0700', channel: 'fm-98' },
    ],
  )
  assert.deepEqual(
    programmes.map((one) => one.children.map((child) => child.name).join(' ')),
    [
      'title desc category language length url',
      'title language length url previously-shown',
      'title desc category language length url',
    ],
  )
  assert.deepEqual(programmes[2]?.children[0], { name: 'title', attributes: { lang: 'blt' }, children: [], text: 'Tiếng Thái' })
  assert.equal(programmes[0]?.children.find((child) => child.name === 'category')?.text, 'Thời sự')
  assert.deepEqual(
    root.children.filter((child) => child.name === 'channel').map((child) => child.attributes['id']),
    ['muong-suong-1', 'fm-98'],
  )
})

test('XMLTV: what people type comes out as they typed it, but for characters that XML cannot hold', () => {
  const [first] = parseXml(guide()).children.filter((child) => child.name === 'programme')
  assert.equal(first?.children[0]?.text, 'Thời sự "sáng" & <Bản tin>, đầu giờ; \\ hết')
  assert.equal(first.children[1]?.text, 'Dòng một\nDòng hai ]]> kết')
})

test('characters that XML 1.0 cannot hold are left out, tabs and line ends stay', () => {
  assert.equal(xmlText('a\u0000\u0008\u000b\u001f\ufffe\uffff\ud800b\t\r\nc😀'), 'a\ufffdb\t\r\nc😀')
})

test('XMLTV stays well-formed and valid whatever the titles are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (title, description) => {
      assert.deepEqual(dtdFaults(parseXml(guide([entry('muong-suong-1', 0, { title, description, category: title })]))), [])
    }),
    { numRuns: 100 },
  )
})

test('XMLTV: offsets follow the zone, over its change of clocks and west of Greenwich', () => {
  const starts = (zone: string, iso: string) => {
    const from = Date.parse(iso)
    const [one] = parseXml(guide([entry('muong-suong-1', 0, { from, to: from + 1000 })], zone)).children.filter(
      (child) => child.name === 'programme',
    )
    return one?.attributes['start']
  }
  assert.equal(starts('Europe/Paris', '2026-10-25T00:30:00Z'), '20261025023000 +0200')
  assert.equal(starts('Europe/Paris', '2026-10-25T01:30:00Z'), '20261025023000 +0100')
  assert.equal(starts('America/St_Johns', '2026-01-15T12:00:00Z'), '20260115083000 -0330')
})

test('M3U: channels in order, matching ids, nothing typed becomes an entry or an attribute', () => {
  assert.equal(
    m3u(CHANNELS, baseUrl),
    [
      '#EXTM3U x-tvg-url="https://phat.example/guide.xml" url-tvg="https://phat.example/guide.xml"',
      '#EXTINF:-1 tvg-id="muong-suong-1" tvg-name="Mường Sương 1" tvg-language="vi" tvg-chno="1" group-title="Truyền hình",Mường Sương 1',
      'https://phat.example/hls/muong-suong-1/master.m3u8',
      '#EXTINF:-1 tvg-id="fm-98" tvg-name="FM ”98” #EXTINF:-1,giả" tvg-language="vi" tvg-chno="2" group-title="Phát thanh" radio="true",FM "98" #EXTINF:-1,giả',
      'https://phat.example/hls/fm-98/master.m3u8',
      '',
    ].join('\n'),
  )
})

const calendar = (remindMinutes: number | null, entries = ENTRIES.slice(0, 3)) =>
  icsOf({ channel: { id: 'muong-suong-1', kind: 'tv', name: 'Mường Sương 1' }, entries, at: AT, baseUrl, remindMinutes })
/** RFC 5545 §3.1: a line that begins with a space goes on from the one before. */
const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n')

test('iCalendar: one event per airing in UTC, text escaped, lines folded, gaps left out', () => {
  const text = calendar(null)
  assert.ok(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75))
  const lines = unfolded(text)
  assert.deepEqual(
    lines.filter((line) => /^(DTSTART|DTEND|SUMMARY|DTSTAMP)/.test(line)),
    [
      'DTSTAMP:20260301T000000Z',
      'DTSTART:20260301T000000Z',
      'DTEND:20260301T010000Z',
      'SUMMARY:Thời sự "sáng" & <Bản tin>\\, đầu giờ\\; \\\\ hết',
      'DTSTAMP:20260301T000000Z',
      'DTSTART:20260301T010000Z',
      'DTEND:20260301T020000Z',
      'SUMMARY:Ca nhạc',
    ],
  )
  assert.equal(new Set(lines.filter((line) => line.startsWith('UID:'))).size, 2)
  assert.ok(!text.includes('VALARM'))
})

test('iCalendar: a reminder rings five minutes before', () => {
  const lines = unfolded(calendar(5))
  assert.deepEqual(
    lines.filter((line) => line.startsWith('TRIGGER')),
    ['TRIGGER:-PT5M', 'TRIGGER:-PT5M'],
  )
})

test('iCalendar: a line end in a title starts no line of its own', () => {
  const text = calendar(5, [entry('muong-suong-1', 0, { title: 'A\r\nATTACH:http://evil.example\nB\rBEGIN:VEVENT' })])
  assert.ok(!unfolded(text).some((line) => /^(ATTACH|B$)/.test(line)))
  assert.equal(text.split(/[\r\n]+/).filter((line) => line === 'BEGIN:VEVENT').length, 1)
})
