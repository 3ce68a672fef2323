import { AUDIO_LADDER, renditionsOf, VIDEO_LADDER, type RenditionId } from './ladder.ts'
import type { MediaFacts, Measurement } from './packagingFacts.ts'
import type { Outcome } from './refusal.ts'
import type { ChannelKind } from './schedule.ts'
import { AAC_FRAMES_PER_TICK, FRAMES_PER_TICK, SEGMENT_TICKS, TICK_MS } from './time.ts'

/** Goes into every package id: raise it when the same file would have to be packaged differently. */
export const HOUSE_VERSION = 1

export type LoudnessTarget = {
  /** EBU R128 integrated loudness that programmes are brought to. */
  readonly lufs: number
  /** True peak that is never passed. */
  readonly peakDb: number
}
export const DEFAULT_LOUDNESS: LoudnessTarget = { lufs: -18, peakDb: -1 }

/** What this ffmpeg can do beyond the must. */
export type FfmpegAbilities = { readonly canToneMap: boolean; readonly hasBwdif: boolean }

export type PackagingPlan = {
  readonly form: ChannelKind
  readonly ticks: number
  readonly frames: number
  readonly aacFrames: number
  /** `video`: the file's own; `card`: a still, of which one GOP is encoded and repeated; `none`: radio. */
  readonly picture: 'video' | 'card' | 'none'
  readonly hasSound: boolean
  readonly gainDb: number
  /** The gain would pass the peak limit, so a limiter follows it. */
  readonly needsLimiter: boolean
  /** Where the sound of the file ends and fades out. */
  readonly soundEndMs: number
  readonly renditions: readonly RenditionId[]
}

/** AAC's own padding reaches up to one frame beyond the material: not worth a tick of held picture. */
const OVERHANG_MS = 22
/** A header may promise this much more than is there before the file counts as cut off. */
const SHORTFALL_MS = 1000
const SHORTFALL_SHARE = 0.02
/** Quiet recordings are not raised further: their noise would come up with them. */
const MOST_GAIN_DB = 20
/** Decoded AAC peaks higher than what went into the encoder. */
const CODEC_OVERSHOOT_DB = 0.7

/** Decides how a file becomes a package. Refuses files that end before their header says. */
export function planOf(
  facts: MediaFacts,
  measurement: Measurement,
  wish: { readonly form: ChannelKind; readonly target: LoudnessTarget },
): Outcome<PackagingPlan> {
  const { form, target } = wish
  if (form === 'radio' && !facts.audio) return refused('NO_SOUND', 'A radio channel cannot air this file: it has no sound.')
  const promised = facts.durationMs
  const found = measurement.durationMs
  const isComplete = promised === null || found >= promised - Math.max(SHORTFALL_MS, promised * SHORTFALL_SHARE)
  if (promised !== null && facts.isDurationExact && !isComplete) {
    return refused(
      'CUT_OFF',
      `The file promises ${seconds(promised)} but ends after ${seconds(found)}: it was not copied completely or is damaged.`,
    )
  }
  const durationMs = promised !== null && facts.isDurationExact ? promised : found
  if (durationMs <= 0) return refused('EMPTY', 'The file holds no sound or picture of any length.')
  const ticks = Math.max(2, Math.ceil((durationMs - OVERHANG_MS) / TICK_MS))
  const gainDb = facts.audio ? gainOf(measurement, target) : 0
  return {
    ok: true,
    value: {
      form,
      ticks,
      frames: ticks * FRAMES_PER_TICK,
      aacFrames: ticks * AAC_FRAMES_PER_TICK,
      picture: form === 'radio' ? 'none' : facts.video ? 'video' : 'card',
      hasSound: facts.audio !== undefined,
      gainDb,
      needsLimiter: (measurement.truePeakDb ?? -Infinity) + gainDb > target.peakDb - CODEC_OVERSHOOT_DB,
      soundEndMs: Math.min(durationMs, ticks * TICK_MS),
      renditions: renditionsOf(form),
    },
  }
}

/** The level, in dBFS, that the limiter holds so that the decoded AAC keeps the target's peak. */
export const limitOf = (target: LoudnessTarget): number => target.peakDb - CODEC_OVERSHOOT_DB

/** How many frames of a rendition fragment `index` of a package holds. */
export function fragmentSamples(kind: 'video' | 'audio', ticks: number, index: number): number {
  const left = Math.min(SEGMENT_TICKS, ticks - index * SEGMENT_TICKS)
  return Math.max(0, left) * (kind === 'video' ? FRAMES_PER_TICK : AAC_FRAMES_PER_TICK)
}

/** Everything a package's bytes depend on, besides the ffmpeg build: hashed, it is the package's id. */
export function identityOf(contentHash: string, form: ChannelKind, target: LoudnessTarget): string {
  const ladder = JSON.stringify([form === 'tv' ? VIDEO_LADDER : [], AUDIO_LADDER])
  return [HOUSE_VERSION, contentHash, form, target.lufs, target.peakDb, ladder].join('\n')
}

function gainOf(measurement: Measurement, target: LoudnessTarget): number {
  if (measurement.integratedLufs === null) return 0
  return Math.round(Math.min(MOST_GAIN_DB, target.lufs - measurement.integratedLufs) * 100) / 100
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const refused = (code: string, message: string): Outcome<PackagingPlan> => ({
  ok: false,
  problems: [{ code, path: '', message }],
})
