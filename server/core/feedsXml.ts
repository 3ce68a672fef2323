import { XMLBuilder } from 'fast-xml-parser'

/** A tree for the builder: `@name` is an attribute, `#text` the text; keys become elements in their order. */
export type XmlTree = { readonly [name: string]: XmlNode | readonly XmlNode[] | undefined }
export type XmlNode = string | number | XmlTree

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  // Else an attribute whose value is the word "true" loses its value, which is HTML and not XML.
  suppressBooleanAttributes: false,
})

/** Everything typed by people goes through here; the builder escapes, we take out what XML 1.0 cannot hold at all. */
export function xmlDocument(root: XmlTree, doctype = ''): string {
  const text = builder.build(legal(root))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${doctype === '' ? '' : `${doctype}\n`}${text}`
}

function legal(node: XmlNode | readonly XmlNode[] | undefined): unknown {
  if (typeof node === 'string') return xmlText(node)
  if (Array.isArray(node)) return node.map(legal)
  if (typeof node !== 'object') return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, legal(value)]),
  )
}

/** XML 1.0 §2.2: no control characters but tab and line ends, no lone surrogates, no U+FFFE and U+FFFF. */
export const xmlText = (text: string): string =>
  [...text.toWellFormed()]
    .filter((character) => {
      const code = character.codePointAt(0) ?? 0
      return code >= 0x20 ? code !== 0xfffe && code !== 0xffff : code === 0x09 || code === 0x0a || code === 0x0d
    })
    .join('')
