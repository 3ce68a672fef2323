import { spanOf } from './spoken.ts'
import type { Status } from './status.ts'
import type { PlayerWords } from './words.ts'

export type SlateAction = 'retry' | 'sound-only' | 'play'
export type Slate = {
  readonly title: string
  readonly text: string
  readonly actions: readonly { readonly action: SlateAction; readonly word: string }[]
}
export type SlateFacts = {
  readonly channel: { readonly name: string; readonly kind: 'tv' | 'radio' }
  /** Title of what opens the air again. */
  readonly opening: string | null
  readonly time: (at: number) => string
  readonly isSoundOnly: boolean
}

/** The words for a state that stops the picture; null where the picture speaks for itself. */
export function slateOf(status: Status, words: PlayerWords, facts: SlateFacts): Slate | null {
  const { channel, opening, time, isSoundOnly } = facts
  const retry = { action: 'retry', word: words.retryNow } as const
  const soundOnly = channel.kind === 'tv' && !isSoundOnly ? [{ action: 'sound-only', word: words.soundOnly } as const] : []
  switch (status.kind) {
    case 'retrying': {
      const hint = soundOnly.length > 0 ? ` ${words.soundHint}` : ''
      return {
        title: channel.kind === 'tv' && !isSoundOnly ? words.unstable : words.unstableSound,
        text: (status.seconds > 0 ? words.retryIn(status.seconds) : words.retrying) + hint,
        actions: [...soundOnly, retry],
      }
    }
    case 'offline':
      return { title: words.offline, text: words.offlineHint, actions: [retry] }
    case 'off-air':
      return {
        title: status.until === null ? words.offAir(channel.name) : words.offAirUntil(channel.name, time(status.until)),
        text: [opening === null ? '' : words.offAirOpens(opening), words.offAirHint].filter(Boolean).join(' '),
        actions: [],
      }
    case 'blocked':
      if (status.what === 'sound') return null
      return { title: words.blocked, text: words.blockedHint, actions: [{ action: 'play', word: words.play }] }
    case 'unsupported':
      return status.what === 'browser'
        ? { title: words.unsupportedBrowser, text: words.unsupportedBrowserHint, actions: [] }
        : { title: words.unsupportedCodec, text: words.unsupportedCodecHint, actions: soundOnly }
    case 'ended':
      return { title: words.ended, text: '', actions: [{ action: 'play', word: words.goLive }] }
    case 'idle':
    case 'connecting':
    case 'playing':
    case 'buffering':
    case 'paused':
    case 'behind':
      return null
    default:
      return status satisfies never
  }
}

/** The same in one or two words, for the dock and the radio stage. */
export function statusWordOf(status: Status, words: PlayerWords): string | null {
  switch (status.kind) {
    case 'connecting':
      return words.connecting
    case 'buffering':
      return words.buffering
    case 'paused':
      return words.paused
    case 'behind':
      return words.behind(spanOf(status.seconds, words))
    case 'retrying':
      return status.seconds > 0 ? words.retryIn(status.seconds) : words.retrying
    case 'offline':
      return words.offline
    case 'unsupported':
      return status.what === 'browser' ? words.unsupportedBrowser : words.unsupportedCodec
    case 'blocked':
      return status.what === 'playback' ? words.blocked : null
    case 'ended':
      return words.ended
    case 'off-air':
    case 'idle':
    case 'playing':
      return null
    default:
      return status satisfies never
  }
}
