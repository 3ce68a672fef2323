import type { ServerMessage } from '#contract/socket.ts'

const TYPES: readonly string[] = ['welcome', 'audience', 'now-playing', 'packaging'] satisfies ServerMessage['type'][]

/** A frame of our own server; anything else (an older or newer server, a proxy's page) is ignored. */
export function serverMessageOf(frame: unknown): ServerMessage | null {
  if (typeof frame !== 'string') return null
  try {
    const message: unknown = JSON.parse(frame)
    if (typeof message !== 'object' || message === null || !('type' in message)) return null
    return TYPES.includes(String(message.type)) ? (message as ServerMessage) : null
  } catch {
    return null
  }
}

/** `ws:` or `wss:` as the page itself was loaded. */
export function socketAddressOf(address: string, page: string): string {
  const url = new URL(address, page)
  url.protocol = url.protocol.replace('http', 'ws')
  return url.href
}
