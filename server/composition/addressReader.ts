import type { IncomingMessage } from 'node:http'
import proxyAddress from '@fastify/proxy-addr'

/** The visitor's address as Fastify's `request.ip` has it, for requests that never reach Fastify: believed are only the named proxies. */
export function addressReader(trustProxy: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = trustProxy.length > 0 ? proxyAddress.compile([...trustProxy]) : () => false
  return (request) => proxyAddress(request, isTrusted)
}
