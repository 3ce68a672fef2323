import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePlaylist, type MediaPlaylist } from '#core/conformancePlaylist.ts'

const media = (text: string): MediaPlaylist => {
  const playlist = parsePlaylist(text)
  assert.equal(playlist.kind, 'media')
  return playlist as MediaPlaylist
}

test('segments carry number, length, date, init section and discontinuity', () => {
  const playlist = media(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-03-01T07:00:00.000+07:00
#EXTINF:1.920,Bản tin, sáng
a.m4s
#EXTINF:1.28,
b.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="other.mp4",BYTERANGE="700@0"
#EXT-X-BYTERANGE:100@50
#EXT-X-GAP
#EXTINF:2,
c.m4s`)
  const start = Date.parse('2026-03-01T00:00:00Z')
  assert.deepEqual(
    playlist.segments.map((one) => [
      one.sequence,
      one.uri,
      one.durationSeconds,
      one.dateTime,
      one.discontinuitySequence,
      one.map,
    ]),
    [
      [41, 'a.m4s', 1.92, start, 3, 'init.mp4'],
      [42, 'b.m4s', 1.28, start + 1920, 3, 'init.mp4'],
      [43, 'c.m4s', 2, start + 3200, 4, 'other.mp4#700@0'],
    ],
  )
  assert.deepEqual([playlist.segments[0]?.ownDateTime, playlist.segments[1]?.ownDateTime], [start, undefined])
  assert.deepEqual([playlist.segments[2]?.isGap, playlist.segments[2]?.byteRange], [true, '100@50'])
})

test('attribute lists: quoted commas stay, hexadecimal and enumerated values are kept as written', () => {
  const playlist = parsePlaylist(`#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.64001f,mp4a.40.2",NAME="a=b, c",X-HEX=0x1F
v.m3u8`)
  assert.equal(playlist.kind, 'multivariant')
  if (playlist.kind !== 'multivariant') return
  assert.deepEqual(
    [...(playlist.variants[0]?.attributes ?? [])],
    [
      ['BANDWIDTH', '1000'],
      ['CODECS', 'avc1.64001f,mp4a.40.2'],
      ['NAME', 'a=b, c'],
      ['X-HEX', '0x1F'],
    ],
  )
  assert.deepEqual(playlist.faults, [])
})

test('an attribute list that is none is told with its line, and the rest is still read', () => {
  const playlist = media('#EXTM3U\n#EXT-X-MAP:URI=init mp4\n#EXTINF:2,\na.m4s')
  assert.deepEqual(playlist.faults, [{ line: 2, message: '#EXT-X-MAP: "URI=init mp4" is not an attribute NAME=value' }])
  assert.equal(playlist.segments.length, 1)
})

test('Windows line ends, comments, blank lines and unknown tags are read over', () => {
  const playlist = media('#EXTM3U\r\n\r\n# a comment\r\n#EXT-X-SOMETHING:new\r\n#EXTINF:2,\r\na.m4s\r\n')
  assert.deepEqual(
    playlist.segments.map((one) => one.uri),
    ['a.m4s'],
  )
})

test('a page that is no playlist is a playlist without segments', () => {
  assert.deepEqual(media('<!doctype html><p>not found').segments.length, 1)
  assert.equal(media('').segments.length, 0)
})
