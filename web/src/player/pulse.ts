/** What four looks a second at the media element tell. */
export type Pulse = {
  readonly wallMs: number
  readonly mediaSeconds: number
  /** All media played so far, whatever jumps there were. */
  readonly playedSeconds: number
  /** This look came much too late and the media stood meanwhile: the machine slept or the tab was frozen. */
  readonly hasFrozen: boolean
}
export const STILL: Pulse = { wallMs: 0, mediaSeconds: 0, playedSeconds: 0, hasFrozen: false }

const FROZEN_MS = 5_000
/** More than this between two looks is a seek, except after a sleep of the timers only (a hidden tab that goes on sounding). */
const JUMP_SECONDS = 1

export function pulseOf(before: Pulse, wallMs: number, mediaSeconds: number): Pulse {
  const wallPassedMs = before.wallMs === 0 ? 0 : wallMs - before.wallMs
  const moved = mediaSeconds - before.mediaSeconds
  const couldPlay = wallPassedMs / 1000 + JUMP_SECONDS
  const played = moved > 0 && moved <= couldPlay ? moved : 0
  return {
    wallMs,
    mediaSeconds,
    playedSeconds: before.playedSeconds + played,
    hasFrozen: wallPassedMs > FROZEN_MS && wallPassedMs - played * 1000 > FROZEN_MS,
  }
}

/** Seconds buffered without a hole from where playback stands. */
export function aheadOf({ buffered, currentTime }: Pick<HTMLMediaElement, 'buffered' | 'currentTime'>): number {
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= currentTime + 0.1 && currentTime < buffered.end(i)) return buffered.end(i) - currentTime
  }
  return 0
}
