import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { systemClock } from '../clock.ts'
import { openStation } from './station.ts'
import { configFrom } from '../config.ts'
import { StationError } from '../errors.ts'

const root = join(import.meta.dirname, '../..')

const isTaken = (error: unknown): error is Error & { readonly port: number } =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

try {
  const config = configFrom(process.env, root)
  const station = await openStation({
    config,
    clock: systemClock,
    root,
    searchPath: process.env['PATH'] ?? '',
    print: (line) => console.log(line),
  })
  closeWithGrace({ delay: 10_000 }, async ({ err }) => {
    if (err) console.error(err)
    await station.close()
  })
  await station.app.listen({ host: config.host, port: config.port })
  const address = station.app.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  console.log(`${station.name} đang lên sóng: http://localhost:${port}/`)
} catch (error) {
  // A refusal says all there is to say; only a fault of ours needs a stack.
  console.error(
    error instanceof StationError
      ? `${error.message}\n(${error.code}, docs/errors.md)`
      : isTaken(error)
        ? `PORT ${String(error.port)} is taken by another program of this machine; end that, or set PORT to another.`
        : error,
  )
  process.exit(1)
}
