import type { HttpAnswer } from '../guide/hlsObserver.ts'

const TIMEOUT_MS = 15_000
const MAX_BYTES = 64 * 1024 * 1024

/** GET as a player sends it: compressed answers welcome, redirections followed and told, time and size bounded. */
export async function httpGet(url: string): Promise<HttpAnswer> {
  const response = await fetch(url, {
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      'user-agent': 'PhatSong-conform (bot)',
      origin: new URL(url).origin,
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await bounded(response),
    isRedirected: response.redirected,
  }
}

async function bounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BYTES) throw new Error(`${response.url} sends more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
