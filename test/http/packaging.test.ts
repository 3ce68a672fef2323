import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import Fastify from 'fastify'
import type { PackagingJob } from '#contract/socket.ts'
import { StationError } from '../../server/errors.ts'
import { packagingPlugin } from '../../server/packager/plugin.ts'

const JOB: PackagingJob = {
  path: 'thoi-su/tối.mp4',
  form: 'tv',
  state: 'packaging',
  percent: 40,
  speed: 2.5,
  secondsLeft: 12,
  reason: null,
}

async function app(t: TestContext) {
  const done: string[] = []
  const server = Fastify()
  server.setErrorHandler((error, _request, reply) =>
    reply
      .code(error instanceof StationError ? (error.code === 'FORBIDDEN' ? 403 : 404) : 400)
      .send({ error: error instanceof StationError ? error.code : 'BAD_REQUEST' }),
  )
  await server.register(packagingPlugin, {
    packager: {
      jobs: () => [JOB],
      cancel: (path, form) => void done.push(`cancel ${form} ${path}`),
      retry: async (path, form) => void done.push(`retry ${form} ${path}`),
    },
    refused: () => [{ path: 'x.mp4', reason: 'The file is empty.' }],
  })
  t.after(() => server.close())
  return { server, done }
}

test('anybody may read how far packaging is and what was refused', async (t) => {
  const { server } = await app(t)
  const answer = await server.inject({ url: '/api/packaging', remoteAddress: '203.0.113.9' })
  assert.deepEqual(answer.json(), { jobs: [JOB], refused: [{ path: 'x.mp4', reason: 'The file is empty.' }] })
})

const which = { path: JOB.path, form: 'tv' }

test('the machine of the station cancels and tries again', async (t) => {
  const { server, done } = await app(t)
  for (const action of ['cancel', 'retry']) {
    assert.equal((await server.inject({ method: 'POST', url: `/api/packaging/${action}`, payload: which })).statusCode, 204)
  }
  assert.deepEqual(done, [`cancel tv ${JOB.path}`, `retry tv ${JOB.path}`])
})

const strangers: readonly [string, { remoteAddress?: string; headers?: Record<string, string> }][] = [
  ['another machine', { remoteAddress: '203.0.113.9' }],
  ['a visitor behind a proxy on this machine', { headers: { 'x-forwarded-for': '203.0.113.9' } }],
  ['a page in a browser on this machine', { headers: { origin: 'https://elsewhere.example' } }],
]
for (const [who, how] of strangers) {
  test(`${who} may not cancel`, async (t) => {
    const { server, done } = await app(t)
    const answer = await server.inject({ method: 'POST', url: '/api/packaging/cancel', payload: which, ...how })
    assert.equal(answer.statusCode, 403)
    assert.deepEqual(done, [])
  })
}

test('what is no job cannot be cancelled', async (t) => {
  const { server } = await app(t)
  const answer = await server.inject({ method: 'POST', url: '/api/packaging/cancel', payload: { path: '../etc', form: 'tv' } })
  assert.equal(answer.statusCode, 404)
})
