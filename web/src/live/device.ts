import type { Keep } from './keep.ts'

/** 128 random bits as 22 letters, digits, `-` and `_`: what the socket's `device` and `tab` must look like. */
export function randomId(bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(16))): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

const DEVICE = 'phat-song.device'
const TAB = 'phat-song.tab'

/** Counts distinct devices for a day and cannot follow anyone longer: a new day (`YYYY-MM-DD`) makes a new id. */
export function deviceOf(keep: Keep, day: string, make: () => string = randomId): string {
  const [id, born] = (keep.get(DEVICE) ?? '').split(' ')
  if (id && born === day) return id
  const fresh = make()
  keep.set(DEVICE, `${fresh} ${day}`)
  return fresh
}

export function tabOf(keep: Keep, make: () => string = randomId): string {
  const known = keep.get(TAB)
  if (known) return known
  const fresh = make()
  keep.set(TAB, fresh)
  return fresh
}

/** The device's own calendar day. */
export function today(at: Date = new Date()): string {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}
