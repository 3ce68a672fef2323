/**
 * The station's time of day in the page. Server and browser first render the same instant; then it ticks with the second hand. A
 * device whose clock is wrong (or a station in rehearsal) is corrected by what the server says.
 */
const TOLERATED_MS = 2_000

export class StationClock {
  now = $state(0)
  #offsetMs = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(at: number) {
    this.now = at
  }

  /** The server's clock minus this device's. */
  correct(offsetMs: number): void {
    this.#offsetMs = Math.abs(offsetMs) > TOLERATED_MS ? offsetMs : 0
  }

  start(): () => void {
    this.correct(this.now - Date.now())
    const tick = () => {
      this.now = Date.now() + this.#offsetMs
      this.#timer = setTimeout(tick, 1000 - (this.now % 1000))
    }
    const wake = () => {
      if (document.visibilityState !== 'visible') return
      clearTimeout(this.#timer)
      tick()
    }
    this.#timer = setTimeout(tick, 1000 - (this.now % 1000))
    document.addEventListener('visibilitychange', wake)
    return () => {
      clearTimeout(this.#timer)
      document.removeEventListener('visibilitychange', wake)
    }
  }
}
