export type Theme = 'system' | 'light' | 'dark'
const ORDER: readonly Theme[] = ['system', 'light', 'dark']
const isTheme = (value: unknown): value is Theme => ORDER.some((theme) => theme === value)

/** Follows the system until the visitor chooses; `theme-boot.ts` applies the choice before the first paint. */
export class ThemeChoice {
  chosen = $state<Theme>('system')

  get next(): Theme {
    return ORDER[(ORDER.indexOf(this.chosen) + 1) % ORDER.length] ?? 'system'
  }

  /** After hydration, because the server does not know the choice. */
  restore(): void {
    const theme = document.documentElement.dataset['theme']
    this.chosen = isTheme(theme) ? theme : 'system'
  }

  choose(theme: Theme): void {
    this.chosen = theme
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    try {
      if (theme === 'system') localStorage.removeItem('theme')
      else localStorage.setItem('theme', theme)
    } catch {
      // Storage is forbidden: the choice lasts as long as the page.
    }
  }
}
