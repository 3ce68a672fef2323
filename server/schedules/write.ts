import { stringify } from 'yaml'
import type { Channel, Play, Programme, Schedule, Slot } from '#core/schedule.ts'
import type { SourceFile } from './fields.ts'
import type { StationRecord } from './store.ts'
import { endText, lengthText, startText } from './words.ts'

/** The files of a station, in the words of `schedules/README.md`; reading them gives the same schedule again. Comments are not kept. */
export function writeStationFiles(schedule: Schedule, station: StationRecord): SourceFile[] {
  return [
    { name: 'station.yaml', text: yamlOf({ ...station, zone: schedule.zone }) },
    { name: 'programmes.yaml', text: yamlOf({ programmes: schedule.programmes.map(programmeFields) }) },
    ...schedule.channels.map((channel) => ({
      name: `${channel.id}.yaml`,
      text: yamlOf({
        channel: channelFields(channel),
        slots: schedule.slots.filter((slot) => slot.channel === channel.id).map(slotFields),
      }),
    })),
  ]
}

const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 120, schema: 'core' })

/** What a file says about one thing, field by field, in the order of the manual. Absent fields have their defaults. */
export type WrittenFields = Readonly<Record<string, unknown>>

export const programmeFields = ({ id, title, description, language, category }: Programme): WrittenFields => ({
  id,
  title,
  ...(description ? { description } : {}),
  language,
  category,
})

export const channelFields = (channel: Channel): WrittenFields => ({
  id: channel.id,
  kind: channel.kind,
  name: channel.name,
  ...(channel.strapline ? { strapline: channel.strapline } : {}),
  language: channel.language,
  ...(channel.frequency === undefined ? {} : { frequency: channel.frequency }),
  mark: channel.mark,
  order: channel.order,
  filler: playFields(channel.filler),
})

export const slotFields = (slot: Slot): WrittenFields => ({
  id: slot.id,
  programme: slot.programme,
  ...(slot.title === undefined ? {} : { title: slot.title }),
  ...(slot.description === undefined ? {} : { description: slot.description }),
  ...whenFields(slot),
  length: lengthText(slot.durationSeconds),
  play: playFields(slot.play),
  ...(slot.start.kind === 'hard' ? {} : { start: startText(slot.start) }),
  ...(slot.end.kind === 'cut' ? {} : { end: endText(slot.end) }),
  ...(slot.priority === 0 ? {} : { priority: slot.priority }),
  ...(slot.isRepeat ? { repeat: true } : {}),
})

function whenFields({ when }: Slot): WrittenFields {
  if (when.kind === 'once') return { at: when.at }
  return {
    cron: when.cron,
    ...(when.validFrom === undefined ? {} : { from: when.validFrom }),
    ...(when.validUntil === undefined ? {} : { until: when.validUntil }),
    ...(when.excluded.length === 0 ? {} : { except: when.excluded }),
  }
}

function playFields(play: Play): WrittenFields {
  switch (play.kind) {
    case 'file':
      return { file: play.path }
    case 'folder':
      return { folder: play.path, order: play.order }
    case 'tag':
      return { tag: play.tag, order: play.order }
    case 'newest':
      return { newest: play.programme }
  }
}
