import { plusMs, type Instant } from './time.ts'

/**
 * Who is watching and listening. A device counts for the channel it plays while its beats say so, and a count is always the size of a
 * set: nothing is ever added to or taken from a number.
 *
 * The state is changed in place, because thousands of devices beat in a second; what happens depends on the arguments alone.
 */
export const AUDIENCE_RULES = {
  beatSeconds: 15,
  hiddenBeatSeconds: 60,
  /** A device counts this long after its last good beat. */
  leaseMs: 45_000,
  /** Browsers let hidden pages beat once a minute, and phones freeze them with their screen: two beats may be missed. */
  hiddenLeaseMs: 120_000,
  /** On the site: any beat this recently. */
  onlineMs: 300_000,
  /** Beats that follow faster are not judged. */
  minBeatMs: 3_000,
  /** Media time must advance at least by this part of the time passed. */
  minProgress: 0.5,
  /** Published: more devices behind one address are not counted. Whole quarters can share one address of a mobile network. */
  devicesPerAddress: 200,
  tabsPerDevice: 20,
} as const

export type Beat = {
  /** Random, of the visitor's browser. */
  readonly device: string
  /** One page of it: the session given to its socket. */
  readonly tab: string
  /** Stands for the network address; never the address itself. */
  readonly address: string
  /** Null where no channel that exists is in the player. */
  readonly channel: string | null
  readonly state: 'idle' | 'playing' | 'paused' | 'buffering' | 'ended'
  readonly mediaSeconds: number
  readonly isHidden: boolean
  readonly isMuted: boolean
}

export type Tab = {
  seenAt: Instant
  channel: string | null
  /** Where the stretch of playing that the next beat is judged by began. */
  baseline: { readonly at: Instant; readonly mediaSeconds: number } | null
  /** It counts for its channel, since and until then; null when it does not. */
  counted: { readonly since: Instant; readonly until: Instant } | null
  /** Counted before a restart, and not heard of since. */
  isResumed?: boolean
}

export type Device = { address: string; seenAt: Instant; readonly tabs: Map<string, Tab> }

export type AudienceState = {
  readonly devices: Map<string, Device>
  readonly byAddress: Map<string, Set<string>>
  /** Until then nobody can know how many there are. */
  readonly warmUntil: Instant
}

export type AudienceCounts = {
  readonly online: number | null
  /** Every channel asked for. */
  readonly channels: { readonly [channel: string]: number | null }
}

/** Nobody, and for one lease nobody knows: pages that were here before a restart need that long to come back. */
export const emptyAudience = (at: Instant): AudienceState => ({
  devices: new Map(),
  byAddress: new Map(),
  warmUntil: plusMs(at, AUDIENCE_RULES.leaseMs),
})

/** True when the beat was taken: not where its address already has all the devices it may have. */
export function beat(state: AudienceState, beat: Beat, at: Instant): boolean {
  const device = state.devices.get(beat.device) ?? { address: '', seenAt: at, tabs: new Map<string, Tab>() }
  if (!admit(state, device, beat)) return false
  device.seenAt = at
  const tab = device.tabs.get(beat.tab) ?? { seenAt: at, channel: beat.channel, baseline: null, counted: null }
  // Moved to the end: the first of the map is the one that was silent longest.
  device.tabs.delete(beat.tab)
  device.tabs.set(beat.tab, tab)
  dropOldest(device.tabs, AUDIENCE_RULES.tabsPerDevice)
  judge(tab, beat, at)
  tab.isResumed = false
  tab.seenAt = at
  return true
}

/** The page was left. Its device stays on the site for as long as its last beat is recent. */
export function bye(state: AudienceState, { device, tab }: { device: string; tab: string }): void {
  state.devices.get(device)?.tabs.delete(tab)
}

/** Forgets whom no count can hold any more. */
export function expire(state: AudienceState, at: Instant): void {
  const oldest = at - AUDIENCE_RULES.onlineMs
  for (const [id, device] of state.devices) {
    for (const [key, tab] of device.tabs) if (tab.seenAt <= oldest) device.tabs.delete(key)
    if (device.seenAt <= oldest) {
      state.devices.delete(id)
      leaveAddress(state, device.address, id)
    }
  }
}

export function countsOf(state: AudienceState, channels: readonly string[], at: Instant): AudienceCounts {
  if (at < state.warmUntil) return { online: null, channels: Object.fromEntries(channels.map((channel) => [channel, null])) }
  const counts = new Map<string, number>(channels.map((channel) => [channel, 0]))
  let online = 0
  for (const device of state.devices.values()) {
    if (device.seenAt > at - AUDIENCE_RULES.onlineMs) online += 1
    const channel = channelOf(device, at)
    const count = channel === null ? undefined : counts.get(channel)
    if (channel !== null && count !== undefined) counts.set(channel, count + 1)
  }
  return { online, channels: Object.fromEntries(counts) }
}

/** A device is one viewer: of the channel it began to play last. */
export function channelOf(device: Device, at: Instant): string | null {
  let latest: { since: Instant; channel: string } | undefined
  for (const { channel, counted } of device.tabs.values()) {
    if (channel === null || !counted || counted.until <= at) continue
    if (!latest || counted.since >= latest.since) latest = { since: counted.since, channel }
  }
  return latest?.channel ?? null
}

function judge(tab: Tab, beat: Beat, at: Instant): void {
  if (tab.channel !== beat.channel) Object.assign(tab, { channel: beat.channel, baseline: null, counted: null })
  switch (beat.state) {
    case 'playing':
      return judgePlaying(tab, beat, at)
    case 'buffering':
      // A short stall is not leaving: the lease goes on, but is not renewed.
      tab.baseline = null
      return
    case 'paused':
    case 'idle':
    case 'ended':
      tab.baseline = null
      tab.counted = null
      return
    default:
      beat.state satisfies never
  }
}

function judgePlaying(tab: Tab, beat: Beat, at: Instant): void {
  const { baseline } = tab
  const next = { at, mediaSeconds: beat.mediaSeconds }
  const leaseMs = beat.isHidden ? AUDIENCE_RULES.hiddenLeaseMs : AUDIENCE_RULES.leaseMs
  if (beat.isHidden && beat.isMuted) {
    // Nobody sees or hears it.
    tab.counted = null
    tab.baseline = next
  } else if (!baseline) {
    tab.baseline = next
    // It is back; what it played while nobody listened cannot be judged, so it has until its next beat.
    if (tab.isResumed && stillCounted(tab, at)) tab.counted = lease(tab, at, leaseMs)
  } else if (at - baseline.at < AUDIENCE_RULES.minBeatMs) {
    // Too soon to judge, but a page that was just hidden will be silent longer than a seen one may.
    if (beat.isHidden) tab.counted = lease(tab, baseline.at, AUDIENCE_RULES.hiddenLeaseMs)
  } else {
    tab.baseline = next
    const advancedMs = (beat.mediaSeconds - baseline.mediaSeconds) * 1000
    // The viewer went back in time: the next beat tells.
    if (advancedMs < 0) return
    const isMoving = advancedMs >= AUDIENCE_RULES.minProgress * (at - baseline.at)
    tab.counted = isMoving ? { since: stillCounted(tab, at)?.since ?? at, until: plusMs(at, leaseMs) } : null
  }
}

const stillCounted = ({ counted }: Tab, at: Instant) => (counted && counted.until > at ? counted : null)

const lease = ({ counted }: Tab, from: Instant, leaseMs: number): Tab['counted'] =>
  counted && { since: counted.since, until: plusMs(from, Math.max(leaseMs, counted.until - from)) }

function admit(state: AudienceState, device: Device, { device: id, address }: Beat): boolean {
  if (device.address === address && state.devices.has(id)) return true
  const devices = state.byAddress.get(address) ?? new Set<string>()
  if (devices.size >= AUDIENCE_RULES.devicesPerAddress) return false
  leaveAddress(state, device.address, id)
  devices.add(id)
  state.byAddress.set(address, devices)
  device.address = address
  state.devices.set(id, device)
  return true
}

function leaveAddress(state: AudienceState, address: string, id: string): void {
  const devices = state.byAddress.get(address)
  devices?.delete(id)
  if (devices?.size === 0) state.byAddress.delete(address)
}

function dropOldest(tabs: Map<string, Tab>, keep: number): void {
  for (const key of tabs.keys()) {
    if (tabs.size <= keep) return
    tabs.delete(key)
  }
}
