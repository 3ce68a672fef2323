import { getContext, onDestroy, setContext } from 'svelte'
import type { Live } from '../live/socket.svelte.ts'
import { Player } from './player.svelte.ts'

const KEY = Symbol('player')

/**
 * Once, while the part of the app that never goes away is made. The media element exists before any stage asks for it; on the server
 * there is none and all stages are drawn at rest.
 */
export function providePlayer(live: Live): Player {
  const player = setContext(KEY, new Player(live))
  if (typeof document !== 'undefined') onDestroy(player.start())
  return player
}
export const usePlayer = (): Player => getContext<Player>(KEY)
