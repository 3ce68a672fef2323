import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Problem } from '#contract/problem.ts'

/**
 * Reads YAML field by field and notes every refusal with its file, line, field, rule and what was found. A field that is refused comes
 * back as a harmless value, so that one run finds everything that is wrong.
 */
export type Fields = {
  readonly path: string
  /** 1-based, of the first field. */
  readonly line: number
  has(key: string): boolean
  text(key: string, rule?: Rule<string>): string
  /** Undefined also where the text is empty. */
  optionalText(key: string): string | undefined
  /** A text that stands for something else: a length, a day, a policy. */
  value<T>(key: string, rule: Rule<T>, whenAbsent?: T): T
  values<T>(key: string, rule: Rule<T>): readonly T[]
  boolean(key: string, whenAbsent: boolean): boolean
  fields(key: string, known: readonly string[]): Fields
  list(key: string, known: readonly string[]): readonly Fields[]
  /** Notes a refusal of a field of this map. */
  refuse(key: string, code: string, message: string): void
}

/** `read` gives undefined for what the words in `must` do not allow; `fallback` goes on in its place. */
export type Rule<T> = { readonly must: string; readonly fallback: T; read(text: string): T | undefined }

export const anyText: Rule<string> = {
  must: 'be a text that is not empty',
  fallback: '',
  read: (text) => text.trim() || undefined,
}

export type SourceFile = { readonly name: string; readonly text: string }

export function fieldsOf(file: SourceFile, known: readonly string[], problems: Problem[]): Fields {
  const lines = new LineCounter()
  // Aliases are not followed without end, tags run no code: the core schema knows texts, numbers, booleans and null only.
  const document = parseDocument(file.text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    schema: 'core',
    uniqueKeys: false,
    merge: false,
  })
  for (const error of document.errors) {
    const [message = ''] = error.message.split(/ at line \d+/)
    problems.push({
      code: 'yaml-syntax',
      file: file.name,
      line: lines.linePos(error.pos[0]).line,
      message: `The file is not valid YAML: ${message}.`,
    })
  }
  const context: Context = { file: file.name, lines, problems }
  return fieldsOfMap(context, document.errors.length > 0 ? null : document.contents, '', known)
}

type Context = { readonly file: string; readonly lines: LineCounter; readonly problems: Problem[] }

function fieldsOfMap(context: Context, node: unknown, path: string, known: readonly string[]): Fields {
  const map = isMap(node) ? node : null
  const pathOf = (key: string) => (path ? `${path}.${key}` : key)
  const lineOf = (position: unknown) => {
    const offset = (position as Node | undefined)?.range?.[0]
    return offset === undefined ? undefined : context.lines.linePos(offset).line
  }
  const note = (code: string, fieldPath: string, message: string, position: unknown) => {
    const line = lineOf(position) ?? lineOf(map) ?? 1
    context.problems.push({ code, file: context.file, line, ...(fieldPath ? { path: fieldPath } : {}), message })
  }
  if (!map && context.problems.every((problem) => problem.code !== 'yaml-syntax' || problem.file !== context.file)) {
    note('not-a-map', path, `${path || 'The file'} must have fields (${known.join(', ')}); found ${foundIn(node)}.`, node)
  }
  const pairs = map ? pairsOf(map) : []
  for (const [index, { name, key }] of pairs.entries()) {
    if (pairs.findIndex((pair) => pair.name === name) < index) {
      note('repeated-field', pathOf(name), `${pathOf(name)} must be given once only; found again.`, key)
    }
    if (known.includes(name)) continue
    note('unknown-field', pathOf(name), `${pathOf(name)} is not a field here; the fields are ${known.join(', ')}.`, key)
  }
  const nodeOf = (key: string) => pairs.find(({ name }) => name === key)?.value
  const has = (key: string) => {
    const node = nodeOf(key)
    return node !== undefined && node !== null && !(isScalar(node) && node.value === null)
  }

  const read = <T>(node: unknown, fieldPath: string, rule: Rule<T>): T => {
    const text = textOf(node)
    const value = text === undefined ? undefined : rule.read(text)
    if (value !== undefined) return value
    note('bad-value', fieldPath, `${fieldPath} must ${rule.must}; found ${foundIn(node)}.`, node)
    return rule.fallback
  }
  const sequence = (key: string): readonly unknown[] => {
    const node = nodeOf(key)
    if (!has(key)) return []
    if (isSeq(node)) return node.items
    note('bad-value', pathOf(key), `${pathOf(key)} must be a list; found ${foundIn(node)}.`, node)
    return []
  }

  const fields: Fields = {
    path,
    line: lineOf(map) ?? 1,
    has,
    text: (key, rule = anyText) => fields.value(key, rule),
    optionalText: (key) => (has(key) && textOf(nodeOf(key))?.trim() !== '' ? read(nodeOf(key), pathOf(key), anyText) : undefined),
    value(key, rule, whenAbsent) {
      if (has(key)) return read(nodeOf(key), pathOf(key), rule)
      if (whenAbsent !== undefined) return whenAbsent
      if (map) note('missing-field', pathOf(key), `${pathOf(key)} is missing; it must ${rule.must}.`, map)
      return rule.fallback
    },
    values: (key, rule) => sequence(key).map((node, index) => read(node, `${pathOf(key)}[${index}]`, rule)),
    boolean: (key, whenAbsent) => fields.value(key, trueOrFalse, whenAbsent),
    fields(key, knownThere) {
      if (has(key)) return fieldsOfMap(context, nodeOf(key), pathOf(key), knownThere)
      if (map) note('missing-field', pathOf(key), `${pathOf(key)} is missing; its fields are ${knownThere.join(', ')}.`, map)
      return fieldsOfMap({ ...context, problems: [] }, null, pathOf(key), knownThere)
    },
    list: (key, knownThere) =>
      sequence(key).map((node, index) => fieldsOfMap(context, node, `${pathOf(key)}[${index}]`, knownThere)),
    refuse: (key, code, message) => note(code, pathOf(key), message, nodeOf(key) ?? map),
  }
  return fields
}

const trueOrFalse: Rule<boolean> = {
  must: 'be true or false',
  fallback: false,
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
}

type NamedPair = { readonly name: string; readonly key: unknown; readonly value: unknown }
const pairsOf = (map: YAMLMap): NamedPair[] =>
  map.items.map(({ key, value }: Pair<unknown, unknown>) => ({ name: textOf(key) ?? '', key, value }))

/** As written: `0212 3` keeps its zero and `2026-01-01` its dashes, whatever YAML would make of them. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined
  const text = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
  return text.normalize('NFC')
}

function foundIn(node: unknown): string {
  if (isMap(node)) return 'a map of fields'
  if (isSeq(node)) return 'a list'
  const text = textOf(node)
  return text === undefined ? 'nothing' : `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`
}
