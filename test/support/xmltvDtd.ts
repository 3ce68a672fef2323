import { XMLParser, XMLValidator } from 'fast-xml-parser'

/**
 * What xmltv.dtd demands of the elements that we write, said again by hand: children in order (`?` at most one, `*` any, `+` at least
 * one), and attributes (`!` required). An element that is not here may not occur.
 */
const MODEL: { readonly [element: string]: { readonly children: readonly string[]; readonly attributes: readonly string[] } } = {
  tv: {
    children: ['channel*', 'programme*'],
    attributes: ['date', 'source-info-url', 'source-info-name', 'source-data-url', 'generator-info-name', 'generator-info-url'],
  },
  channel: { children: ['display-name+', 'icon*', 'url*'], attributes: ['id!'] },
  programme: {
    children: [
      ...[
        'title+',
        'sub-title*',
        'desc*',
        'credits?',
        'date?',
        'category*',
        'keyword*',
        'language?',
        'orig-language?',
        'length?',
      ],
      ...[
        'icon*',
        'url*',
        'country*',
        'episode-num*',
        'video?',
        'audio?',
        'previously-shown?',
        'premiere?',
        'last-chance?',
        'new?',
      ],
      ...['subtitles*', 'rating*', 'star-rating*', 'review*', 'image*'],
    ],
    attributes: ['start!', 'stop', 'pdc-start', 'vps-start', 'showview', 'videoplus', 'channel!', 'clumpidx'],
  },
  'display-name': { children: [], attributes: ['lang'] },
  title: { children: [], attributes: ['lang'] },
  desc: { children: [], attributes: ['lang'] },
  category: { children: [], attributes: ['lang'] },
  language: { children: [], attributes: ['lang'] },
  length: { children: [], attributes: ['units!'] },
  url: { children: [], attributes: ['system'] },
  'previously-shown': { children: [], attributes: ['start', 'channel'] },
}

export type XmlElement = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** Throws when the text is not well-formed. */
export function parseXml(text: string): XmlElement {
  const verdict = XMLValidator.validate(text)
  if (verdict !== true) throw new Error(`line ${verdict.err.line}: ${verdict.err.msg}`)
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: true,
  })
  const nodes = parser.parse(text) as readonly Record<string, unknown>[]
  const root = nodes.map(elementOf).find((element) => element !== undefined && !element.name.startsWith('?'))
  if (!root) throw new Error('no element')
  return root
}

function elementOf(node: Record<string, unknown>): XmlElement | undefined {
  const name = Object.keys(node).find((key) => key !== ':@')
  if (name === undefined || name === '#text') return undefined
  const inner = node[name] as readonly Record<string, unknown>[]
  return {
    name,
    attributes: (node[':@'] ?? {}) as Record<string, string>,
    children: inner.flatMap((child) => elementOf(child) ?? []),
    text: inner.map((child) => String(child['#text'] ?? '')).join(''),
  }
}

/** Breaches of the document type, in words; none when valid. */
export function dtdFaults(element: XmlElement): string[] {
  const model = MODEL[element.name]
  if (!model) return [`<${element.name}> is unknown`]
  const faults: string[] = []
  for (const name of Object.keys(element.attributes))
    if (!model.attributes.includes(name) && !model.attributes.includes(`${name}!`))
      faults.push(`${element.name} has attribute ${name}`)
  for (const name of model.attributes)
    if (name.endsWith('!') && element.attributes[name.slice(0, -1)] === undefined) faults.push(`${element.name} lacks ${name}`)
  const pattern = new RegExp(`^${model.children.map(patternOf).join('')}$`)
  const order = element.children.map((child) => `<${child.name}>`).join('')
  if (!pattern.test(order)) faults.push(`${element.name} holds ${order || 'nothing'}`)
  return [...faults, ...element.children.flatMap(dtdFaults)]
}
const patternOf = (child: string) => (/[?*+]$/.test(child) ? `(?:<${child.slice(0, -1)}>)${child.slice(-1)}` : `(?:<${child}>)`)
