import { Type, type Static } from 'typebox'
import { NowNext } from './channels.ts'

/** Messages of `/ws`: JSON text frames, tagged by `type`. */

/** Server → page. Whole truth of the channels that changed; at most once a second and only on change. */
export const AudienceMessage = Type.Object({
  type: Type.Literal('audience'),
  asOf: Type.Integer(),
  /** Devices on the site; null while the count warms up after a start. */
  online: Type.Union([Type.Integer(), Type.Null()]),
  /** Channel id → devices watching or listening. */
  channels: Type.Record(Type.String(), Type.Union([Type.Integer(), Type.Null()])),
})
export type AudienceMessage = Static<typeof AudienceMessage>

export const NowPlayingMessage = Type.Object({
  type: Type.Literal('now-playing'),
  at: Type.Integer(),
  channels: Type.Array(NowNext),
})
export type NowPlayingMessage = Static<typeof NowPlayingMessage>

export const PackagingJob = Type.Object({
  path: Type.String(),
  form: Type.Union([Type.Literal('tv'), Type.Literal('radio')]),
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('measuring'),
    Type.Literal('packaging'),
    Type.Literal('verifying'),
    Type.Literal('ready'),
    Type.Literal('failed'),
    Type.Literal('cancelled'),
  ]),
  /** 0..100. */
  percent: Type.Number(),
  /** Media seconds packaged per second. */
  speed: Type.Union([Type.Number(), Type.Null()]),
  secondsLeft: Type.Union([Type.Number(), Type.Null()]),
  /** Plain words, when failed. */
  reason: Type.Union([Type.String(), Type.Null()]),
})
export type PackagingJob = Static<typeof PackagingJob>
export const PackagingMessage = Type.Object({ type: Type.Literal('packaging'), jobs: Type.Array(PackagingJob) })
export type PackagingMessage = Static<typeof PackagingMessage>

/** Greets each socket: the session to beat with, and how often. */
export const WelcomeMessage = Type.Object({
  type: Type.Literal('welcome'),
  /** Signed, short-lived; sent back in `hello` after a reconnect so that a device is not counted twice. */
  session: Type.String(),
  beatSeconds: Type.Integer(),
  hiddenBeatSeconds: Type.Integer(),
  at: Type.Integer(),
})
export type WelcomeMessage = Static<typeof WelcomeMessage>

export const ServerMessage = Type.Union([WelcomeMessage, AudienceMessage, NowPlayingMessage, PackagingMessage])
export type ServerMessage = Static<typeof ServerMessage>

/** Page → server, first. `device` is random, kept in localStorage and renewed daily; `topics` chooses extra messages. */
export const HelloMessage = Type.Object({
  type: Type.Literal('hello'),
  device: Type.String({ minLength: 16, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
  tab: Type.String({ minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
  session: Type.Optional(Type.String({ maxLength: 512 })),
  topics: Type.Optional(Type.Array(Type.Union([Type.Literal('packaging')]), { maxItems: 4 })),
})
export type HelloMessage = Static<typeof HelloMessage>

/** Page → server, each `beatSeconds`, at once when the state changes. */
export const BeatMessage = Type.Object({
  type: Type.Literal('beat'),
  /** The channel in the player; null when none is loaded (counts for the site only). */
  channel: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  state: Type.Union([
    Type.Literal('idle'),
    Type.Literal('playing'),
    Type.Literal('paused'),
    Type.Literal('buffering'),
    Type.Literal('ended'),
  ]),
  /** Media position in seconds; must advance between beats to count as playing. */
  mediaSeconds: Type.Number({ minimum: 0 }),
  isHidden: Type.Boolean(),
  isMuted: Type.Boolean(),
})
export type BeatMessage = Static<typeof BeatMessage>

/** Page → server by the socket or as a `sendBeacon` POST to `/api/bye`, which must say whose socket it was. */
export const ByeMessage = Type.Object({ type: Type.Literal('bye'), session: Type.Optional(Type.String({ maxLength: 512 })) })
export type ByeMessage = Static<typeof ByeMessage>

export const ClientMessage = Type.Union([HelloMessage, BeatMessage, ByeMessage])
export type ClientMessage = Static<typeof ClientMessage>
