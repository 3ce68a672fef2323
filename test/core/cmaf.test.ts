import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { adtsFrames, adtsHeader } from '../../server/cmaf/adts.ts'
import { airSegment, houseInit, segmentOf } from '../../server/cmaf/air.ts'
import { codecOf, nalsOf, parseSps, sampleOf } from '../../server/cmaf/avc.ts'
import { box, boxesOf, findBox, fullBox, u16, u32 } from '../../server/cmaf/boxes.ts'
import { DEPENDENT_SAMPLE, isSync, parseFragment, SYNC_SAMPLE } from '../../server/cmaf/fragment.ts'
import { audioInit, parseInit } from '../../server/cmaf/init.ts'
import { streamedBoxes } from '../../server/cmaf/stream.ts'

/** A stored fragment whose samples are told apart by their bytes. */
function fragmentOf(
  sizes: readonly number[],
  first: number,
  flags = sizes.map((_, index) => (index === 0 ? SYNC_SAMPLE : DEPENDENT_SAMPLE)),
): Buffer {
  const media = sizes.map((size, index) => Buffer.alloc(size, first + index))
  return segmentOf(
    { sizes: Uint32Array.from(sizes), flags: Uint32Array.from(flags), duration: 512, media },
    { sequence: 1, tfdt: 0 },
  )
}

/** As `airSegment`, told by the bytes of its samples. */
const samplesOf = (segment: Buffer): readonly number[][] => {
  const { sizes, media } = parseFragment(segment)
  let at = 0
  return [...sizes].map((size) => [...media.subarray(at, (at += size))])
}

test('a segment holds exactly the samples asked for, in one run, wherever the cut falls', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(
      fc.array(sizes, { minLength: 1, maxLength: 3 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lists, start, share) => {
        const all = lists.flat()
        const firstSample = Math.floor(start * (all.length - 1))
        const samples = Math.max(1, Math.floor(share * (all.length - firstSample)))
        let number = 0
        const fragments = lists.map((list) => {
          const fragment = fragmentOf(list, number % 256)
          number += list.length
          return fragment
        })
        const whole = lists.flatMap((list, index) =>
          list.map((size, place) => Buffer.alloc(size, (lists.slice(0, index).flat().length % 256) + place)),
        )
        const segment = airSegment(fragments, { sequence: 7, tfdt: 1_795_453_799 * 12_800, firstSample, samples })
        assert.deepEqual(
          boxesOf(segment).map(({ type }) => type),
          ['moof', 'mdat'],
        )
        assert.deepEqual(
          samplesOf(segment),
          whole.slice(firstSample, firstSample + samples).map((sample) => [...sample]),
        )
        const read = parseFragment(segment)
        assert.equal(read.sequence, 7)
        assert.equal(read.tfdt, 1_795_453_799 * 12_800)
        assert.ok(read.durations.every((duration) => duration === 512))
        assert.deepEqual(
          [...read.flags].map(isSync),
          lists.flatMap((list) => list.map((_, place) => place === 0)).slice(firstSample, firstSample + samples),
        )
      },
    ),
  )
})

test('fewer samples than asked for make the package invalid', () => {
  assert.throws(() => airSegment([fragmentOf([3, 4], 0)], { sequence: 1, tfdt: 0, samples: 3 }), {
    code: 'PACKAGE_INVALID',
    message: /hold 2 samples .* 3 are due/,
  })
})

test('sizes, durations and flags that stand once for all samples are understood', () => {
  const media = Buffer.from('aaabbbccc')
  const moof = (offset: number): Buffer =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(3)),
      box(
        'traf',
        fullBox('tfhd', 0, 0x020038, u32(1, 1024, 3, SYNC_SAMPLE)),
        fullBox('tfdt', 0, 0, u32(77)),
        fullBox('trun', 0, 0x1, u32(3, offset)),
      ),
    )
  const fragment = Buffer.concat([box('styp', Buffer.from('msdh')), moof(moof(0).length + 8), box('mdat', media)])
  const read = parseFragment(fragment)
  assert.deepEqual([...read.sizes], [3, 3, 3])
  assert.deepEqual([...read.durations], [1024, 1024, 1024])
  assert.equal(read.tfdt, 77)
  const segment = airSegment([fragment], { sequence: 1, tfdt: 0, firstSample: 1, samples: 2 })
  assert.equal(parseFragment(segment).media.toString(), 'bbbccc')
})

test('every cut-off or altered fragment is refused or read, never worse', () => {
  const whole = fragmentOf([9, 8, 7], 1)
  const refusesOrReads = (bytes: Buffer): void => {
    try {
      parseFragment(bytes)
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'PACKAGE_INVALID', String(error))
    }
  }
  for (let size = 0; size < whole.length; size++) refusesOrReads(whole.subarray(0, size))
  fc.assert(
    fc.property(fc.nat(whole.length - 25), fc.nat(255), (at, value) => {
      const altered = Buffer.from(whole)
      altered[at] = value
      refusesOrReads(altered)
    }),
    { numRuns: 500 },
  )
})

test('a house init section has one track, no edit list, no duration, and is the same from package to package', () => {
  const init = audioInit()
  assert.deepEqual(houseInit(init), init)
  assert.equal(findBox(init, ['moov', 'trak', 'edts']), undefined)
  assert.ok(findBox(init, ['moov', 'mvex', 'trex']))
  assert.equal(parseInit(init).timescale, 48_000)
  assert.equal(parseInit(init).kind, 'audio')
})

test('what differs from item to item (bit rates, encoder name) does not reach the init section', () => {
  const avcC = box('avcC', Buffer.from([1, 0x64, 0, 0x1f, 0xff, 0xe0, 0]))
  const entry = (name: string, rate: number): Buffer =>
    box(
      'avc1',
      u32(0),
      u16(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1280, 720),
      u32(0x480000, 0x480000, 0),
      u16(1),
      Buffer.from(name.padEnd(32, '\0')),
      u16(24, 0xffff),
      avcC,
      box('btrt', u32(0, rate, rate)),
    )
  const initWith = (name: string, rate: number): Buffer =>
    Buffer.concat([
      box('ftyp', Buffer.from('iso5')),
      box(
        'moov',
        box(
          'trak',
          fullBox('tkhd', 0, 3, u32(0, 0, 9)),
          box('edts', fullBox('elst', 0, 0, u32(0))),
          box(
            'mdia',
            fullBox('mdhd', 0, 0, u32(0, 0, 12_800, 500)),
            box('minf', box('stbl', fullBox('stsd', 0, 0, u32(1), entry(name, rate)))),
          ),
        ),
      ),
    ])
  const init = houseInit(initWith('Lavc59 libx264', 1000))
  assert.deepEqual(init, houseInit(initWith('', 2000)))
  assert.equal(findBox(init, ['moov', 'trak', 'edts']), undefined)
  const tkhd = findBox(init, ['moov', 'trak', 'tkhd'])
  assert.equal(init.readUInt32BE((tkhd?.body ?? 0) + 12), 1)
  assert.equal(init.readUInt32BE((tkhd?.end ?? 0) - 8) >> 16, 1280)
})

test('profile, level and size are read from a parameter set', () => {
  // x264, high profile, 3.1, 1280 × 720, with emulation prevention and cropping in 1920 × 1080 beside it
  const high = parseSps(Buffer.from('6764001facb402802dd80880000003008000001947822c5c', 'hex'))
  assert.deepEqual(
    { ...high, isProgressive: true },
    { profile: 100, constraints: 0, level: 31, width: 1280, height: 720, isProgressive: true },
  )
  assert.equal(codecOf(high), 'avc1.64001f')
  const cropped = parseSps(Buffer.from('67640028acd940780227e5c044000003000400000300c83c60c658', 'hex'))
  assert.deepEqual([cropped.width, cropped.height, cropped.level], [1920, 1080, 40])
  assert.throws(() => parseSps(Buffer.from('6764', 'hex')), { code: 'PACKAGE_INVALID' })
})

test('NAL units survive the way into a sample and back', () => {
  const nals = [Buffer.from([7, 1, 2]), Buffer.from([8]), Buffer.from([5, 9, 9, 9])]
  assert.deepEqual(nalsOf(sampleOf(nals)), nals)
  assert.throws(() => nalsOf(Buffer.from([0, 0, 0, 9, 1])), { code: 'PACKAGE_INVALID' })
})

test('streams are read alike however their bytes are dealt out', async () => {
  const frames = [Buffer.alloc(5, 1), Buffer.alloc(300, 2), Buffer.alloc(1, 3)]
  const adts = Buffer.concat(frames.flatMap((frame) => [adtsHeader(frame.length), frame]))
  const boxes = Buffer.concat([box('ftyp', Buffer.alloc(9)), box('moof'), box('mdat', Buffer.alloc(500, 4))])
  for (const size of [1, 2, 7, 64, 1000]) {
    assert.deepEqual(await Array.fromAsync(adtsFrames(dealt(adts, size))), frames)
    const types = await Array.fromAsync(streamedBoxes(dealt(boxes, size)))
    assert.deepEqual(
      types.map(({ type, bytes }) => [type, bytes.length]),
      [
        ['ftyp', 17],
        ['moof', 8],
        ['mdat', 508],
      ],
    )
  }
  await assert.rejects(Array.fromAsync(streamedBoxes(dealt(boxes.subarray(0, 100), 10))), { code: 'PACKAGE_INVALID' })
  await assert.rejects(Array.fromAsync(adtsFrames(dealt(adts.subarray(0, 100), 10))), { code: 'PACKAGE_INVALID' })
})

async function* dealt(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
