import { Type, type Static } from 'typebox'

/** Bodies of `/api/channels` and `/api/guide`. Instants are epoch milliseconds. */
export const GuideEntry = Type.Object({
  channel: Type.String(),
  /** Stable for one airing: `slot@scheduledFrom`; `gap@from` where nothing is scheduled. */
  id: Type.String(),
  programme: Type.Union([Type.String(), Type.Null()]),
  title: Type.String(),
  description: Type.String(),
  language: Type.String(),
  category: Type.String(),
  isRepeat: Type.Boolean(),
  /** On the tick grid, as aired or as planned. */
  from: Type.Integer(),
  to: Type.Integer(),
  scheduledFrom: Type.Integer(),
  scheduledTo: Type.Integer(),
  /** `aired` and `on-air` are told from as-run, `planned` from the timeline. */
  state: Type.Union([Type.Literal('aired'), Type.Literal('on-air'), Type.Literal('planned')]),
})
export type GuideEntry = Static<typeof GuideEntry>

export const NowNext = Type.Object({
  channel: Type.String(),
  now: GuideEntry,
  next: Type.Array(GuideEntry),
  /** What stands in for the programme at this instant; null while the programme itself is on. */
  continuity: Type.Union([Type.Null(), Type.Literal('filler'), Type.Literal('slate')]),
})
export type NowNext = Static<typeof NowNext>

export const Channel = Type.Object({
  id: Type.String(),
  kind: Type.Union([Type.Literal('tv'), Type.Literal('radio')]),
  name: Type.String(),
  strapline: Type.String(),
  language: Type.String(),
  frequency: Type.Union([Type.String(), Type.Null()]),
  mark: Type.String(),
  order: Type.Integer(),
  /** Multivariant playlist, absolute path. */
  playlist: Type.String(),
  now: GuideEntry,
  next: Type.Array(GuideEntry),
  continuity: Type.Union([Type.Null(), Type.Literal('filler'), Type.Literal('slate')]),
  /** Devices watching or listening; null while the count warms up. */
  audience: Type.Union([Type.Integer(), Type.Null()]),
})
export type Channel = Static<typeof Channel>

export const ChannelList = Type.Object({ at: Type.Integer(), channels: Type.Array(Channel) })
export type ChannelList = Static<typeof ChannelList>

export const Guide = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  zone: Type.String(),
  entries: Type.Array(GuideEntry),
})
export type Guide = Static<typeof Guide>
