import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_LOUDNESS, fragmentSamples, identityOf, planOf, type PackagingPlan } from '#core/packaging.ts'
import { decodeArgs, FD, measureArgs, packagingArgs, probeArgs, scanArgs } from '#core/packagingArgs.ts'
import type { MediaFacts, Measurement, VideoFacts } from '#core/packagingFacts.ts'
import { filterGraphOf } from '#core/packagingFilters.ts'
import { factsOf } from '#core/packagingProbe.ts'
import { isInterlacedBy, loudnessOf, progressOf } from '#core/packagingReports.ts'

const VIDEO: VideoFacts = {
  stream: 0,
  codec: 'h264',
  width: 1920,
  height: 1080,
  sampleAspect: 1,
  rotation: 0,
  frameRate: 25,
  isVariableRate: false,
  scan: 'progressive',
  dynamicRange: 'sdr',
  matrix: 'bt709',
}
const FACTS: MediaFacts = {
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationMs: 60_000,
  isDurationExact: true,
  video: VIDEO,
  audio: { stream: 1, codec: 'aac', channels: 2, rate: 48_000 },
}
const MEASURED: Measurement = { integratedLufs: -23, truePeakDb: -6, durationMs: 60_000, isInterlaced: false }
const ABILITIES = { canToneMap: true, hasBwdif: true }

function planned(
  facts: Partial<MediaFacts> = {},
  measured: Partial<Measurement> = {},
  form: 'tv' | 'radio' = 'tv',
): PackagingPlan {
  const plan = planOf({ ...FACTS, ...facts }, { ...MEASURED, ...measured }, { form, target: DEFAULT_LOUDNESS })
  assert.ok(plan.ok, JSON.stringify(plan))
  return plan.value
}

const refusal = (facts: Partial<MediaFacts>, measured: Partial<Measurement>, form: 'tv' | 'radio' = 'tv'): string | undefined => {
  const { audio: _audio, ...silent } = FACTS
  const plan = planOf(
    'audio' in facts ? { ...silent, ...facts } : { ...FACTS, ...facts },
    { ...MEASURED, ...measured },
    { form, target: DEFAULT_LOUDNESS },
  )
  return plan.ok ? undefined : plan.problems[0]?.code
}

test('every length becomes whole ticks: at most one longer, at most an AAC frame shorter, never under two', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400_000 }), (durationMs) => {
      const { ticks, frames, aacFrames } = planned({ durationMs }, { durationMs })
      assert.ok(ticks >= 2)
      assert.ok(ticks * 320 >= durationMs - 22, 'nothing but encoder padding is lost')
      assert.ok(ticks === 2 || ticks * 320 < durationMs + 320, 'less than a tick is added')
      assert.equal(frames, ticks * 8)
      assert.equal(aacFrames, ticks * 15)
      // the same length in both, exactly: in 1/48000 s
      assert.equal(frames * 1920, aacFrames * 1024)
    }),
  )
})

test('fragments are of six ticks, the last holds the rest, and together they hold everything', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 5000 }), (ticks) => {
      const count = Math.ceil(ticks / 6)
      const sizes = Array.from({ length: count }, (_, index) => fragmentSamples('video', ticks, index))
      assert.ok(sizes.slice(0, -1).every((size) => size === 48))
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        ticks * 8,
      )
      assert.equal(fragmentSamples('audio', ticks, count), 0)
    }),
  )
})

test('a file that ends well before its header says is cut off; one without an exact header is taken as it is', () => {
  assert.equal(refusal({}, { durationMs: 30_000 }), 'CUT_OFF')
  assert.equal(refusal({}, { durationMs: 59_200 }), undefined)
  assert.equal(planned({ isDurationExact: false }, { durationMs: 30_000 }).ticks, 94)
  assert.equal(planned({ durationMs: null }, { durationMs: 30_000 }).ticks, 94)
  assert.equal(refusal({ durationMs: null }, { durationMs: 0 }), 'EMPTY')
})

test('a film without sound is no radio programme', () => {
  const { audio: _audio, ...silent } = FACTS
  const plan = planOf(silent, MEASURED, { form: 'radio', target: DEFAULT_LOUDNESS })
  assert.equal(plan.ok ? '' : plan.problems[0]?.code, 'NO_SOUND')
})

test('gain brings to the target, raises no noise, and calls the limiter when peaks would pass', () => {
  assert.equal(planned().gainDb, 5)
  assert.equal(planned().needsLimiter, true) // −6 + 5 is above −1.7
  assert.equal(planned({}, { truePeakDb: -10 }).needsLimiter, false)
  assert.equal(planned({}, { integratedLufs: -60, truePeakDb: -50 }).gainDb, 20)
  assert.equal(planned({}, { integratedLufs: null, truePeakDb: null }).gainDb, 0)
  assert.equal(planned({}, { integratedLufs: -9, truePeakDb: 1 }).gainDb, -9)
})

test('a package is known by all that it depends on', () => {
  const base = identityOf('aa', 'tv', DEFAULT_LOUDNESS)
  assert.equal(identityOf('aa', 'tv', { ...DEFAULT_LOUDNESS }), base)
  for (const other of [
    identityOf('ab', 'tv', DEFAULT_LOUDNESS),
    identityOf('aa', 'radio', DEFAULT_LOUDNESS),
    identityOf('aa', 'tv', { lufs: -23, peakDb: -1 }),
  ]) {
    assert.notEqual(other, base)
  }
})

const argsOf = (facts: MediaFacts, measured: Measurement = MEASURED, form: 'tv' | 'radio' = 'tv'): readonly string[] => {
  const plan = planOf(facts, measured, { form, target: DEFAULT_LOUDNESS })
  assert.ok(plan.ok)
  return packagingArgs({ plan: plan.value, facts, measurement: measured, target: DEFAULT_LOUDNESS, abilities: ABILITIES })
}

test('the argument list of a film: one process, five pipes, everything pinned', () => {
  const args = argsOf(FACTS)
  const at = (option: string): number => args.indexOf(option)
  const input = at('-i')
  assert.equal(args[input + 1], `file:/dev/fd/${FD.source}`)
  for (const option of ['-nostdin', '-protocol_whitelist', '-format_whitelist', '-max_streams', '-max_pixels']) {
    assert.ok(at(option) >= 0 && at(option) < input, `${option} stands before the input`)
  }
  assert.equal(args[at('-protocol_whitelist') + 1], 'file')
  assert.deepEqual(
    args.filter((arg) => arg.startsWith('pipe:')),
    ['pipe:3', 'pipe:6', 'pipe:7', 'pipe:8', 'pipe:9', 'pipe:10'],
  )
  assert.equal(args.filter((arg) => arg === 'libx264').length, 3)
  assert.equal(args.filter((arg) => arg === 'aac').length, 2)
  assert.ok(!args.includes('-y'), 'no file is written by ffmpeg')
  const video = args.slice(at('pipe:6') - 50, at('pipe:6'))
  for (const [option, value] of Object.entries({
    '-g': '48',
    '-keyint_min': '48',
    '-bf': '0',
    '-sc_threshold': '0',
    '-profile:v': 'high',
    '-level': '3.1',
    '-crf': '23',
  })) {
    assert.equal(video[video.indexOf(option) + 1], value, option)
  }
  assert.match(video[video.indexOf('-x264-params') + 1] ?? '', /repeat-headers=1/)
})

test('radio encodes no picture, a card encodes one group of pictures', () => {
  const radio = argsOf(FACTS, MEASURED, 'radio')
  assert.ok(!radio.includes('libx264'))
  const { video: _video, ...sound } = FACTS
  const card = argsOf(sound)
  const graph = card[card.indexOf('-filter_complex') + 1] ?? ''
  assert.match(graph, /^\[1:v\]loop=loop=47:size=1:start=0,.*trim=end_frame=48/)
  assert.deepEqual(card.slice(card.indexOf(`pipe:${FD.card}`) - 3, card.indexOf(`pipe:${FD.card}`) + 1), [
    '-f',
    'png_pipe',
    '-i',
    'pipe:5',
  ])
})

test('no list of arguments holds an undefined, an exponent or anything but text', () => {
  const lists = [
    probeArgs(),
    measureArgs(FACTS),
    scanArgs(FACTS, 1234.5),
    decodeArgs('source'),
    decodeArgs('input'),
    argsOf(FACTS),
    argsOf(FACTS, { ...MEASURED, integratedLufs: -18.000001 }),
  ]
  for (const list of lists) {
    assert.ok(
      list.every((arg) => typeof arg === 'string' && !/undefined|NaN|\d\.?\d*e-\d/.test(arg)),
      list.join(' '),
    )
  }
})

const graphOf = (video: Partial<VideoFacts>, measured: Partial<Measurement> = {}, abilities = ABILITIES): string => {
  const facts = { ...FACTS, video: { ...VIDEO, ...video } }
  return filterGraphOf({
    plan: planned({ video: facts.video }, measured),
    facts,
    measurement: { ...MEASURED, ...measured },
    target: DEFAULT_LOUDNESS,
    abilities,
  })
}

test('interlacing, dynamic range and colour matrix each choose their filters', () => {
  assert.match(graphOf({}), /\[0:0\]bwdif=mode=send_frame:deint=interlaced,fps=/)
  assert.match(graphOf({}, { isInterlaced: true }), /deint=all/)
  assert.match(graphOf({}, {}, { ...ABILITIES, hasBwdif: false }), /yadif=mode=send_frame/)
  assert.match(graphOf({ dynamicRange: 'pq' }), /zscale=tin=smpte2084.*tonemap=/)
  assert.match(graphOf({ dynamicRange: 'hlg' }), /zscale=tin=arib-std-b67/)
  assert.doesNotMatch(graphOf({ dynamicRange: 'pq' }, {}, { ...ABILITIES, canToneMap: false }), /zscale|tonemap/)
  assert.match(graphOf({ matrix: null, width: 720, height: 576 }), /in_color_matrix=bt601:out_color_matrix=bt709/)
  assert.match(graphOf({ matrix: null }), /in_color_matrix=bt709/)
  assert.doesNotMatch(graphOf({ matrix: 'smpte170m' }), /in_color_matrix/)
})

const probed = (...streams: readonly object[]) => factsOf({ format: { format_name: 'matroska,webm', duration: '10.0' }, streams })

test('what ffprobe tells becomes facts: the shown stream, its shape, its turn and its rate', () => {
  const facts = probed(
    { index: 0, codec_type: 'video', codec_name: 'mjpeg', width: 600, height: 600, disposition: { attached_pic: 1 } },
    {
      index: 1,
      codec_type: 'video',
      codec_name: 'h264',
      width: 720,
      height: 576,
      sample_aspect_ratio: '64:45',
      avg_frame_rate: '25/1',
      r_frame_rate: '50/1',
      field_order: 'tt',
      side_data_list: [{}, { rotation: -90 }],
      color_transfer: 'arib-std-b67',
    },
    { index: 2, codec_type: 'audio', codec_name: 'aac', channels: 6, sample_rate: '44100', tags: { title: 'bình luận' } },
    {
      index: 3,
      codec_type: 'audio',
      codec_name: 'aac',
      channels: 2,
      sample_rate: '48000',
      disposition: { default: 1 },
      tags: { title: `Tiếng\n#EXT-X-KEY\u0000 Việt ${'dài '.repeat(100)}` },
    },
  )
  assert.ok(facts.ok)
  assert.equal(facts.value.video?.stream, 1)
  assert.equal(facts.value.video.rotation, 90)
  assert.equal(facts.value.video.isVariableRate, true)
  assert.equal(facts.value.video.scan, 'interlaced')
  assert.equal(facts.value.video.dynamicRange, 'hlg')
  assert.equal(facts.value.audio?.stream, 3)
  assert.equal(facts.value.durationMs, 10_000)
  assert.match(facts.value.title ?? '', /^Tiếng #EXT-X-KEY Việt dài/)
  assert.ok((facts.value.title ?? '').length <= 200)
})

test('a stream’s own length, counted from the file’s start, comes before the container’s', () => {
  const facts = factsOf({
    format: { format_name: 'mov,mp4', start_time: '1.0', duration: '99' },
    streams: [
      { index: 0, codec_type: 'video', codec_name: 'h264', width: 2, height: 2, start_time: '1.0', duration: '8' },
      { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, start_time: '3.5', duration: '7.25' },
    ],
  })
  assert.equal(facts.ok ? facts.value.durationMs : 0, 9750)
})

test('what is no programme material is refused with its rule', () => {
  const codeOf = (outcome: ReturnType<typeof factsOf>): string | undefined => (outcome.ok ? undefined : outcome.problems[0]?.code)
  const picture = { index: 0, codec_type: 'video', codec_name: 'h264', width: 640, height: 360 }
  assert.equal(codeOf(probed({ ...picture, width: 16_384 })), 'PICTURE_SIZE')
  assert.equal(codeOf(probed({ ...picture, width: 8192, height: 8192 })), 'PICTURE_SIZE')
  assert.equal(codeOf(probed({ ...picture, codec_tag_string: 'encv' })), 'ENCRYPTED')
  assert.equal(codeOf(probed(...Array.from({ length: 65 }, (_, index) => ({ ...picture, index })))), 'TOO_MANY_STREAMS')
  assert.equal(codeOf(probed({ index: 0, codec_type: 'subtitle', codec_name: 'ass' })), 'NO_MEDIA')
  assert.equal(codeOf(probed({ index: 0, codec_type: 'video', width: 640, height: 360 })), 'NO_MEDIA')
  assert.equal(
    codeOf(
      factsOf({
        format: { format_name: 'mp3', duration: '90000' },
        streams: [{ codec_type: 'audio', codec_name: 'mp3', channels: 2 }],
      }),
    ),
    'TOO_LONG',
  )
  for (const nonsense of [null, 3, 'x', [], {}, { streams: 7 }, { streams: [null, 1] }])
    assert.equal(codeOf(factsOf(nonsense)), 'NO_MEDIA')
})

test('progress is the last complete report', () => {
  const report = (us: string, speed: string, state: string): string =>
    `frame=1\nout_time_us=${us}\nspeed=${speed}\nprogress=${state}\n`
  assert.deepEqual(
    progressOf(`${report('1000000', '2.5x', 'continue')}${report('2500000', ' 3x', 'continue')}frame=9\nout_time_us=9`),
    { outTimeMs: 2500, speed: 3, isEnd: false },
  )
  assert.deepEqual(progressOf(report('N/A', 'N/A', 'continue')), { outTimeMs: 0, speed: null, isEnd: false })
  assert.deepEqual(progressOf(report('-9223372036854775807', '0x', 'end')), { outTimeMs: 0, speed: null, isEnd: true })
  assert.equal(progressOf('frame=1\n'), undefined)
})

test('loudness is read from the summary; silence has none', () => {
  const summary = (lufs: string, peak: string): string =>
    `t: 1 M: -3\n[info] Summary:\n\n  Integrated loudness:\n    I:         ${lufs} LUFS\n    Threshold: -33.0 LUFS\n\n  True peak:\n    Peak:       ${peak} dBFS\n`
  assert.deepEqual(loudnessOf(summary('-22.9', '-4.1')), { integratedLufs: -22.9, truePeakDb: -4.1 })
  assert.deepEqual(loudnessOf(summary('-70.0', '-inf')), { integratedLufs: null, truePeakDb: null })
  assert.deepEqual(loudnessOf('nothing'), { integratedLufs: null, truePeakDb: null })
})

test('fields are counted over all reports of the filter', () => {
  const report = (tff: number, bff: number, progressive: number): string =>
    `Multi frame detection: TFF: ${tff} BFF: ${bff} Progressive: ${progressive} Undetermined: 0\n`
  assert.equal(isInterlacedBy(report(0, 0, 0) + report(70, 1, 3)), true)
  assert.equal(isInterlacedBy(report(0, 0, 0) + report(3, 1, 70)), false)
  assert.equal(isInterlacedBy(''), false)
})
