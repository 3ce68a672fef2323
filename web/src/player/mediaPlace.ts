/**
 * One media element for the whole visit. It moves between places (stage, dock, and a parking place when there is neither) and never
 * restarts: a media element that is taken out and put back within one task keeps playing (HTML, "removing steps": it pauses only when
 * it is still out of the document at the next stable state), and `moveBefore` keeps even its fullscreen and picture in picture.
 */
export type MediaPlace = {
  readonly media: HTMLVideoElement
  /** Takes the element here while no place of a higher rank wants it; the returned function gives it up. */
  hold(node: HTMLElement, rank: number): () => void
  remove(): void
}

type Holder = { readonly node: HTMLElement; readonly rank: number }

export function createMediaPlace(onPlaced: (rank: number) => void): MediaPlace {
  const media = document.createElement('video')
  media.playsInline = true
  media.preload = 'auto'
  media.disableRemotePlayback = false
  media.tabIndex = -1
  media.dataset['air'] = ''
  Object.assign(media.style, { display: 'block', width: '100%', height: '100%', objectFit: 'contain', background: '#000' })

  const parking = document.createElement('div')
  parking.setAttribute('aria-hidden', 'true')
  Object.assign(parking.style, {
    position: 'fixed',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    bottom: '0',
  })
  document.body.append(parking)
  parking.append(media)

  let holders: readonly Holder[] = []
  const place = () => {
    const best = holders.reduce<Holder | null>((top, one) => (top === null || one.rank > top.rank ? one : top), null)
    const target = best?.node ?? parking
    if (media.parentElement !== target) moveInto(target, media)
    onPlaced(best?.rank ?? 0)
  }

  return {
    media,
    hold(node, rank) {
      const holder = { node, rank }
      holders = [...holders, holder]
      place()
      return () => {
        holders = holders.filter((one) => one !== holder)
        place()
      }
    },
    remove() {
      media.remove()
      parking.remove()
    },
  }
}

type Mover = { moveBefore?(node: Node, before: Node | null): void }

function moveInto(target: HTMLElement, node: HTMLElement): void {
  try {
    const mover = target as Mover
    if (mover.moveBefore && node.isConnected && target.isConnected) return mover.moveBefore(node, null)
  } catch {
    // Refused between documents or by an older draft of moveBefore.
  }
  target.append(node)
}
