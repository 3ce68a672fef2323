import { createHash } from 'node:crypto'
import { initFactsOf, segmentFactsOf, type InitFacts } from '#core/conformanceBoxes.ts'
import { resolved, type Answer, type Observation } from '#core/conformanceHistory.ts'
import { parsePlaylist, type ListedSegment, type MediaPlaylist, type Playlist } from '#core/conformancePlaylist.ts'
import type { Instant } from '#core/time.ts'

export type HttpAnswer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Decoded: without its content encoding. */
  readonly body: Uint8Array
  readonly isRedirected: boolean
}
export type ObserverNeeds = {
  /** Rejects when there is no answer at all; that counts as status 0. */
  get(url: string): Promise<HttpAnswer>
  now(): Instant
}
export type HlsObserver = {
  /** Asks for every playlist once and for the segments that are new in them, as a player would. */
  round(): Promise<void>
  observations(): readonly Observation[]
  /** Lets go of what is older, but for what later checks need. */
  forget(before: Instant): void
  /** How often a player would reload, by the playlists seen so far. */
  reloadMs(): number
}

const MAX_PLAYLISTS = 24
const FIRST_SEGMENTS = 3
const SEGMENTS_PER_ROUND = 12

type Watched = {
  readonly url: string
  /** Addresses that were fetched, in order. */
  readonly fetched: Set<string>
  listed: readonly string[]
  targetSeconds: number
}

/** Watches one HLS address, multivariant or media. */
export function createHlsObserver(url: string, { get, now }: ObserverNeeds): HlsObserver {
  let observations: Observation[] = []
  const watched = new Map<string, Watched>()
  const inits = new Map<string, InitFacts | undefined>()
  let rounds = 0

  async function ask(address: string): Promise<Answer & { readonly body: Uint8Array }> {
    const at = now()
    const answer = await get(address).catch((): HttpAnswer => ({
      status: 0,
      headers: {},
      body: new Uint8Array(),
      isRedirected: false,
    }))
    return { at, tookMs: now() - at, url: address, ...answer }
  }

  async function playlistAt(address: string): Promise<Playlist | undefined> {
    const { body, ...answer } = await ask(address)
    // Keep a byte order mark: the checker looks for it.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
    observations.push({ ...answer, kind: 'playlist', text })
    return answer.status === 200 ? parsePlaylist(text) : undefined
  }

  async function initAt(address: string): Promise<void> {
    if (inits.has(address)) return
    inits.set(address, undefined)
    const { body, ...answer } = await ask(address)
    const facts = initFactsOf(body)
    // An init section that did not come is asked for again in the next round.
    if (answer.status === 200) inits.set(address, facts)
    else inits.delete(address)
    observations.push({ ...answer, kind: 'init', ...measured(body), ...(facts && { facts }) })
  }

  async function segmentAt(address: string, initUrl: string | undefined): Promise<void> {
    const { body, ...answer } = await ask(address)
    const init = initUrl === undefined ? undefined : inits.get(initUrl)
    const facts = init && segmentFactsOf(body, init)
    observations.push({
      ...answer,
      kind: 'segment',
      ...measured(body),
      ...(init && initUrl !== undefined && { initUrl }),
      ...(facts && { facts }),
    })
  }

  async function watch(one: Watched, isSpotCheck: boolean): Promise<void> {
    const playlist = await playlistAt(one.url)
    if (playlist?.kind !== 'media') return
    const before = one.listed
    const segments = playlist.segments.filter((segment) => segment.byteRange === undefined && !segment.isGap)
    one.listed = segments.map((segment) => resolved(segment.uri, one.url))
    one.targetSeconds = playlist.targetSeconds ?? one.targetSeconds
    for (const segment of newOf(one, segments, playlist)) {
      const address = resolved(segment.uri, one.url)
      const initUrl = initUrlOf(segment, playlist, one.url)
      if (initUrl !== undefined) await initAt(initUrl)
      await segmentAt(address, initUrl)
      one.fetched.add(address)
    }
    if (!isSpotCheck) return
    // What is listed must stay the same, and what just left must still be there (RFC 8216 §6.2.2).
    const fetched = one.listed.filter((address) => one.fetched.has(address))
    const again = fetched[rounds % Math.max(1, fetched.length)]
    const removed = before.find((address) => !one.listed.includes(address))
    for (const address of [again, removed]) if (address !== undefined) await segmentAt(address, undefined)
    for (const address of one.fetched) if (!one.listed.includes(address)) one.fetched.delete(address)
  }

  return {
    async round() {
      if (rounds % 10 === 0 || watched.size === 0) {
        const top = await playlistAt(url)
        for (const address of top ? addressesOf(top, url).slice(0, MAX_PLAYLISTS) : [])
          if (!watched.has(address)) watched.set(address, { url: address, fetched: new Set(), listed: [], targetSeconds: 6 })
      }
      const spot = rounds % Math.max(1, watched.size)
      await Promise.all([...watched.values()].map((one, index) => watch(one, rounds > 0 && index === spot)))
      rounds += 1
    },
    observations: () => observations,
    forget(before) {
      const lastPlaylists = new Map(observations.filter((one) => one.kind === 'playlist').map((one) => [one.url, one]))
      observations = observations.filter((one) => one.at >= before || one.kind === 'init' || lastPlaylists.get(one.url) === one)
    },
    reloadMs: () => 1000 * Math.max(0.5, Math.min(...[...watched.values()].map((one) => one.targetSeconds), 10)),
  }
}

const measured = (body: Uint8Array) => ({
  sizeBytes: body.byteLength,
  digest: createHash('sha256').update(body).digest('hex'),
})

function addressesOf(playlist: Playlist, base: string): string[] {
  if (playlist.kind === 'media') return [base]
  const uris = [
    ...playlist.variants.map((one) => one.uri),
    ...playlist.renditions.flatMap((one) => one.attributes.get('URI') ?? []),
  ]
  return [...new Set(uris.map((uri) => resolved(uri, base)))].filter((address) => /^https?:/.test(address))
}

/** At first the newest few, as a player that starts; later all that came since. A finished list is walked from its start. */
function newOf(one: Watched, segments: readonly ListedSegment[], playlist: MediaPlaylist): readonly ListedSegment[] {
  const unknown = segments.filter((segment) => !one.fetched.has(resolved(segment.uri, one.url)))
  if (playlist.hasEndList) return unknown.slice(0, SEGMENTS_PER_ROUND)
  const lastKnown = segments.findLastIndex((segment) => one.fetched.has(resolved(segment.uri, one.url)))
  if (lastKnown < 0) return segments.slice(-FIRST_SEGMENTS)
  return segments.slice(lastKnown + 1).slice(-SEGMENTS_PER_ROUND)
}

/** Undefined where the boxes cannot be read: not fragmented MP4, a part of a file, or encrypted as a whole. */
function initUrlOf(segment: ListedSegment, { tags }: MediaPlaylist, base: string): string | undefined {
  const isEncrypted = tags.some((tag) => tag.name === '#EXT-X-KEY' && tag.attributes.get('METHOD') === 'AES-128')
  if (segment.map === undefined || segment.map.includes('#') || isEncrypted) return undefined
  return resolved(segment.map, base)
}
