import ffmpeg from 'fluent-ffmpeg'
import { AUDIO_LADDER, FRAME_RATE, VIDEO_LADDER, VIDEO_TIMESCALE } from './ladder.ts'
import { filterGraphOf, pictureLabel, STEREO, type FilterInput } from './packagingFilters.ts'
import type { MediaFacts } from './packagingFacts.ts'
import { MEDIA_LIMITS } from './packagingProbe.ts'
import { AUDIO_RATE, FRAMES_PER_TICK, SEGMENT_TICKS } from './time.ts'

/**
 * Argument lists of ffmpeg and ffprobe, as data. fluent-ffmpeg builds them and does nothing else: it is archived upstream, and its own way
 * of running ffmpeg asks for capabilities that newer versions report differently.
 *
 * No file name ever stands in an argument: the file is open as descriptor `FD.source`, so neither its name nor its being swapped
 * can matter. Results leave through pipes; that a pipe breaks ends an ffmpeg whose server was killed.
 */
export const FD = { progress: 3, source: 4, card: 5, firstOutput: 6 } as const

/** Demuxers of programme material. Playlists, concatenations, pictures and devices are not among them, whatever a file's name says. */
export const FORMAT_WHITELIST = [
  ...[
    'mov',
    'matroska',
    'webm',
    'mpegts',
    'mpeg',
    'mpegvideo',
    'avi',
    'flv',
    'asf',
    'mxf',
    'mxf_opatom',
    'gxf',
    'dv',
    'ogg',
    'mp3',
    'aac',
  ],
  ...[
    'wav',
    'w64',
    'flac',
    'aiff',
    'caf',
    'ac3',
    'eac3',
    'dts',
    'amr',
    'amrnb',
    'amrwb',
    'ape',
    'wv',
    'tta',
    'au',
    'm4v',
    'h264',
    'hevc',
  ],
].join(',')

const SOURCE = `file:/dev/fd/${FD.source}`

/** Options that stand before every `-i` of a file from outside. */
const PINNED = [
  ...['-protocol_whitelist', 'file', '-format_whitelist', FORMAT_WHITELIST],
  // one more than allowed, so that a file with too many is told from one with just enough
  ...['-max_streams', String(MEDIA_LIMITS.streams + 1), '-max_pixels', String(MEDIA_LIMITS.pixels)],
] as const

const ENTRIES = [
  'format=format_name,start_time,duration',
  'format_tags',
  'stream=index,codec_type,codec_name,codec_tag_string,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,field_order',
  'stream=color_transfer,color_space,channels,sample_rate,start_time,duration',
  'stream_tags',
  'stream_disposition=default,attached_pic,timed_thumbnails',
  'stream_side_data=rotation',
].join(':')

export function probeArgs(): readonly string[] {
  return ['-hide_banner', '-v', 'error', ...PINNED, '-show_entries', ENTRIES, '-of', 'json', '-i', SOURCE]
}

/** Decodes the sound for its loudness and walks through the picture's packets for its length: 0.5 % of the file's duration. */
export function measureArgs(facts: MediaFacts): readonly string[] {
  const command = fromSource()
  if (facts.video) command.output('-').outputOptions('-map', `0:${facts.video.stream}`, '-c', 'copy', '-f', 'null')
  if (facts.audio) {
    const measured = `[0:${facts.audio.stream}]${STEREO},ebur128=peak=true:framelog=verbose[measured]`
    command.complexFilter(measured).output('-').outputOptions('-map', '[measured]', '-f', 'null')
  }
  return argsOf(command)
}

/** Looks at the pictures of files that do not say they are interlaced: a few seconds after `fromMs`. */
export function scanArgs(facts: MediaFacts, fromMs: number): readonly string[] {
  const command = fromSource('-ss', (fromMs / 1000).toFixed(3))
  command
    .complexFilter(`[0:${facts.video?.stream ?? 0}]idet[seen]`)
    .output('-')
    .outputOptions('-map', '[seen]', '-frames:v', '120', '-f', 'null')
  return argsOf(command)
}

/** The whole package in one process: every rendition leaves through its own pipe, `FD.firstOutput` on, in the plan's order. */
export function packagingArgs(input: FilterInput): readonly string[] {
  const command = fromSource()
  if (input.plan.picture === 'card') command.input(`pipe:${FD.card}`).inputOptions('-f', 'png_pipe')
  command.complexFilter(filterGraphOf(input))
  input.plan.renditions.forEach((id, index) => {
    const video = VIDEO_LADDER.find((rung) => rung.id === id)
    const audio = AUDIO_LADDER.find((rung) => rung.id === id)
    command.output(`pipe:${FD.firstOutput + index}`)
    command.outputOptions('-map', `[${video ? pictureLabel(id) : `${id}out`}]`, '-map_metadata', '-1')
    if (video) command.outputOptions(...houseVideo(video))
    if (audio) command.outputOptions(...houseAudio(audio.kbps))
  })
  return argsOf(command)
}

/** Decodes one of our own renditions and counts its frames. Without the loop filter: the count is the same and a quarter of the time is saved. */
export function decodeArgs(from: 'source' | 'input'): readonly string[] {
  const count = ['-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0']
  return [
    '-hide_banner',
    '-v',
    'error',
    '-protocol_whitelist',
    'file,pipe',
    '-f',
    'mp4',
    '-skip_loop_filter',
    'all',
    '-threads',
    '0',
    ...count,
    '-i',
    from === 'source' ? SOURCE : 'pipe:0',
  ]
}

const GOP = String(SEGMENT_TICKS * FRAMES_PER_TICK)

function houseVideo(rung: (typeof VIDEO_LADDER)[number]): readonly [string, string, ...string[]] {
  return [
    ...(['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', rung.profile, '-level', (rung.level / 10).toFixed(1)] as const),
    ...['-crf', String(rung.crf), '-maxrate', `${rung.maxrateKbps}k`, '-bufsize', `${rung.bufsizeKbps}k`],
    ...['-g', GOP, '-keyint_min', GOP, '-sc_threshold', '0', '-flags', '+cgop'],
    // no B-frames: any tick is an exact cut, and decoding order is showing order
    ...['-bf', '0'],
    // repeat-headers: SPS and PPS in every IDR, so that packages of other builds follow under one init section
    ...['-x264-params', `repeat-headers=1:stitchable=1:force-cfr=1:b-pyramid=none`],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
    ...['-r', String(FRAME_RATE), '-video_track_timescale', String(VIDEO_TIMESCALE), '-f', 'mp4'],
    ...['-movflags', 'empty_moov+default_base_moof+skip_sidx+frag_keyframe'],
  ]
}

/** ADTS is the plainest frame of AAC: our own code counts and cuts it, and drops the encoder's priming. */
function houseAudio(kbps: number): readonly [string, string, ...string[]] {
  return ['-c:a', 'aac', '-b:a', `${kbps}k`, '-ar', String(AUDIO_RATE), '-ac', '2', '-f', 'adts']
}

function fromSource(...options: readonly string[]): ffmpeg.FfmpegCommand {
  return ffmpeg()
    .input(SOURCE)
    .inputOptions(
      '-hide_banner',
      '-nostdin',
      '-nostats',
      '-loglevel',
      'level+info',
      ...PROGRESS,
      ...PINNED,
      ...LONGEST,
      ...options,
    )
}

const LONGEST = ['-t', String(MEDIA_LIMITS.hours * 3600 + 60)] as const
const PROGRESS = ['-progress', `pipe:${FD.progress}`, '-stats_period', '0.5'] as const

function argsOf(command: ffmpeg.FfmpegCommand): readonly string[] {
  return command._getArguments().map(String)
}
