import assert from 'node:assert/strict'
import { checkHistory, type ConformanceFinding } from '#core/conformance.ts'
import { presentationOf, type Observation } from '#core/conformanceHistory.ts'
import type { Instant } from '#core/time.ts'
import { createHlsObserver, type HttpAnswer } from '../../server/guide/hlsObserver.ts'

export type StrictClient = {
  /** One look at all playlists and what is new in them. */
  poll(): Promise<void>
  /** Polls until `done` says so; fails after `withinMs` on the machine's own clock. */
  pollUntil(done: (client: StrictClient) => boolean, withinMs: number): Promise<void>
  /** Newest listed media sequence by playlist address. */
  newest(): ReadonlyMap<string, number>
  /** Requests that found nobody listening: a killed server is an outage, not a breach. */
  outages(): readonly Observation[]
  findings(): readonly ConformanceFinding[]
  /** Fails with every broken must-rule, in words. `allowed` are codes that the test expects. */
  assertSound(allowed?: readonly string[]): void
}
export type StrictClientNeeds = {
  readonly get: (url: string) => Promise<HttpAnswer>
  readonly now: () => Instant
  /** Between two polls; by default the time a player would wait. */
  readonly pauseMs?: number
}

/** A player that forgives nothing: it remembers every version of every playlist and every segment's bytes. */
export function createStrictClient(url: string, { get, now, pauseMs }: StrictClientNeeds): StrictClient {
  const observer = createHlsObserver(url, { get, now })
  const isOutage = (one: Observation) => one.status === 0
  const answered = () => observer.observations().filter((one) => !isOutage(one))
  const client: StrictClient = {
    poll: () => observer.round(),
    async pollUntil(done, withinMs) {
      const startedMs = performance.now()
      for (;;) {
        await observer.round()
        if (done(client)) return
        assert.ok(performance.now() - startedMs < withinMs, `${url}: not reached within ${withinMs} ms`)
        await new Promise((resolve) => setTimeout(resolve, pauseMs ?? observer.reloadMs()))
      }
    },
    newest: () =>
      new Map(
        presentationOf(answered()).media.map((one) => [
          one.url,
          Math.max(...one.segments.map((segment) => segment.listed.sequence)),
        ]),
      ),
    outages: () => observer.observations().filter(isOutage),
    findings: () => checkHistory(answered()),
    assertSound(allowed = []) {
      const broken = client.findings().filter((one) => one.severity === 'must' && !allowed.includes(one.code))
      assert.deepEqual(
        broken.map((one) => `${one.code} (${one.clause}): ${one.message} at ${one.url}`),
        [],
      )
    },
  }
  return client
}
