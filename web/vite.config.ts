import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { packed } from './packed.ts'

/** Drawn only once something plays, or on some of the pages one goes on to: nobody's first page waits for it. */
const LATER =
  /src.(?:player.(?:ControlButton|ChoiceMenu|QualityMenu|VolumeSlider|LiveButton)|parts.(?:AiringRows|ProgrammeCards|SearchForm|Choices))\b/

/** How long plugins take is for whoever works on the build, not for a first start. */
const QUIET = { pluginTimings: false }
const CLIENT = {
  input: ['src/entry-client.ts', 'src/theme-boot.ts'],
  // What several pages use travels in one file: thirty small ones take longer to ask for and pack worse.
  output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2, test: (id: string) => !LATER.test(id) }] } },
}

/** `vite build` writes what browsers load; `vite build --ssr src/entry-server.ts` what the server renders first paints with. */
export default defineConfig(({ isSsrBuild }) => ({
  root: import.meta.dirname,
  plugins: [svelte({ compilerOptions: { runes: true } }), ...(isSsrBuild ? [] : [packed()])],
  publicDir: isSsrBuild ? false : 'public',
  build: {
    target: 'es2023',
    outDir: isSsrBuild ? 'dist/server' : 'dist/client',
    emptyOutDir: true,
    manifest: !isSsrBuild,
    cssCodeSplit: false,
    // Masks of the hem stay files: a content security policy then needs no `data:`.
    assetsInlineLimit: 0,
    // hls.js is the one big chunk, and nothing waits for it.
    chunkSizeWarningLimit: 700,
    rolldownOptions: { checks: QUIET, ...(isSsrBuild ? {} : CLIENT) },
  },
  // One file, so that the server starts without resolving hundreds of modules.
  ssr: { noExternal: true },
}))
