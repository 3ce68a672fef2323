import { parseArgs } from 'node:util'
import { checkHistory, mergeFindings, type ConformanceFinding } from '#core/conformance.ts'
import { plusMs } from '#core/time.ts'
import { systemClock } from '../clock.ts'
import { createHlsObserver } from '../guide/hlsObserver.ts'
import { httpGet } from './httpGet.ts'

const USAGE = `npm run conform -- <url of a .m3u8> [--for 10m] [--json]

Plays any HLS address as players do (all variants, no decoding) and tells what breaks RFC 8216 or Apple's authoring
specification. Ends with 0 when nothing that MUST be kept is broken, with 1 when something is, with 2 when it cannot start.`

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }
const LONGEST_MS = 24 * 3_600_000
/** Checks are made in windows this long, so that memory does not grow with the time watched. */
const WINDOW_MS = 5 * 60_000

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { for: { type: 'string', default: '30s' }, json: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  })
  const [url] = positionals
  if (values.help || url === undefined) return told(USAGE, values.help ? 0 : 2)
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return told(`"${url}" is not an http address`, 2)
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(values.for) ?? []
  const durationMs = Number(count) * (UNIT_MS[unit] ?? Number.NaN)
  if (!(durationMs > 0 && durationMs <= LONGEST_MS))
    return told(`--for is "${values.for}"; wanted e.g. 30s, 10m or 2h, at most 24h`, 2)

  const findings = await watch(url, durationMs)
  console.log(values.json ? JSON.stringify(findings, null, 2) : findings.map(lineOf).join('\n') || 'No finding.')
  return findings.some((one) => one.severity === 'must') ? 1 : 0
}

async function watch(url: string, durationMs: number): Promise<readonly ConformanceFinding[]> {
  const { now } = systemClock
  const observer = createHlsObserver(new URL(url).href, { get: httpGet, now })
  const end = plusMs(now(), durationMs)
  let isStopped = false
  process.once('SIGINT', () => {
    isStopped = true
  })
  let findings: readonly ConformanceFinding[] = []
  let checkedAt = now()
  for (;;) {
    const startedAt = now()
    await observer.round()
    if (now() - checkedAt > WINDOW_MS) {
      findings = mergeFindings(findings, checkHistory(observer.observations()))
      // Half a window of overlap: no change between two versions is lost at a border.
      observer.forget(plusMs(now(), -WINDOW_MS / 2))
      checkedAt = now()
    }
    const pauseMs = Math.max(100, observer.reloadMs() - (now() - startedAt))
    if (isStopped || now() + pauseMs > end) break
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return mergeFindings(findings, checkHistory(observer.observations()))
}

const lineOf = (one: ConformanceFinding) =>
  `${one.severity === 'must' ? 'MUST  ' : 'should'} ${one.code} (${one.clause}) ×${one.count}\n       ${one.message}\n       ${one.url}`

function told(words: string, code: number): number {
  console.error(words)
  return code
}

process.exitCode = await main()
