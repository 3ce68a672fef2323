import { FRAME_RATE, VIDEO_LADDER, type VideoRendition } from './ladder.ts'
import { limitOf, type FfmpegAbilities, type LoudnessTarget, type PackagingPlan } from './packaging.ts'
import type { MediaFacts, Measurement, VideoFacts } from './packagingFacts.ts'
import { AAC_FRAME_SAMPLES, AUDIO_RATE, SEGMENT_TICKS, FRAMES_PER_TICK } from './time.ts'

/** Filter graphs as text. Only numbers and our own words go in: nothing that a person typed. */
export type FilterInput = {
  readonly plan: PackagingPlan
  readonly facts: MediaFacts
  readonly measurement: Measurement
  readonly target: LoudnessTarget
  readonly abilities: FfmpegAbilities
}

export const pictureLabel = (rendition: string): string => `${rendition}out`

/** `[v720out]…`, `[a128out]…` from input 0 (the file) and, for a card, input 1. */
export function filterGraphOf(input: FilterInput): string {
  return [...pictureGraph(input), ...soundGraph(input)].join(';')
}

function pictureGraph({ plan, facts, measurement, abilities }: FilterInput): readonly string[] {
  if (plan.picture === 'none') return []
  const chain =
    plan.picture === 'video' && facts.video
      ? [...movingPicture(facts.video, measurement, abilities), holdTo(plan.frames)]
      : // one GOP, decoded once: the fragments of a still are all alike
        [`loop=loop=${GOP_FRAMES - 1}:size=1:start=0`, `fps=${FRAME_RATE}`, ...scaleAndPad(TOP, '709'), holdTo(GOP_FRAMES)]
  const source = plan.picture === 'video' ? `[0:${facts.video?.stream ?? 0}]` : '[1:v]'
  return [
    `${source}${[...chain, SETTLE].join(',')},split=${VIDEO_LADDER.length}${VIDEO_LADDER.map(({ id }) => `[${id}in]`).join('')}`,
    ...VIDEO_LADDER.map(
      (rung) =>
        `[${rung.id}in]${rung === TOP ? 'null' : `scale=${rung.width}:${rung.height}:flags=bicubic,setsar=1`}[${pictureLabel(rung.id)}]`,
    ),
  ]
}

const GOP_FRAMES = SEGMENT_TICKS * FRAMES_PER_TICK
const TOP = VIDEO_LADDER[0] as VideoRendition

/** Square pixels, 8-bit 4:2:0 and BT.709 said in so many words: the SPS must be the same for every file. */
const SETTLE = 'setsar=1,format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709'

/** Holds the last picture until `frames`, and never passes it. */
const holdTo = (frames: number): string => `tpad=stop=-1:stop_mode=clone,trim=end_frame=${frames}`

function movingPicture(video: VideoFacts, measurement: Measurement, abilities: FfmpegAbilities): readonly string[] {
  const deinterlacer = abilities.hasBwdif ? 'bwdif' : 'yadif'
  // 50 fields become 25 frames. Frames flagged progressive inside a progressive file pass untouched.
  const deinterlace = `${deinterlacer}=mode=send_frame:deint=${measurement.isInterlaced ? 'all' : 'interlaced'}`
  const isHigh = video.dynamicRange !== 'sdr' && abilities.canToneMap
  return [
    deinterlace,
    // from the file's start, so that a picture which starts later than the sound is held back, not shifted
    `fps=fps=${FRAME_RATE}:start_time=0`,
    ...scaleAndPad(TOP, isHigh ? 'keep' : matrixOf(video)),
    ...(isHigh ? [toneMap(video)] : []),
  ]
}

/** Letterbox or pillarbox in one scaling step, whatever the pixel shape (`dar` is the shape of the whole picture). */
function scaleAndPad(rung: VideoRendition, matrix: '601' | '709' | 'auto' | 'keep'): readonly string[] {
  const { width, height } = rung
  const shape = width / height
  const wide = `if(gte(dar,${shape}),${width},max(2,2*round(${height}*dar/2)))`
  const tall = `if(gte(dar,${shape}),max(2,2*round(${width}/dar/2)),${height})`
  const inMatrix = matrix === '601' ? ':in_color_matrix=bt601' : matrix === '709' ? ':in_color_matrix=bt709' : ''
  const colours = matrix === 'keep' ? '' : `${inMatrix}:out_color_matrix=bt709:out_range=tv`
  return [`scale=w='${wide}':h='${tall}':flags=bicubic${colours}`, 'setsar=1', `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`]
}

/** Where the file does not say: standard definition is BT.601, high definition BT.709. */
function matrixOf(video: VideoFacts): '601' | '709' | 'auto' {
  if (video.matrix !== null && video.matrix !== 'unknown' && video.matrix !== 'reserved') return 'auto'
  return Math.min(video.width, video.height) < 720 ? '601' : '709'
}

/** PQ or HLG to BT.709, after scaling: at 1280×720 it costs a ninth of what it costs at 2160p. */
function toneMap(video: VideoFacts): string {
  const transfer = video.dynamicRange === 'pq' ? 'smpte2084' : 'arib-std-b67'
  return [
    `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=203`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
  ].join(',')
}

function soundGraph({ plan, facts, target }: FilterInput): readonly string[] {
  const samples = plan.aacFrames * AAC_FRAME_SAMPLES
  const sound = facts.audio
    ? [`[0:${facts.audio.stream}]${STEREO}`, ...levelled(plan, target), 'apad', `atrim=end_sample=${samples}`, ...fades(plan)]
    : [`anullsrc=r=${AUDIO_RATE}:cl=stereo`, `atrim=end_sample=${samples}`]
  return [`${sound.join(',')},asplit=2[a128out][a64out]`]
}

/** Holes become silence and drift is stretched away; sound that starts later than the picture is preceded by silence. */
export const STEREO = `aresample=${AUDIO_RATE}:async=1000:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo`

const OVERSAMPLED = AUDIO_RATE * 4
const ATTACK_MS = 5

function levelled(plan: PackagingPlan, target: LoudnessTarget): readonly string[] {
  const gain = plan.gainDb === 0 ? [] : [`volume=${plan.gainDb}dB:precision=float`]
  if (!plan.needsLimiter) return gain
  const limit = (10 ** (limitOf(target) / 20)).toFixed(4)
  return [
    ...gain,
    // peaks between samples show at four times the rate
    `aresample=${OVERSAMPLED}`,
    `alimiter=limit=${limit}:attack=${ATTACK_MS}:release=80:level=disabled`,
    // its look-ahead delays the sound; its `latency` option would undo that, but is missing before ffmpeg 5
    `atrim=start_sample=${(OVERSAMPLED * ATTACK_MS) / 1000}`,
    'asetpts=N/SR/TB',
    `aresample=${AUDIO_RATE}`,
  ]
}

/** A silent AAC frame leads and short fades follow: joints between any two packages are free of clicks without encoder priming. */
function fades(plan: PackagingPlan): readonly string[] {
  const end = plan.soundEndMs / 1000
  return [`afade=t=in:st=${LEAD_SECONDS.toFixed(6)}:d=0.02`, `afade=t=out:st=${Math.max(0.05, end - 0.03).toFixed(3)}:d=0.03`]
}

const LEAD_SECONDS = AAC_FRAME_SAMPLES / AUDIO_RATE
