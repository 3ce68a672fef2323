import { LIVE_WINDOW_TICKS, listedUntil } from '#core/playlist.ts'
import type { Library } from '#core/library.ts'
import type { Channel, ChannelId, Schedule } from '#core/schedule.ts'
import { segmentsOf, slicesOf } from '#core/slicing.ts'
import type { Slice } from '#core/slices.ts'
import { createPlanner, type Committed, type Planner } from '#core/planner.ts'
import type { Timeline } from '#core/timeline.ts'
import { SEGMENT_TICKS, TICK_MS, instant, plusTicks, tick, tickAt, type Instant, type Tick, type TickSpan } from '#core/time.ts'
import type { Clock } from '../clock.ts'
import { createAiredChannel, type AiredChannel } from './airedChannel.ts'

/** What the playout asks of the database. Appending is durable before it resolves. */
export type SliceStore = {
  append(slices: readonly Slice[]): Promise<{ readonly ok: boolean }>
  last(channel: ChannelId): Promise<Slice | undefined>
  between(channel: ChannelId, from: Tick, to: Tick): Promise<readonly Slice[]>
}

export type PlayoutOptions = {
  readonly clock: Clock
  readonly schedule: () => Schedule
  readonly library: () => Library
  readonly slices: SliceStore
  readonly dvrSeconds: number
  readonly onTrouble: (message: string, cause: unknown) => void
}

/** Committed beyond the listing: what an edit has to wait, and what a slow disk may take. */
const COMMIT_AHEAD_TICKS = 2 * SEGMENT_TICKS
/** How far the plan in memory reaches: a day survives without a database. */
const PLAN_TICKS = Math.ceil((26 * 3_600_000) / TICK_MS)
/** Enough for any commit. */
const SOON_TICKS = Math.ceil(600_000 / TICK_MS)
const PLAN_LEFT_TICKS = Math.ceil((24 * 3_600_000) / TICK_MS)
const FAR_SLACK_TICKS = Math.ceil((6 * 3_600_000) / TICK_MS)
const STEP_MS = 500
/** Sequences of a new channel start where no earlier run of the station can have come to: at most one segment per two ticks since. */
const FIRST_TICK = Math.floor(Date.UTC(2025, 0, 1) / TICK_MS)

/**
 * The tick of the station: reads the clock, asks the core for the plan, commits slices ahead of the air, keeps what is committed in
 * memory for the origin. Holds no rule about programmes.
 */
export function createPlayout(options: PlayoutOptions) {
  const { clock, slices } = options
  const dvrTicks = Math.ceil((options.dvrSeconds * 1000) / TICK_MS)
  const aired = new Map<ChannelId, AiredChannel>()
  const plans = new Map<ChannelId, Timeline>()
  const farPlans = new Map<ChannelId, Timeline>()
  const busy = new Set<ChannelId>()
  let planner: Planner | undefined
  const listeners = new Set<(channel: ChannelId) => void>()
  let loop: { stop(): void } | undefined

  const channelOf = (id: ChannelId): Channel | undefined => options.schedule().channels.find((channel) => channel.id === id)

  /** Reads the as-run of the DVR window and closes the hole an outage left, as the timeline would have filled it. */
  async function resume(channel: Channel): Promise<void> {
    const id = channel.id
    let latest = channel
    const channelAired = createAiredChannel({
      channel: () => (latest = channelOf(id) ?? latest),
      segmentsOf,
      plan: () => plans.get(id),
    })
    const now = tickAt(clock.now())
    const last = await slices.last(id)
    const horizon = tick(now - dvrTicks)
    if (last && last.to > horizon) channelAired.append(await slices.between(id, horizon, last.to))
    aired.set(id, channelAired)
    const start = plusTicks(listedUntil(clock.now()), -LIVE_WINDOW_TICKS)
    // Off air for longer than the DVR window: nobody's playlist still shows what was before, so time may jump; sequences may not.
    const sequence = last ? nextSequence(last) : Math.floor((start - FIRST_TICK) / 2)
    await commit(id, channelAired.edge() ?? { tick: start, sequence })
  }

  const nextSequence = (last: Slice): number => last.sequence + segmentsOf(last).length

  async function commit(id: ChannelId, edge: { readonly tick: Tick; readonly sequence: number }): Promise<void> {
    const channelAired = aired.get(id)
    if (!channelAired) return
    const listed = listedUntil(clock.now())
    if (edge.tick - listed >= SEGMENT_TICKS) return
    const plan = planFrom(id, edge.tick, SOON_TICKS)
    const fresh = slicesOf(plan, edge, plusTicks(listed, COMMIT_AHEAD_TICKS))
    if (fresh.length === 0) return
    const { ok } = await slices.append(fresh)
    // Another machine that airs the same channel was first: what it committed is what airs.
    channelAired.append(ok ? fresh : await slices.between(id, edge.tick, plusTicks(listed, PLAN_TICKS)))
    for (const tell of listeners) tell(id)
  }

  /** A plan from the edge that reaches `ahead` ticks: a day but at the start, when answering soon matters more. */
  function planFrom(id: ChannelId, edge: Tick, ahead: number): Timeline {
    const known = plans.get(id)
    if (known && known.from <= edge && known.to - edge >= Math.min(ahead, PLAN_LEFT_TICKS)) return known
    const last = aired.get(id)?.slices().at(-1)
    const plan = timeline(id, { from: edge, to: plusTicks(edge, ahead) }, { tick: edge, slice: last })
    plans.set(id, plan)
    return plan
  }

  function timeline(id: ChannelId, span: TickSpan, committed: Committed): Timeline {
    const schedule = options.schedule()
    if (planner?.schedule !== schedule) planner = createPlanner(schedule)
    return planner.timelineOf({ channel: id, library: options.library(), span, committed })
  }

  async function step(id: ChannelId): Promise<void> {
    const channelAired = aired.get(id)
    const edge = channelAired?.edge()
    if (!channelAired || !edge || busy.has(id)) return
    busy.add(id)
    try {
      await commit(id, edge)
      planFrom(id, channelAired.edge()?.tick ?? edge.tick, PLAN_TICKS)
      channelAired.forgetBefore(tick(listedUntil(clock.now()) - dvrTicks - LIVE_WINDOW_TICKS))
    } catch (cause) {
      options.onTrouble(`Channel ${id}: the next minutes could not be committed; trying again.`, cause)
    } finally {
      busy.delete(id)
    }
  }

  async function stepAll(): Promise<void> {
    for (const channel of options.schedule().channels) if (!aired.has(channel.id)) await resume(channel)
    await Promise.all([...aired.keys()].map(step))
  }

  return {
    /** Resolves when every channel has a valid window. */
    async start(): Promise<void> {
      for (const channel of options.schedule().channels) await resume(channel)
      loop = clock.every(STEP_MS, stepAll)
    },
    stop: (): void => loop?.stop(),
    /** The schedule or the library changed: what is not committed yet is planned anew. */
    replan(): void {
      plans.clear()
      farPlans.clear()
    },
    /** Called after each commit. */
    onCommit: (tell: (channel: ChannelId) => void): void => void listeners.add(tell),

    channel: (id: ChannelId): AiredChannel | undefined => (channelOf(id) ? aired.get(id) : undefined),
    channels: (): readonly Channel[] =>
      options.schedule().channels.toSorted((a, b) => a.order - b.order || a.id.localeCompare(b.id)),
    /** Committed slices in memory that touch the span, oldest first. */
    committed: (id: ChannelId): readonly Slice[] => aired.get(id)?.slices() ?? [],
    /** The uncommitted future from the edge on: a day, or as far as `until`. */
    plan(id: ChannelId, until?: Tick): Timeline | undefined {
      const channelAired = aired.get(id)
      const edge = channelAired?.edge()
      if (!edge) return undefined
      const day = planFrom(id, edge.tick, PLAN_TICKS)
      if (until === undefined || until <= day.to) return day
      const known = farPlans.get(id)
      if (known && known.to >= until) return known
      // Some hours more than asked, so that the next who ask for "a week from now" find it there.
      const far = timeline(
        id,
        { from: edge.tick, to: plusTicks(until, FAR_SLACK_TICKS) },
        { tick: edge.tick, slice: channelAired?.slices().at(-1) },
      )
      farPlans.set(id, far)
      return far
    },
    now: (): Instant => instant(clock.now()),
  }
}
export type Playout = ReturnType<typeof createPlayout>
