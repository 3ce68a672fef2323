/** Only one player of a device sounds: the tab that starts asks the others to pause. */
export type OneSound = {
  claim(): void
  stop(): void
}

export function oneSound(tab: string, onClaimed: () => void): OneSound {
  if (typeof BroadcastChannel === 'undefined') return { claim() {}, stop() {} }
  const channel = new BroadcastChannel('phat-song.sound')
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string' && data !== tab) onClaimed()
  }
  return {
    claim: () => channel.postMessage(tab),
    stop: () => channel.close(),
  }
}
