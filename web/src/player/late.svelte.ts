/** Something drawn only later: loaded when it is wanted for the first time. A try that failed (no network) is made again at the next wish. */
export class Late<T> {
  it = $state.raw<T | null>(null)
  readonly #load: () => Promise<T>
  #isLoading = false

  constructor(load: () => Promise<T>) {
    this.#load = load
  }

  want(): void {
    if (this.it || this.#isLoading) return
    this.#isLoading = true
    this.#load()
      .then((it) => (this.it = it))
      .catch(() => {})
      .finally(() => (this.#isLoading = false))
  }
}
