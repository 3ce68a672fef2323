/** What probing and measuring found out about a media file: plain JSON, kept with the asset. */
export type MediaFacts = {
  /** ffmpeg's demuxer, e.g. `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string
  /** As the header or a scan says; null when the container does not tell. */
  readonly durationMs: number | null
  /** The header states the length, so less than that is a file which was not copied completely. */
  readonly isDurationExact: boolean
  readonly video?: VideoFacts
  readonly audio?: AudioFacts
  /** Embedded text, one line each, at most 200 characters. */
  readonly title?: string
  readonly artist?: string
  readonly genre?: string
}

export type VideoFacts = {
  /** Index among all streams of the file. */
  readonly stream: number
  readonly codec: string
  readonly width: number
  readonly height: number
  /** Pixel shape, width / height; 1 when square or not said. */
  readonly sampleAspect: number
  /** Clockwise degrees by which players turn the picture: 0, 90, 180 or 270. */
  readonly rotation: number
  /** Frames per second on average; 0 when not said. */
  readonly frameRate: number
  readonly isVariableRate: boolean
  /** As flagged; `unknown` asks for a look at the pictures. */
  readonly scan: 'progressive' | 'interlaced' | 'unknown'
  readonly dynamicRange: 'sdr' | 'pq' | 'hlg'
  /** ffmpeg's name of the colour matrix, null when not said. */
  readonly matrix: string | null
}

export type AudioFacts = {
  readonly stream: number
  readonly codec: string
  readonly channels: number
  readonly rate: number
}

/** What one pass over the file measured. */
export type Measurement = {
  /** EBU R128 integrated loudness of the stereo mix; null when there is no sound or only silence. */
  readonly integratedLufs: number | null
  readonly truePeakDb: number | null
  /** How far the media really reaches. */
  readonly durationMs: number
  readonly isInterlaced: boolean
}
