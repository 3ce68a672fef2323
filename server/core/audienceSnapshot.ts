import { AUDIENCE_RULES, emptyAudience, type AudienceState } from './audience.ts'
import { instant, plusMs, type Instant } from './time.ts'

/** Plain JSON, in lists rather than records: there may be thousands, written every few seconds. */
export type AudienceSnapshot = {
  readonly version: 1
  readonly at: number
  readonly devices: readonly DeviceSnapshot[]
}
type DeviceSnapshot = readonly [device: string, address: string, seenAt: number, tabs: readonly TabSnapshot[]]
type TabSnapshot = readonly [tab: string, channel: string | null, seenAt: number, countedSince: number | null]

export function snapshotOf(state: AudienceState, at: Instant): AudienceSnapshot {
  const devices = [...state.devices].map(([id, device]): DeviceSnapshot => {
    const tabs = [...device.tabs].map(([key, { channel, seenAt, counted }]): TabSnapshot => {
      return [key, channel, seenAt, counted && counted.until > at ? counted.since : null]
    })
    return [id, device.address, device.seenAt, tabs]
  })
  return { version: 1, at, devices }
}

/**
 * After a restart, a step of the clock or a sleep of the machine. Those who counted then get a new lease: they need up to 30 s to come
 * back, and what they played meanwhile is not judged. One that is too old says nothing, and the count warms up instead.
 */
export function resumed(snapshot: AudienceSnapshot | undefined, at: Instant): AudienceState {
  const isTooOld = snapshot?.version !== 1 || Math.abs(at - snapshot.at) > AUDIENCE_RULES.hiddenLeaseMs
  return isTooOld ? emptyAudience(at) : movedTo(snapshot, at)
}

/** The same devices, as if `snapshot.at` had been `at`. */
export function movedTo(snapshot: AudienceSnapshot, at: Instant): AudienceState {
  const state = emptyAudience(at)
  const moved = (then: number): Instant => instant(then + at - snapshot.at)
  for (const [id, address, seenAt, tabs] of snapshot.devices) {
    const restored = tabs.map(([key, channel, tabSeenAt, since]) => {
      const counted = since === null ? null : { since: moved(since), until: plusMs(at, AUDIENCE_RULES.leaseMs) }
      return [key, { channel, seenAt: moved(tabSeenAt), baseline: null, counted, isResumed: true }] as const
    })
    state.devices.set(id, { address, seenAt: moved(seenAt), tabs: new Map(restored) })
    const devices = state.byAddress.get(address) ?? new Set<string>()
    state.byAddress.set(address, devices.add(id))
  }
  return { ...state, warmUntil: at }
}
