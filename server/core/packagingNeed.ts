import type { Library } from './library.ts'
import { assetsOf } from './material.ts'
import type { Planner } from './planner.ts'
import type { Channel, ChannelKind, Play, SlotId } from './schedule.ts'
import { plusMs, type Instant } from './time.ts'

/** In which forms each file is needed, and in how many milliseconds (0: it is due). */
export type PackagingNeeds = ReadonlyMap<string, { readonly [form in ChannelKind]?: number }>

/** Beyond it nothing is urgent. */
const HORIZON_MS = 36 * 3_600_000
/** A list needs its next piece when the one before it ends; nobody knows how long pieces are before they are looked at. */
const PIECE_MS = 60_000
/** Filler matters as soon as something is short, but after what is on. */
const FILLER_MS = 2 * 60_000

/**
 * What has to be packaged for what, soonest first by number. Files that no slot and no filler plays are not needed in any form; those
 * whose slots are further away than a day and a half come last.
 */
export function packagingNeedsOf(planner: Planner, library: Library, at: Instant): PackagingNeeds {
  const needs = new Map<string, { [form in ChannelKind]?: number }>()
  const need = (play: Play, { kind }: Channel, dueMs: number): void => {
    assetsOf(play, library).forEach((asset, index) => {
      const known = needs.get(asset.path) ?? {}
      known[kind] = Math.min(known[kind] ?? Number.POSITIVE_INFINITY, dueMs + index * PIECE_MS)
      needs.set(asset.path, known)
    })
  }
  for (const channel of planner.schedule.channels) {
    const due = new Map<SlotId, number>()
    for (const { slot, from } of planner.occurrencesOf(channel.id, { from: at, to: plusMs(at, HORIZON_MS) })) {
      due.set(slot.id, Math.min(due.get(slot.id) ?? Number.POSITIVE_INFINITY, Math.max(0, from - at)))
    }
    for (const slot of planner.schedule.slots) {
      if (slot.channel === channel.id) need(slot.play, channel, due.get(slot.id) ?? HORIZON_MS)
    }
    need(channel.filler, channel, FILLER_MS)
  }
  return needs
}
