import { resolved, type Observation, type Presentation } from './conformanceHistory.ts'
import { eachStep, told, type Breach, type Rule } from './conformanceRule.ts'

/** Rules about addresses, statuses and headers. */
export const DELIVERY_RULES: readonly Rule[] = [
  answer('playlist-unavailable', 'RFC 8216 §6.2.1', 'must', (one) => {
    return one.kind === 'playlist' && one.status !== 200 && `a playlist is answered with status ${one.status}`
  }),
  {
    code: 'segment-unavailable',
    clause: 'RFC 8216 §6.2.1',
    severity: 'must',
    *check(presentation) {
      const removals = removalsOf(presentation)
      for (const one of presentation.answers)
        if (one.kind === 'init') yield* told(one, isFailure(one) && `the init section is answered with status ${one.status}`)
        else if (one.kind === 'segment' && !(one.at >= (removals.get(one.url)?.at ?? Number.POSITIVE_INFINITY)))
          yield* told(one, isFailure(one) && `a listed segment is answered with status ${one.status}`)
    },
  },
  {
    code: 'segment-dropped-early',
    clause: 'RFC 8216 §6.2.2',
    severity: 'must',
    *check(presentation) {
      for (const [url, { at, keepMs }] of removalsOf(presentation)) {
        const early = presentation.segments.get(url)?.find((one) => isFailure(one) && one.at >= at && one.at < at + keepMs)
        if (!early) continue
        const message = `gone ${early.at - at} ms after it left the playlist; it must stay for its length and the playlist's (${Math.round(keepMs)} ms)`
        yield* told(early, message)
      }
    },
  },
  {
    code: 'bytes-changed',
    clause: 'RFC 8216 §6.2.1',
    severity: 'must',
    *check({ segments, inits }) {
      for (const [, answers] of [...segments, ...inits]) {
        const whole = answers.filter((one) => one.status === 200)
        const other = whole.find((one) => one.digest !== whole[0]?.digest)
        if (other) yield* told(other, 'other bytes at the same address than before')
      }
    },
  },
  answer('redirected', 'A8.18', 'must', (one) => one.isRedirected && 'media is answered with a redirection'),
  answer('not-compressed', 'A10.1', 'must', (one) => {
    const isPlain = !/^(gzip|br|zstd)$/.test(one.headers['content-encoding'] ?? '')
    return one.kind === 'playlist' && one.status === 200 && isPlain && 'the playlist is not compressed (gzip)'
  }),
  answer('type-playlist', 'RFC 8216 §4', 'must', (one) => {
    const type = typeOf(one)
    const isRight = /^(application\/vnd\.apple\.mpegurl|audio\/mpegurl|application\/x-mpegurl)$/i.test(type)
    return one.kind === 'playlist' && one.status === 200 && !isRight && `Content-Type is "${type}"`
  }),
  answer('type-media', 'A10.4', 'should', (one) => {
    if (one.kind === 'playlist' || isFailure(one)) return false
    const right = MEDIA_TYPES.find(([ending]) => ending.test(new URL(one.url).pathname))?.[1]
    return right !== undefined && !right.includes(typeOf(one)) && `Content-Type is "${typeOf(one)}", not ${right.join(' or ')}`
  }),
  answer('cors-missing', 'A10', 'should', (one) => {
    return (
      !isFailure(one) &&
      !one.headers['access-control-allow-origin'] &&
      'no Access-Control-Allow-Origin: players on other sites fail'
    )
  }),
  answer('not-encrypted', 'A11', 'should', (one) => {
    const { protocol, hostname } = new URL(one.url)
    const isLocal = /^(localhost|127\.|\[::1\])/.test(hostname)
    return protocol === 'http:' && !isLocal && 'sent without TLS'
  }),
  {
    code: 'cache-playlist',
    clause: 'RFC 8216bis App. B',
    severity: 'should',
    *check({ media }) {
      for (const one of media)
        for (const version of one.versions) {
          if (!one.isLive) continue
          const age = maxAgeOf(version)
          const most = Math.max(1, (version.playlist.targetSeconds ?? 0) / 2)
          const message =
            age === undefined
              ? 'a live playlist without Cache-Control max-age: caches guess'
              : age > most && `max-age is ${age} s, at most half a target duration (${most} s) is fresh`
          yield* told(version, message)
        }
    },
  },
  answer('cache-media', 'RFC 8216bis App. B', 'should', (one) => {
    if (one.kind === 'playlist' || isFailure(one)) return false
    const age = maxAgeOf(one) ?? 0
    return age < 60 && `max-age is ${age} s for bytes that never change`
  }),
  answer('cache-missing', 'RFC 8216bis App. B', 'should', (one) => {
    const age = maxAgeOf(one)
    return (
      one.status === 404 && age !== undefined && age > 1 && `a 404 may be cached for ${age} s, a segment that comes is missed`
    )
  }),
  {
    code: 'last-modified-old',
    clause: 'A8.24',
    severity: 'should',
    *check({ media }) {
      for (const one of media)
        for (const version of one.versions) {
          const date = Date.parse(version.headers['date'] ?? '')
          const modified = Date.parse(version.headers['last-modified'] ?? '')
          const most = 3 * (version.playlist.targetSeconds ?? 0)
          const age = (date - modified) / 1000
          yield* told(version, one.isLive && age > most && `Last-Modified is ${age} s old, three target durations are ${most} s`)
        }
    },
  },
]

const MEDIA_TYPES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.m4s$/, ['video/iso.segment', 'video/mp4', 'audio/mp4']],
  [/\.(mp4|cmfv|m4v)$/, ['video/mp4', 'audio/mp4']],
  [/\.(m4a|cmfa)$/, ['audio/mp4']],
  [/\.ts$/, ['video/mp2t']],
  [/\.aac$/, ['audio/aac']],
  [/\.vtt$/, ['text/vtt']],
]

const isFailure = (one: Observation) => one.status < 200 || one.status >= 300
const typeOf = (one: Observation) => (one.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
function maxAgeOf({ headers }: Observation): number | undefined {
  const control = headers['cache-control'] ?? ''
  if (/no-store|no-cache/.test(control)) return 0
  const [, age] = /(?:s-maxage|max-age)=(\d+)/.exec(control) ?? []
  return age === undefined ? undefined : Number(age)
}

type Removal = { readonly at: number; readonly keepMs: number }
/** When each segment was first seen to be gone from its playlist, and how long it must stay after that. */
function removalsOf(presentation: Presentation): Map<string, Removal> {
  const removals = new Map<string, Removal>()
  for (const { before, after, of } of eachStep(presentation)) {
    const length = before.playlist.segments.reduce((sum, one) => sum + one.durationSeconds, 0)
    for (const segment of before.playlist.segments)
      if (segment.sequence < after.playlist.mediaSequence)
        // It left at some time after `before` was asked for; counting from then is in the server's favour.
        removals.set(resolved(segment.uri, of.url), { at: before.at, keepMs: (segment.durationSeconds + length) * 1000 })
  }
  return removals
}
function answer(code: string, clause: string, severity: Rule['severity'], words: (one: Observation) => string | false): Rule {
  return {
    code,
    clause,
    severity,
    *check({ answers }): Generator<Breach> {
      for (const one of answers) yield* told(one, words(one))
    },
  }
}
