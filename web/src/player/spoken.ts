import type { PlayerWords } from './words.ts'

/** `9 phút 40 giây` */
export function spanOf(seconds: number, words: PlayerWords): string {
  const whole = Math.max(0, Math.round(seconds))
  return words.span({ hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60), seconds: whole % 60 })
}
