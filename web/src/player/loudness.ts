/**
 * How loud it sounds now, 0..1, without touching the sound itself: an analyser listens to a copy of the stream. (A media element source
 * would route all sound through the page, which stops behind a locked screen and stays silent until a gesture.)
 */
export type Loudness = {
  /** null where the browser gives no copy (Safari) or nothing has been heard yet. */
  now(): number | null
  stop(): void
}

type Capturing = HTMLVideoElement & { captureStream?(): MediaStream }

/** Quiet speech to full scale, in decibels. */
const FLOOR_DB = -48

export function createLoudness(media: HTMLVideoElement): Loudness {
  let context: AudioContext | undefined
  let analyser: AnalyserNode | undefined
  let source: MediaStreamAudioSourceNode | undefined
  let heardId: string | undefined
  const samples = new Float32Array(1024)

  /** A new load makes new tracks, so the copy is taken again. */
  const connect = (): AnalyserNode | undefined => {
    const capturing: Capturing = media
    const stream = capturing.captureStream?.()
    const track = stream?.getAudioTracks()[0]
    if (!stream || !track) return undefined
    if (track.id === heardId && analyser) return analyser
    source?.disconnect()
    context ??= new AudioContext()
    analyser ??= Object.assign(context.createAnalyser(), { fftSize: samples.length })
    source = context.createMediaStreamSource(new MediaStream([track]))
    source.connect(analyser)
    heardId = track.id
    return analyser
  }

  return {
    now() {
      const listener = connect()
      if (!listener || !context) return null
      if (context.state === 'suspended') void context.resume().catch(() => {})
      if (context.state !== 'running') return null
      listener.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      return Math.min(1, Math.max(0, 1 - (10 * Math.log10(power + 1e-9)) / FLOOR_DB))
    },
    stop() {
      source?.disconnect()
      void context?.close()
    },
  }
}
