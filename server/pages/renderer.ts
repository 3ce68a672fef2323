import { pathToFileURL } from 'node:url'
import type { PageRenderer } from './ports.ts'

/** Loads what `vite build --ssr` wrote, e.g. `web/dist/server/entry-server.js`. */
export async function loadRenderer(entryFile: string): Promise<PageRenderer> {
  const module: unknown = await import(pathToFileURL(entryFile).href)
  if (!isRenderer(module)) throw new TypeError(`${entryFile} does not export "render"`)
  return module
}

const isRenderer = (module: unknown): module is PageRenderer =>
  typeof module === 'object' && module !== null && 'render' in module && typeof module.render === 'function'
