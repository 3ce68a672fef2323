import type { GuideEntry } from '#contract/channels.ts'
import type { Channel } from './schedule.ts'
import type { Slice } from './slices.ts'
import { instantOfTick, tickAt, type Instant, type Tick } from './time.ts'
import type { Airing, Timeline } from './timeline.ts'

export type GuideInput = {
  readonly channel: Channel
  /** What has aired or is committed, oldest first. */
  readonly slices: readonly Slice[]
  /** What is planned after it. */
  readonly timeline: Timeline
  readonly at: Instant
}

/**
 * What viewers see of the air, past and future in one: entries touch and each tick belongs to exactly one. An airing that another one
 * interrupts has an entry for each part.
 */
export function guideOf({ channel, slices, timeline, at }: GuideInput): GuideEntry[] {
  const edge = slices.at(-1)?.to ?? timeline.from
  const planned = timeline.items
    .filter((item) => item.to > edge)
    .map((item) => (item.from < edge ? { ...item, from: edge } : item))
  const now = tickAt(at)
  const stretches = joined([...slices, ...planned])
  return stretches.map((stretch, index) => entryOf(stretch, { channel, now, isFirst: index === 0 }))
}

type Part = { readonly from: Tick; readonly to: Tick; readonly airing?: Airing }
type Telling = { readonly channel: Channel; readonly now: Tick; readonly isFirst: boolean }

function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = []
  for (const part of parts) {
    const last = whole.at(-1)
    // The newest words about an airing hold: an editor may have mended its title while it was on.
    if (last && last.to === part.from && isOneAiring(last.airing, part.airing)) {
      whole[whole.length - 1] = { ...part, from: last.from }
    } else whole.push(part)
  }
  return whole
}

const isOneAiring = (a: Airing | undefined, b: Airing | undefined): boolean =>
  a?.slot === b?.slot && a?.scheduledFrom === b?.scheduledFrom

function entryOf({ from, to, airing }: Part, { channel, now, isFirst }: Telling): GuideEntry {
  const state = to <= now ? 'aired' : from <= now ? 'on-air' : 'planned'
  // As-run is read from some tick on; what was on then began where its airing says.
  const began = isFirst && airing && airing.from < from ? airing.from : from
  const times = { from: instantOfTick(began), to: instantOfTick(to) }
  if (!airing) {
    return {
      channel: channel.id,
      id: `gap@${times.from}`,
      programme: null,
      title: channel.name,
      description: channel.strapline,
      language: channel.language,
      category: '',
      isRepeat: false,
      ...times,
      scheduledFrom: times.from,
      scheduledTo: times.to,
      state,
    }
  }
  const { slot, programme, title, description, language, category, isRepeat, scheduledFrom, scheduledTo } = airing
  // A part after an interruption is named by how far into the airing it begins, which no window over the guide changes.
  const part = began > airing.from ? `+${began - airing.from}` : ''
  return {
    channel: channel.id,
    id: `${slot}@${scheduledFrom}${part}`,
    programme,
    title,
    description,
    language,
    category,
    isRepeat,
    ...times,
    scheduledFrom,
    scheduledTo,
    state,
  }
}
