import type { Channel as ChannelAnswer, ChannelList, Guide, GuideEntry, NowNext } from '#contract/channels.ts'
import { guideOf } from '#core/guide.ts'
import type { Channel, ChannelId } from '#core/schedule.ts'
import type { Slice } from '#core/slices.ts'
import { TICK_MS, tick, tickAt, type Instant, type Tick } from '#core/time.ts'
import type { Timeline } from '#core/timeline.ts'

/** What telling the guide needs of the playout and of the as-run. */
export type GuideSources = {
  channels(): readonly Channel[]
  /** Committed slices in memory, oldest first. */
  committed(channel: ChannelId): readonly Slice[]
  /** The plan from the committed edge on, a day or as far as `until`. */
  plan(channel: ChannelId, until?: Tick): Timeline | undefined
  /** As-run from the database, for what is no longer in memory. */
  between(channel: ChannelId, from: Tick, to: Tick): Promise<readonly Slice[]>
  audience(channel: ChannelId): number | null
  zone(): string
}

const NEXT_ENTRIES = 3
/** Now & next looks no further: what comes after is the guide's. */
const NEXT_TICKS = Math.ceil((12 * 3_600_000) / TICK_MS)

/** Guide, now & next and the channel list: all from committed slices and the plan that continues them. */
export function createGuide(sources: GuideSources) {
  function entries(channel: Channel, slices: readonly Slice[], timeline: Timeline, at: Instant): readonly GuideEntry[] {
    return guideOf({ channel, slices, timeline, at })
  }

  function nowNext(channel: Channel, at: Instant): NowNext {
    const now = tickAt(at)
    const slices = sources.committed(channel.id)
    const plan = sources.plan(channel.id)
    const timeline = plan ?? emptyAfter(channel.id, now)
    const near = { ...timeline, items: timeline.items.filter((item) => item.from < now + NEXT_TICKS) }
    const all = entries(channel, slices, near, at)
    const index = all.findIndex((entry) => entry.from <= at && at < entry.to)
    const source = [...slices, ...near.items].find((run) => run.from <= now && now < run.to)?.source.kind
    return {
      channel: channel.id,
      now: all[index] ?? offAir(channel, at),
      next: all
        .slice(index + 1)
        .filter((entry) => entry.programme !== null)
        .slice(0, NEXT_ENTRIES),
      continuity: source === 'filler' || source === 'slate' ? source : null,
    }
  }

  return {
    nowNext: (at: Instant): readonly NowNext[] => sources.channels().map((channel) => nowNext(channel, at)),

    channels(at: Instant): ChannelList {
      return {
        at,
        channels: sources.channels().map((channel): ChannelAnswer => {
          const { id, kind, name, strapline, language, frequency, mark, order } = channel
          const { now, next, continuity } = nowNext(channel, at)
          const playlist = `/hls/${id}/master.m3u8`
          return {
            id,
            kind,
            name,
            strapline,
            language,
            frequency: frequency ?? null,
            mark,
            order,
            playlist,
            now,
            next,
            continuity,
            audience: sources.audience(id),
          }
        }),
      }
    },

    /** Entries that overlap [from, to), by channel and time. */
    async guide(span: { readonly from: Instant; readonly to: Instant }, at: Instant, only?: ChannelId): Promise<Guide> {
      const wanted = sources.channels().filter((channel) => only === undefined || channel.id === only)
      const found = await Promise.all(
        wanted.map(async (channel) => {
          const inMemory = sources.committed(channel.id)
          const first = inMemory[0]?.from ?? tickAt(at)
          const from = tickAt(span.from)
          const older = from < first ? await sources.between(channel.id, from, tick(first)) : []
          const timeline = sources.plan(channel.id, tick(tickAt(span.to) + 1)) ?? emptyAfter(channel.id, first)
          return entries(channel, [...older, ...inMemory], timeline, at).filter(
            (entry) => entry.to > span.from && entry.from < span.to,
          )
        }),
      )
      return { from: span.from, to: span.to, zone: sources.zone(), entries: found.flat() }
    },
  }
}
export type StationGuide = ReturnType<typeof createGuide>

const emptyAfter = (channel: ChannelId, at: Tick): Timeline => ({ channel, from: at, to: at, items: [] })

/** Only before the first commit of a channel: within a second of its birth. */
const offAir = (channel: Channel, at: Instant): GuideEntry => ({
  channel: channel.id,
  id: `gap@${at}`,
  programme: null,
  title: channel.name,
  description: channel.strapline,
  language: channel.language,
  category: '',
  isRepeat: false,
  from: at,
  to: at + TICK_MS,
  scheduledFrom: at,
  scheduledTo: at + TICK_MS,
  state: 'on-air',
})
