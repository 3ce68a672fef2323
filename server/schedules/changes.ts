import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import type { StationFiles } from './read.ts'
import { channelFields, programmeFields, slotFields, type WrittenFields } from './write.ts'

/** What an import would change, one line each, in the words of the files: `slot ban-tin-trua: length 30m → 45m`. Empty: nothing. */
export function changesBetween(before: StationFiles | null, after: StationFiles): string[] {
  const old = before ? partsOf(before) : new Map<string, WrittenFields>()
  const fresh = partsOf(after)
  const removed = [...old.keys()].filter((name) => !fresh.has(name)).map((name) => `- ${name} is gone`)
  const others = [...fresh].flatMap(([name, fields]) => {
    const known = old.get(name)
    if (!known) return [`+ ${name} is new`]
    return changedFields(known, fields).map((change) => `~ ${name}: ${change}`)
  })
  const orders =
    before && removed.length + others.length === 0 && !isDeepStrictEqual(before, after)
      ? ['~ only the order in the files differs']
      : []
  return [...removed, ...others, ...orders]
}

function partsOf({ schedule, station }: StationFiles): Map<string, WrittenFields> {
  return new Map<string, WrittenFields>([
    ['station', { ...station, zone: schedule.zone }],
    ...schedule.programmes.map((programme) => [`programme ${programme.id}`, programmeFields(programme)] as const),
    ...schedule.channels.map((channel) => [`channel ${channel.id}`, channelFields(channel)] as const),
    ...schedule.slots.map((slot) => [`slot ${slot.id}`, { channel: slot.channel, ...slotFields(slot) }] as const),
  ])
}

function changedFields(before: WrittenFields, after: WrittenFields): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => `${key} ${wordsOf(before[key])} → ${wordsOf(after[key])}`)
}

function wordsOf(value: unknown): string {
  if (value === undefined) return '(not given)'
  const text = typeof value === 'string' ? `"${value}"` : stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
