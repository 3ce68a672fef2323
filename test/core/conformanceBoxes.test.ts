import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { initFactsOf, segmentFactsOf } from '#core/conformanceBoxes.ts'

// Two seconds each: test picture by libx264 with a sync sample per second, and a tone by ffmpeg's AAC.
const H264 = readFileSync(new URL('conformance/h264.mp4', import.meta.url))
const AAC = readFileSync(new URL('conformance/aac.mp4', import.meta.url))

test('facts of H.264 in fragmented MP4', () => {
  const init = initFactsOf(H264)
  assert.ok(init)
  const [track] = init.tracks
  assert.equal(track?.codec, 'avc1.4d4015')
  assert.deepEqual([track.kind, track.timescale, track.width, track.height], ['video', 12_800, 64, 36])
  assert.deepEqual(segmentFactsOf(H264, init), {
    tracks: [{ id: 1, decodeTime: 0, duration: 25_600, samples: 50, isFirstSync: true, longestSyncGap: 12_800 }],
  })
})

test('facts of AAC in fragmented MP4', () => {
  const init = initFactsOf(AAC)
  assert.ok(init)
  assert.equal(init.tracks[0]?.codec, 'mp4a.40.2')
  assert.deepEqual(segmentFactsOf(AAC, init)?.tracks[0]?.duration, 97_024)
})

test('a first sample that is no sync sample is seen', () => {
  const init = initFactsOf(H264)
  assert.ok(init)
  const bytes = Buffer.from(H264)
  // first_sample_flags of the first trun stands after version, count and data offset.
  const trun = bytes.indexOf('trun') + 4
  assert.equal(bytes.readUInt32BE(trun) & 0x4, 0x4)
  bytes.writeUInt32BE(0x01010000, trun + 12)
  assert.equal(segmentFactsOf(bytes, init)?.tracks[0]?.isFirstSync, false)
})

test('cut, spoilt and hostile bytes are an answer, never an exception or endless work', () => {
  const init = initFactsOf(H264)
  assert.ok(init)
  fc.assert(
    fc.property(fc.nat(H264.length - 1), fc.nat(255), fc.nat(H264.length), (at, value, length) => {
      const bytes = Buffer.from(H264).subarray(0, length)
      if (at < length) bytes[at] = value
      initFactsOf(bytes)
      segmentFactsOf(bytes, init)
    }),
    { numRuns: 2000 },
  )
  assert.equal(initFactsOf(new Uint8Array()), undefined)
  assert.equal(segmentFactsOf(H264.subarray(0, 900), init), undefined)
})

test('a count of samples that its box cannot hold is no segment, and costs no time', () => {
  const init = initFactsOf(H264)
  assert.ok(init)
  const trun = H264.indexOf('trun') + 4
  const more = Buffer.from(H264)
  more.writeUInt32BE(H264.readUInt32BE(trun + 4) + 1, trun + 4)
  assert.equal(segmentFactsOf(more, init), undefined)
  const endless = Buffer.from(H264)
  // Version 0 and a data offset only: samples take no room.
  endless.writeUInt32BE(0x000001, trun)
  endless.writeUInt32BE(0xffffffff, trun + 4)
  const startedMs = performance.now()
  assert.equal(segmentFactsOf(endless, init), undefined)
  assert.ok(performance.now() - startedMs < 1000)
})
