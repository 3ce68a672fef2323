/** What a browser may offer around the picture. */
export class Extras {
  captions = $state.raw<'none' | 'off' | 'on'>('none')
  isInPictureInPicture = $state.raw(false)
  #media: HTMLVideoElement | undefined

  attach(media: HTMLVideoElement, signal: AbortSignal): void {
    this.#media = media
    media.addEventListener('enterpictureinpicture', () => (this.isInPictureInPicture = true), { signal })
    media.addEventListener('leavepictureinpicture', () => (this.isInPictureInPicture = false), { signal })
    for (const name of ['addtrack', 'removetrack', 'change']) {
      media.textTracks.addEventListener(name, () => this.#captionsChanged(), { signal })
    }
  }

  get canPictureInPicture(): boolean {
    return typeof document !== 'undefined' && document.pictureInPictureEnabled
  }

  async togglePictureInPicture(): Promise<void> {
    try {
      if (document.pictureInPictureElement) await document.exitPictureInPicture()
      else if (this.canPictureInPicture) await this.#media?.requestPictureInPicture()
    } catch {
      // Refused by the browser or before the first picture: the button stays.
    }
  }

  toggleCaptions(): void {
    const track = this.#track()
    if (track) track.mode = track.mode === 'showing' ? 'disabled' : 'showing'
    this.#captionsChanged()
  }

  #track(): TextTrack | undefined {
    return [...(this.#media?.textTracks ?? [])].find(({ kind }) => kind === 'captions' || kind === 'subtitles')
  }

  #captionsChanged() {
    const track = this.#track()
    this.captions = track === undefined ? 'none' : track.mode === 'showing' ? 'on' : 'off'
  }
}
