/** What is needed only once something plays: one file, fetched while the media is on its way. */
export { default as Chips } from './Chips.svelte'
export { default as Controls } from './Controls.svelte'
export { default as Dock } from './Dock.svelte'
export { default as ShortcutDialog } from './ShortcutDialog.svelte'
export { default as Slate } from './Slate.svelte'
export { default as StatsOverlay } from './StatsOverlay.svelte'
export { startMediaSession } from './session.svelte.ts'
