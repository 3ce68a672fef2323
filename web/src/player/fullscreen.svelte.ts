import type { Player } from './player.svelte.ts'

/** iPhones give full screen to videos only, and only by this name. */
type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?(): void }

export function fullscreenOf(player: Player) {
  let isOn = $state(false)
  $effect(() => {
    const changed = () => (isOn = document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', changed)
    return () => document.removeEventListener('fullscreenchange', changed)
  })
  return {
    get isOn() {
      return isOn
    },
    toggle(stage: HTMLElement) {
      if (document.fullscreenElement) return void document.exitFullscreen()
      if (document.fullscreenEnabled) return void stage.requestFullscreen().catch(() => {})
      const media: PhoneVideo | undefined = player.media
      media?.webkitEnterFullscreen?.()
    },
  }
}
