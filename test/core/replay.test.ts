import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canReplay } from '../../web/src/site/airing.ts'

const AT = Date.UTC(2027, 2, 12, 12)
const MINUTE = 60_000
const begun = (minutesAgo: number, programme: string | null = 'thoi-su') => ({ programme, from: AT - minutesAgo * MINUTE })

test('what is on can be seen from its beginning as long as that is within the two hours a channel can be rewound', () => {
  assert.ok(canReplay(begun(0), AT))
  assert.ok(canReplay(begun(90), AT))
  assert.ok(!canReplay(begun(120), AT), 'its first minute leaves while one reaches for it')
})

test('what was on can be seen again while all of it is there, what is ahead cannot', () => {
  assert.ok(canReplay(begun(60), AT))
  assert.ok(!canReplay(begun(121), AT))
  assert.ok(!canReplay(begun(-1), AT))
})

test('nobody wants to see fillers and standby pictures again', () => {
  assert.ok(!canReplay(begun(10, null), AT))
})
