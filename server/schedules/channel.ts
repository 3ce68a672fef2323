import type { Problem } from '#contract/problem.ts'
import type { Channel, Play, Recurrence, Slot } from '#core/schedule.ts'
import { anyText, fieldsOf, type Fields, type SourceFile } from './fields.ts'
import {
  cronRule,
  endPolicy,
  id,
  integer,
  language,
  length,
  localDateTime,
  localDay,
  mediaPath,
  oneOf,
  startPolicy,
} from './words.ts'

const CHANNEL_FIELDS = ['id', 'kind', 'name', 'strapline', 'language', 'frequency', 'mark', 'order', 'filler']
const SLOT_FIELDS = [
  ...['id', 'programme', 'title', 'description', 'cron', 'at', 'from', 'until', 'except'],
  ...['length', 'play', 'start', 'end', 'priority', 'repeat'],
]
const PLAY_FIELDS = ['file', 'folder', 'tag', 'newest', 'order']

type ChannelFile = { readonly channel: Channel; readonly slots: readonly Slot[]; readonly lines: readonly number[] }

export function readChannel(file: SourceFile, problems: Problem[]): ChannelFile {
  const top = fieldsOf(file, ['channel', 'slots'], problems)
  const fields = top.fields('channel', CHANNEL_FIELDS)
  const frequency = fields.optionalText('frequency')
  const channel: Channel = {
    id: fields.value('id', id),
    kind: fields.value('kind', oneOf('tv', 'radio')),
    name: fields.value('name', anyText),
    strapline: fields.optionalText('strapline') ?? '',
    language: fields.value('language', language),
    ...(frequency === undefined ? {} : { frequency }),
    mark: fields.value('mark', id),
    order: fields.value('order', integer(0, 9999)),
    filler: readPlay(fields, 'filler'),
  }
  const slots = top.list('slots', SLOT_FIELDS)
  return { channel, slots: slots.map((slot) => readSlot(slot, channel.id)), lines: slots.map((slot) => slot.line) }
}

function readSlot(fields: Fields, channel: string): Slot {
  const [title, description] = [fields.optionalText('title'), fields.optionalText('description')]
  return {
    id: fields.value('id', id),
    channel,
    programme: fields.value('programme', id),
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    when: readWhen(fields),
    durationSeconds: fields.value('length', length),
    play: readPlay(fields, 'play'),
    start: fields.value('start', startPolicy, { kind: 'hard' }),
    end: fields.value('end', endPolicy, { kind: 'cut' }),
    priority: fields.value('priority', integer(-100, 100), 0),
    isRepeat: fields.boolean('repeat', false),
  }
}

function readWhen(fields: Fields): Recurrence {
  if (fields.has('cron') && fields.has('at')) {
    fields.refuse('at', 'two-times', `${fields.path} must have cron or at; found both.`)
  }
  if (!fields.has('at')) return readCron(fields)
  for (const key of ['from', 'until', 'except']) {
    if (fields.has(key))
      fields.refuse(key, 'not-with-at', `${fields.path}.${key} must stand beside cron only; found it beside at.`)
  }
  return { kind: 'once', at: fields.value('at', localDateTime) }
}

function readCron(fields: Fields): Recurrence {
  const cron = fields.value('cron', cronRule(fields.optionalText('cron') ?? ''))
  const validFrom = fields.has('from') ? fields.value('from', localDay) : undefined
  const validUntil = fields.has('until') ? fields.value('until', localDay) : undefined
  if (validFrom !== undefined && validUntil !== undefined && validFrom > validUntil) {
    fields.refuse(
      'until',
      'ends-before-start',
      `${fields.path}.until must not be before from (${validFrom}); found "${validUntil}".`,
    )
  }
  return {
    kind: 'cron',
    cron,
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validUntil === undefined ? {} : { validUntil }),
    excluded: fields.values('except', localDay),
  }
}

function readPlay(owner: Fields, key: string): Play {
  const fields = owner.fields(key, PLAY_FIELDS)
  const kinds = (['file', 'folder', 'tag', 'newest'] as const).filter((kind) => fields.has(kind))
  const [kind] = kinds
  if (kinds.length !== 1 && owner.has(key)) {
    const found = kinds.length === 0 ? 'none of them' : kinds.join(' and ')
    owner.refuse(key, 'what-to-play', `${fields.path} must have one of file, folder, tag and newest; found ${found}.`)
  }
  const order = fields.value('order', oneOf('in-order', 'shuffle'), 'in-order')
  if (fields.has('order') && (kind === 'file' || kind === 'newest')) {
    fields.refuse('order', 'order-of-one', `${fields.path}.order must stand beside folder or tag; found it beside ${kind}.`)
  }
  switch (kind) {
    case 'folder':
      return { kind, path: fields.value('folder', mediaPath), order }
    case 'tag':
      return { kind, tag: fields.value('tag', anyText), order }
    case 'newest':
      return { kind, programme: fields.value('newest', id) }
    default:
      return { kind: 'file', path: kind === 'file' ? fields.value('file', mediaPath) : '' }
  }
}
