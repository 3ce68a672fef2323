import type { ChannelKind } from './schedule.ts'

/** The house format: fixed for every package and every live input, so that anything can follow anything under one init section. */
export type VideoRendition = {
  readonly id: 'v720' | 'v480' | 'v270'
  readonly width: number
  readonly height: number
  /** Capped CRF: constant quality up to this rate. */
  readonly crf: number
  readonly maxrateKbps: number
  readonly bufsizeKbps: number
  readonly profile: 'high' | 'main'
  /** H.264 level as avcC writes it: 31 is 3.1. */
  readonly level: number
}
export type AudioRendition = { readonly id: 'a128' | 'a64'; readonly kbps: number }
export type RenditionId = VideoRendition['id'] | AudioRendition['id']

export const FRAME_RATE = 25
export const VIDEO_TIMESCALE = 12_800
export const VIDEO_FRAME_UNITS = VIDEO_TIMESCALE / FRAME_RATE

export const VIDEO_LADDER: readonly VideoRendition[] = [
  { id: 'v720', width: 1280, height: 720, crf: 23, maxrateKbps: 2800, bufsizeKbps: 4200, profile: 'high', level: 31 },
  { id: 'v480', width: 854, height: 480, crf: 22, maxrateKbps: 1200, bufsizeKbps: 1800, profile: 'high', level: 30 },
  { id: 'v270', width: 480, height: 270, crf: 22, maxrateKbps: 450, bufsizeKbps: 675, profile: 'main', level: 21 },
]
export const AUDIO_LADDER: readonly AudioRendition[] = [
  { id: 'a128', kbps: 128 },
  { id: 'a64', kbps: 64 },
]

const SOUND: readonly RenditionId[] = AUDIO_LADDER.map((rung) => rung.id)
const ALL: readonly RenditionId[] = [...VIDEO_LADDER.map((rung) => rung.id), ...SOUND]

export const renditionsOf = (kind: ChannelKind): readonly RenditionId[] => (kind === 'tv' ? ALL : SOUND)

export const isVideo = (rendition: RenditionId): rendition is VideoRendition['id'] => rendition.startsWith('v')
