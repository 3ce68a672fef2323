// `npm test [-- suite …]`: the static checks, then every suite, each with the parallelism two cores can bear. Prints one total.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** In the order of how soon they tell something is wrong. ffmpeg and Chromium each fill a machine by themselves. */
const SUITES = [
  { name: 'core', concurrency: 2 },
  { name: 'http', concurrency: 2 },
  { name: 'ffmpeg', concurrency: 1 },
  { name: 'browser', concurrency: 1 },
  { name: 'faults', concurrency: 1 },
] as const

const CHECKS = [
  ['prettier', '--check', '--log-level=warn', '.'],
  ['eslint', '.'],
  ['tsc', '-p', '.'],
  ['svelte-check', '--tsconfig', 'web/tsconfig.json', '--output', 'human', '--threshold', 'error'],
] as const

const root = join(import.meta.dirname, '..')
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => name !== 'checks' && !SUITES.some((suite) => suite.name === name))
if (unknown.length > 0) {
  console.error(`There is no suite "${unknown.join('", "')}"; there are checks, ${SUITES.map((suite) => suite.name).join(', ')}.`)
  process.exit(2)
}

let passed = 0
let failed = 0
const started = performance.now()

if (asked.length === 0 || asked.includes('checks')) {
  for (const [command, ...args] of CHECKS) {
    const from = performance.now()
    const { status } = spawnSync(join(root, 'node_modules/.bin', command), args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const isGood = status === 0
    console.log(`${isGood ? '✔' : '✖'} ${command} (${seconds(from)})`)
    if (isGood) passed += 1
    else failed += 1
  }
}

for (const suite of SUITES) {
  if (asked.length > 0 && !asked.includes(suite.name)) continue
  const from = performance.now()
  const counts = await runSuite(suite.name, suite.concurrency)
  console.log(`— ${suite.name}: ${counts.passed} passed, ${counts.failed} failed (${seconds(from)})\n`)
  passed += counts.passed
  failed += counts.failed
}

console.log(`In ${seconds(started)}:`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

async function runSuite(name: string, concurrency: number): Promise<{ passed: number; failed: number }> {
  const counts = { passed: 0, failed: 0 }
  const events = run({ cwd: root, globPatterns: [`test/${name}/**/*.test.ts`], concurrency, timeout: 300_000 })
  events.on('test:summary', (summary) => {
    if (summary.file !== undefined) return
    counts.passed = summary.counts.passed
    counts.failed = summary.counts.tests - summary.counts.passed - summary.counts.skipped - summary.counts.todo
  })
  const text = events.compose(spec)
  text.pipe(process.stdout, { end: false })
  await new Promise<void>((done, fail) => text.on('end', done).on('error', fail))
  return counts
}

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`
}
