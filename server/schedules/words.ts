import { compileCron } from '#core/cron.ts'
import { dayOfText, isZone, wallOfText } from '#core/localTime.ts'
import type { EndPolicy, StartPolicy } from '#core/schedule.ts'
import type { Rule } from './fields.ts'

/** How lengths, policies, days and names are written in schedule files; each with the way back. */

export const DAY_SECONDS = 86_400

/** `45s`, `30m`, `1h30m` → seconds. */
export function secondsOf(text: string): number | undefined {
  const match = /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(text)
  if (!match || text === '') return undefined
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)
}

export function lengthText(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  const text = `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${rest ? `${rest}s` : ''}`
  return text || '0s'
}

export const length: Rule<number> = {
  must: 'be a length from 1s to 24h, such as 45s, 30m or 1h30m',
  fallback: 60,
  read: (text) => within(secondsOf(text), 1, DAY_SECONDS),
}

export const startPolicy: Rule<StartPolicy> = {
  must: 'be "hard", "soft" with how long it may wait (such as soft 120s) or "after-previous"',
  fallback: { kind: 'hard' },
  read(text) {
    if (text === 'hard' || text === 'after-previous') return { kind: text }
    const withinSeconds = secondsAfter('soft', text)
    return withinSeconds === undefined ? undefined : { kind: 'soft', withinSeconds }
  },
}
export const startText = (start: StartPolicy): string =>
  start.kind === 'soft' ? `soft ${lengthText(start.withinSeconds)}` : start.kind

export const endPolicy: Rule<EndPolicy> = {
  must: 'be "cut", "run-over" with how long it may (such as run-over 60s) or "fill"',
  fallback: { kind: 'cut' },
  read(text) {
    if (text === 'cut' || text === 'fill') return { kind: text }
    const upToSeconds = secondsAfter('run-over', text)
    return upToSeconds === undefined ? undefined : { kind: 'run-over', upToSeconds }
  },
}
export const endText = (end: EndPolicy): string =>
  end.kind === 'run-over' ? `run-over ${lengthText(end.upToSeconds)}` : end.kind

export const id: Rule<string> = {
  must: 'be made of lower-case letters a–z, digits and single hyphens, at most 64 signs (it stands in addresses)',
  fallback: '',
  read: (text) => (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text) && text.length <= 64 ? text : undefined),
}

export const zone: Rule<string> = {
  must: 'be the name of a time zone such as Asia/Ho_Chi_Minh',
  fallback: 'UTC',
  read: (text) => (isZone(text) ? text : undefined),
}

export const language: Rule<string> = {
  must: 'be a language tag such as vi, en or blt',
  fallback: 'vi',
  read: (text) => (/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(text) ? text : undefined),
}

export const localDay: Rule<string> = {
  must: 'be a day that exists, as YYYY-MM-DD',
  fallback: '2000-01-01',
  read: (text) => (dayOfText(text) === null ? undefined : text),
}

export const localDateTime: Rule<string> = {
  must: 'be a day and time that exist, as YYYY-MM-DDTHH:mm or YYYY-MM-DDTHH:mm:ss in station time',
  fallback: '2000-01-01T00:00',
  read: (text) => (wallOfText(text) === null ? undefined : text),
}

/** croner says what is wrong with the fields; the words come from there. */
export const cronRule = (text: string): Rule<string> => {
  const compiled = compileCron(text)
  return {
    must: compiled.ok ? 'be a cron expression' : `be a cron expression: it ${compiled.message.replace(/; found .*$/, '')}`,
    fallback: '0 0 * * *',
    read: (found) => (compileCron(found).ok ? found.trim().replace(/\s+/g, ' ') : undefined),
  }
}

/** A path below `media/`: what is typed never leaves it. */
export const mediaPath: Rule<string> = {
  must: 'be a path below media/ with "/" between folders, without "..", "." or a leading "/"',
  fallback: 'x',
  read(text) {
    const path = text.replace(/\/$/, '')
    const isOdd = path === '' || /[\u0000-\u001f\u007f\\]/.test(path)
    return isOdd || path.split('/').some((part) => part === '' || part === '.' || part === '..') ? undefined : path
  },
}

export const integer = (least: number, most: number): Rule<number> => ({
  must: `be a whole number from ${least} to ${most}`,
  fallback: least,
  read: (text) => (/^[+-]?\d+$/.test(text) ? within(Number(text), least, most) : undefined),
})

export const oneOf = <T extends string>(first: T, ...others: readonly T[]): Rule<T> => ({
  must: `be ${[first, ...others].join(' or ')}`,
  fallback: first,
  read: (text) => [first, ...others].find((option) => option === text),
})

export const link: Rule<string> = {
  must: 'be an address that begins with https://, http:// or /',
  fallback: '/',
  read: (text) => (/^(?:https?:\/\/[^\s"<>]+|\/(?!\/)[^\s"<>]*)$/.test(text) ? text : undefined),
}

const secondsAfter = (word: string, text: string): number | undefined =>
  text.startsWith(`${word} `) ? within(secondsOf(text.slice(word.length + 1).trim()), 0, DAY_SECONDS) : undefined

const within = (value: number | undefined, least: number, most: number): number | undefined =>
  value !== undefined && least <= value && value <= most ? value : undefined
