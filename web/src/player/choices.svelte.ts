import type { Keep } from '../live/keep.ts'
import type { Quality } from './engine.ts'
import { recall, remember } from './remembered.ts'

/** What a visitor has chosen; remembered on the device. */
export class Choices {
  volume = $state.raw(1)
  isMuted = $state.raw(false)
  quality = $state.raw<Quality>('auto')
  isSoundOnly = $state.raw(false)
  /** The channel of the last visit. */
  channel = $state.raw<string | null>(null)
  #keep: Keep | undefined

  recallFrom(keep: Keep): void {
    this.#keep = keep
    Object.assign(this, recall(keep))
  }

  remember(): void {
    if (!this.#keep) return
    const { volume, isMuted, quality, isSoundOnly, channel } = this
    remember(this.#keep, { volume, isMuted, quality, isSoundOnly, channel })
  }
}
