// `npm run bench [-- name …]`: ratios against a peer in one run. Prints a table; ends with 1 when a target is missed.
import { benchAudience } from './audience.ts'
import { benchLadder } from './ladder.ts'
import { benchMemory } from './memory.ts'
import { benchOrigin } from './origin.ts'
import { benchTick } from './tick.ts'
import type { Row } from './row.ts'

const BENCHES: { readonly [name: string]: () => Promise<readonly Row[]> } = {
  origin: benchOrigin,
  tick: benchTick,
  ladder: benchLadder,
  audience: () => benchAudience({ sockets: 10_000 }),
  memory: benchMemory,
}

const asked = process.argv.slice(2)
const rows: Row[] = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`measuring ${name} …`)
  rows.push(...(await bench()))
}
console.table(
  rows.map(({ name, value, target, unit, isGood, note }) => ({
    what: name,
    measured: Number(value.toFixed(3)),
    target,
    unit,
    good: isGood,
    note,
  })),
)
process.exit(rows.every((row) => row.isGood) ? 0 : 1)
