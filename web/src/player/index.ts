/**
 * The player for the rest of the web app.
 *
 * - `providePlayer(site.live)` once in the app component (after `provideSite`), outside everything that is routed.
 * - `<Player channel={…} />` where a page has its stage: TV as a 16:9 picture with controls, radio as the woven wave with controls.
 *   The page draws channel rail (and for TV title and description) around it. `variant="embed"` fills its frame and links to the station.
 * - `player.parts.it?.Dock` once in the app component, after the page: shows itself whenever something plays away from its stage.
 * - `loadStageOf(view)` before a page is shown, so that its stage is drawn at once.
 * - `usePlayer()` for buttons elsewhere: `player.play(channel)`, `player.toggle(channel)`, `player.startOver(entry.from, channel)`,
 *   `player.channel`, `player.status`, `player.isWanted`.
 */
export { providePlayer, usePlayer } from './context.ts'
export { default as Player } from './Player.svelte'
export { loadStage, loadStageOf } from './stages.ts'
export type { Player as PlayerStore } from './player.svelte.ts'
export type { Status } from './status.ts'
