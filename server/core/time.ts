/**
 * Time is integers (docs/architecture.md, "Time").
 *
 * - An `Instant` is whole milliseconds since the Unix epoch.
 * - A `Tick` counts 320 ms steps from the Unix epoch: 8 video frames at 25 fps = 15 AAC frames at 48 kHz, exactly.
 * - A segment is 6 ticks: 48 video frames (one GOP) = 90 AAC frames = 1.92 s.
 */
export type Instant = number & { readonly unit: 'epoch-ms' }
export type Tick = number & { readonly unit: 'tick' }

/** Half-open: from <= t < to. */
export type Span = { readonly from: Instant; readonly to: Instant }
/** Half-open: from <= tick < to. */
export type TickSpan = { readonly from: Tick; readonly to: Tick }

export const TICK_MS = 320
export const SEGMENT_TICKS = 6
export const FRAME_MS = 40
export const FRAMES_PER_TICK = 8
export const AAC_FRAMES_PER_TICK = 15
export const AUDIO_RATE = 48_000
export const AAC_FRAME_SAMPLES = 1024
export const AUDIO_SAMPLES_PER_TICK = AAC_FRAMES_PER_TICK * AAC_FRAME_SAMPLES

export const instant = (epochMs: number): Instant => Math.trunc(epochMs) as Instant
export const tick = (count: number): Tick => Math.trunc(count) as Tick

/** The tick that contains `at`. */
export const tickAt = (at: Instant): Tick => Math.floor(at / TICK_MS) as Tick
/** The tick whose start is nearest to `at`: never more than 160 ms away. */
export const nearestTick = (at: Instant): Tick => Math.round(at / TICK_MS) as Tick
export const instantOfTick = (at: Tick): Instant => (at * TICK_MS) as Instant
export const plusMs = (at: Instant, durationMs: number): Instant => (at + durationMs) as Instant
export const plusTicks = (at: Tick, ticks: number): Tick => (at + ticks) as Tick
export const contains = (span: Span, at: Instant): boolean => span.from <= at && at < span.to
