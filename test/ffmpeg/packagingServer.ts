import { stdout } from 'node:process'
import type { TestContext } from 'node:test'
import { findTools } from './support.ts'
import { startMediaStation } from './stationOfMedia.ts'

/** A server that only packages, to be killed by a test: `node packagingServer.ts <folder>`. Prints `path state percent`. */
const [folder = ''] = process.argv.slice(2)
const context = { after: () => undefined } as unknown as TestContext
const { packager } = await startMediaStation(context, { folder, tools: await findTools(), forms: ['tv'] })
packager.onProgress(({ path, state, percent }) => stdout.write(`${path} ${state} ${percent}\n`))
