import type { Channel, GuideEntry, NowNext } from '#contract/channels.ts'
import { DVR_SECONDS } from '../player/source.ts'

/** The oldest minute leaves while one reaches for it. */
const REPLAY_MS = (DVR_SECONDS - 60) * 1000

export const isOn = (entry: GuideEntry, at: number): boolean => entry.from <= at && at < entry.to
export const isPast = (entry: GuideEntry, at: number): boolean => entry.to <= at
export const isAhead = (entry: GuideEntry, at: number): boolean => entry.from > at

/** It began within what the channel can be rewound, and somebody would want to see it again. */
export const canReplay = (entry: Pick<GuideEntry, 'programme' | 'from'>, at: number): boolean =>
  entry.programme !== null && entry.from <= at && at - entry.from <= REPLAY_MS

/** How far a programme has come, 0..100. */
export function percentOf(entry: Pick<GuideEntry, 'from' | 'to'>, at: number): number {
  const share = (at - entry.from) / Math.max(1, entry.to - entry.from)
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10
}

/**
 * The channel as it is at `at`: what the socket said last, moved on over the boundary by the page's own clock, so that a programme
 * changes on the second even while the connection is away.
 */
export function channelAt(channel: Channel, heard: NowNext | undefined, at: number): Channel {
  const { now, next, continuity } = heard ?? channel
  const line = [now, ...next]
  const index = line.findIndex((entry) => isOn(entry, at))
  const current = line[index]
  if (index <= 0 || current === undefined) return { ...channel, now, next, continuity }
  return { ...channel, now: current, next: line.slice(index + 1), continuity: null }
}
