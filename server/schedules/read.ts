import type { Problem } from '#contract/problem.ts'
import type { Channel, Programme, Schedule, Slot } from '#core/schedule.ts'
import { readChannel } from './channel.ts'
import { anyText, fieldsOf, type SourceFile } from './fields.ts'
import { readStation } from './station.ts'
import type { StationRecord } from './store.ts'
import { id, language } from './words.ts'

export type StationFiles = { readonly schedule: Schedule; readonly station: StationRecord }
export type ReadOutcome =
  { readonly ok: true; readonly value: StationFiles } | { readonly ok: false; readonly problems: readonly Problem[] }

/** Where a slot was written, so that later findings can point there. */
export type SlotPlace = { readonly file: string; readonly line: number }

const STATION = 'station.yaml'
const PROGRAMMES = 'programmes.yaml'

/** `station.yaml`, `programmes.yaml` and one file per channel → what the editors wrote, or everything that is wrong with it. */
export function readStationFiles(files: readonly SourceFile[]): ReadOutcome {
  const problems: Problem[] = []
  const fileNamed = (name: string): SourceFile => {
    const found = files.find((file) => file.name === name)
    if (!found) problems.push({ code: 'missing-file', file: name, message: `${name} is missing; every station needs one.` })
    return found ?? { name, text: '' }
  }
  const before = problems.length
  const stationFile = fileNamed(STATION)
  const programmesFile = fileNamed(PROGRAMMES)
  if (problems.length > before) return { ok: false, problems }

  const { zone, station } = readStation(stationFile, problems)
  const programmes = readProgrammes(programmesFile, problems)
  const channels = files
    .filter((file) => file !== stationFile && file !== programmesFile)
    .map((file) => ({ file, ...readChannel(file, problems) }))
    .sort((a, b) => a.channel.order - b.channel.order || (a.channel.id < b.channel.id ? -1 : 1))
  if (channels.length === 0) {
    problems.push({
      code: 'missing-file',
      message: 'There is no channel; a station needs one file per channel beside station.yaml.',
    })
  }
  refuseRepeatedIds(channels, problems)
  refuseUnknownProgrammes(channels, programmes, problems)
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    value: {
      schedule: {
        zone,
        programmes,
        channels: channels.map(({ channel }) => channel),
        slots: channels.flatMap(({ slots }) => slots),
      },
      station,
    },
  }
}

function readProgrammes(file: SourceFile, problems: Problem[]): Programme[] {
  const seen = new Set<string>()
  return fieldsOf(file, ['programmes'], problems)
    .list('programmes', ['id', 'title', 'description', 'language', 'category'])
    .map((fields) => {
      const programme = {
        id: fields.value('id', id),
        title: fields.value('title', anyText),
        description: fields.optionalText('description') ?? '',
        language: fields.value('language', language),
        category: fields.value('category', id),
      }
      if (programme.id && seen.has(programme.id)) {
        fields.refuse('id', 'repeated-id', `${fields.path}.id must be given once only; found "${programme.id}" again.`)
      }
      seen.add(programme.id)
      return programme
    })
}

type ReadChannel = {
  readonly file: SourceFile
  readonly channel: Channel
  readonly slots: readonly Slot[]
  readonly lines: readonly number[]
}

function refuseRepeatedIds(channels: readonly ReadChannel[], problems: Problem[]): void {
  const channelFiles = new Map<string, string>()
  const slotFiles = new Map<string, string>()
  for (const { file, channel, slots, lines } of channels) {
    const other = channelFiles.get(channel.id)
    if (channel.id && other !== undefined) {
      problems.push({
        code: 'repeated-id',
        file: file.name,
        path: 'channel.id',
        line: 1,
        message: `channel.id must be the channel's own; found "${channel.id}", which ${other} has too.`,
      })
    }
    channelFiles.set(channel.id, file.name)
    for (const [index, slot] of slots.entries()) {
      const place = slotFiles.get(slot.id)
      if (slot.id && place !== undefined) {
        problems.push({
          code: 'repeated-id',
          file: file.name,
          line: lines[index] ?? 1,
          path: `slots[${index}].id`,
          message: `slots[${index}].id must be the slot's own in the whole station; found "${slot.id}", which ${place} has too.`,
        })
      }
      slotFiles.set(slot.id, file.name)
    }
  }
}

function refuseUnknownProgrammes(channels: readonly ReadChannel[], programmes: readonly Programme[], problems: Problem[]): void {
  const known = new Set(programmes.map((programme) => programme.id))
  for (const { file, slots, lines } of channels) {
    for (const [index, slot] of slots.entries()) {
      const named = [
        { path: `slots[${index}].programme`, programme: slot.programme },
        ...(slot.play.kind === 'newest' ? [{ path: `slots[${index}].play.newest`, programme: slot.play.programme }] : []),
      ]
      for (const { path, programme } of named) {
        if (programme === '' || known.has(programme)) continue
        problems.push({
          code: 'unknown-programme',
          file: file.name,
          line: lines[index] ?? 1,
          path,
          message: `${path} must be the id of a programme in ${PROGRAMMES}; found "${programme}".`,
        })
      }
    }
  }
}
