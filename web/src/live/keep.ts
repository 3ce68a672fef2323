/** Small remembered strings. Storage throws where a visitor forbids it; then they are remembered for this page only. */
export type Keep = {
  get(key: string): string | null
  set(key: string, value: string): void
}

export function createKeep(storage: () => Storage | undefined): Keep {
  const page = new Map<string, string>()
  const open = (): Storage | undefined => {
    try {
      return storage()
    } catch {
      return undefined
    }
  }
  return {
    get(key) {
      try {
        return open()?.getItem(key) ?? page.get(key) ?? null
      } catch {
        return page.get(key) ?? null
      }
    },
    set(key, value) {
      page.set(key, value)
      try {
        open()?.setItem(key, value)
      } catch {
        // Full or forbidden: the page's own copy serves.
      }
    },
  }
}

export const keepOnDevice = (): Keep => createKeep(() => globalThis.localStorage)
export const keepInTab = (): Keep => createKeep(() => globalThis.sessionStorage)
