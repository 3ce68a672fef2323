import type { Problem } from '#contract/problem.ts'
import { anyText, fieldsOf, type SourceFile } from './fields.ts'
import type { StationRecord } from './store.ts'
import { id, integer, language, link, localDay, zone } from './words.ts'

const FIELDS = [
  ...['name', 'strapline', 'zone', 'language', 'owner', 'licence', 'responsible', 'address', 'telephone', 'email'],
  ...['links', 'advertisements', 'visits'],
]

export function readStation(file: SourceFile, problems: Problem[]): { readonly zone: string; readonly station: StationRecord } {
  const fields = fieldsOf(file, FIELDS, problems)
  const optional = (key: string) => fields.optionalText(key) ?? ''
  const station: StationRecord = {
    name: fields.value('name', anyText),
    strapline: optional('strapline'),
    zone: fields.value('zone', zone),
    language: fields.value('language', language),
    owner: optional('owner'),
    licence: optional('licence'),
    responsible: fields
      .list('responsible', ['role', 'name'])
      .map((each) => ({ role: each.value('role', anyText), name: each.value('name', anyText) })),
    address: optional('address'),
    telephone: optional('telephone'),
    email: optional('email'),
    links: fields.list('links', ['group', 'links']).map((each) => ({
      group: each.value('group', anyText),
      links: each
        .list('links', ['title', 'url'])
        .map((one) => ({ title: one.value('title', anyText), url: one.value('url', link) })),
    })),
    advertisements: fields.list('advertisements', ['id', 'title', 'text', 'image', 'url']).map((each) => ({
      id: each.value('id', id),
      title: each.value('title', anyText),
      text: each.optionalText('text') ?? '',
      image: each.value('image', anyText),
      url: each.value('url', link),
    })),
    ...(fields.has('visits') ? { visits: readVisits() } : {}),
  }
  return { zone: station.zone, station }

  function readVisits() {
    const visits = fields.fields('visits', ['carriedOver', 'until'])
    return { carriedOver: visits.value('carriedOver', integer(0, 1e12)), until: visits.value('until', localDay) }
  }
}
