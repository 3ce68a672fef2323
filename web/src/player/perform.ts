import type { Player } from './player.svelte.ts'
import { VOLUME_STEP } from './stage.ts'
import { commandOf, type Command } from './shortcuts.ts'

export type Stage = { toggleFullscreen(): void; showHelp(): void }

/** Keys work while the focus is in the player (WCAG 2.1.4); what a focused control does with a key itself comes first. */
export function keyPressed(event: KeyboardEvent, player: Player, stage: Stage): void {
  const command = event.defaultPrevented ? null : commandOf(event)
  if (command === null || !mayTake(event)) return
  event.preventDefault()
  perform(command, player, stage)
}

function mayTake({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return true
  if (target.closest('input, textarea, select, [contenteditable], dialog, [role="menu"]')) return false
  return key !== ' ' || target.closest('button, a') === null
}

export function perform(command: Command, player: Player, stage: Stage): void {
  switch (command) {
    case 'play':
      return player.toggle()
    case 'mute':
      return player.toggleMute()
    case 'fullscreen':
      return stage.toggleFullscreen()
    case 'back':
      return player.deck.seekBack(10)
    case 'forward':
      return player.deck.seekForward(10)
    case 'live':
      return player.deck.goLive()
    case 'louder':
      return player.setVolume(player.choices.volume + VOLUME_STEP)
    case 'quieter':
      return player.setVolume(player.choices.volume - VOLUME_STEP)
    case 'captions':
      return player.extras.toggleCaptions()
    case 'picture-in-picture':
      return void player.extras.togglePictureInPicture()
    case 'help':
      return stage.showHelp()
    default:
      return command satisfies never
  }
}
