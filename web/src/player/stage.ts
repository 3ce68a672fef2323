import type { Attachment } from 'svelte/attachments'
import { connectionOf } from './levels.ts'
import type { Player } from './player.svelte.ts'
import { STAGE_RANK } from './player.svelte.ts'

/** Calls back when a quarter of the node comes into view or leaves it. */
export const seen =
  (onChange: (isSeen: boolean) => void): Attachment<HTMLElement> =>
  (node) => {
    const observer = new IntersectionObserver(([entry]) => onChange((entry?.intersectionRatio ?? 0) >= 0.25), {
      threshold: [0, 0.25],
    })
    observer.observe(node)
    return () => observer.disconnect()
  }

export const heldBy =
  (player: Player): Attachment<HTMLElement> =>
  (node) =>
    player.hold(node, STAGE_RANK)

/** Pictures may begin by themselves unless the visitor asked for less data or less movement. */
export const mayStartUnasked = (): boolean =>
  connectionOf(navigator).saveData !== true && !matchMedia('(prefers-reduced-motion: reduce)').matches

/** Fetches the code that plays, and what is drawn around it, before they are needed; on the server there is nothing to prepare. */
export function prepare(player: Player): void {
  if (typeof document === 'undefined') return
  player.parts.want()
  void import('./hlsEngine.ts').catch(() => {})
}

/** The volume keys' step, and the arrows' on the slider. */
export const VOLUME_STEP = 0.05
