import type { FastifyRequest } from 'fastify'
import { networkOf } from './secrets.ts'

/** Who may open a socket. */
export type DoorOptions = {
  /** Other sites whose pages may, as `https://example.com`; our own always may. */
  readonly allowedOrigins?: readonly string[]
  readonly socketsPerAddress?: number
  readonly sockets?: number
}

export type Doors = {
  /** Undefined, or why not: an HTTP status with a sentence. */
  refusal(request: FastifyRequest): { readonly status: number; readonly message: string } | undefined
  entered(address: string): void
  left(address: string): void
}

export function createDoors({ allowedOrigins = [], socketsPerAddress = 400, sockets = 20_000 }: DoorOptions): Doors {
  const byNetwork = new Map<string, number>()
  let all = 0
  const isForeign = ({ headers, host }: FastifyRequest): boolean => {
    const { origin } = headers
    // Programs send none; every browser does.
    if (origin === undefined || allowedOrigins.includes(origin)) return false
    return URL.parse(origin)?.host !== host
  }
  return {
    refusal(request) {
      if (isForeign(request)) return { status: 403, message: `Pages of ${request.headers.origin ?? ''} may not use this socket.` }
      if (all >= sockets) return { status: 503, message: `All ${sockets} sockets are taken.` }
      if ((byNetwork.get(networkOf(request.ip)) ?? 0) < socketsPerAddress) return undefined
      return { status: 429, message: `At most ${socketsPerAddress} sockets may come from one address.` }
    },
    entered(address) {
      all += 1
      byNetwork.set(networkOf(address), (byNetwork.get(networkOf(address)) ?? 0) + 1)
    },
    left(address) {
      all -= 1
      const rest = (byNetwork.get(networkOf(address)) ?? 1) - 1
      if (rest > 0) byNetwork.set(networkOf(address), rest)
      else byNetwork.delete(networkOf(address))
    },
  }
}
