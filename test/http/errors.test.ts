import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { ERROR_CODES } from '../../server/errors.ts'

test('docs/errors.md explains each error code, and no other', async () => {
  const text = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const documented = [...text.matchAll(/^\| `([A-Z_]+)`\s*\| ([^|]+) \|/gm)].map(([, code, meaning]) => [code, meaning?.trim()])
  assert.deepEqual(documented.map(([code]) => code).toSorted(), Object.keys(ERROR_CODES).toSorted())
})

test('docs/settings.md names each setting the program reads', async () => {
  const docs = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8')
  const source = await readFile(new URL('../../server/config.ts', import.meta.url), 'utf8')
  for (const [, name] of source.matchAll(/read\(\s*'([A-Z_]+)'/g))
    assert.ok(docs.includes(`\`${name}\``), `${name} is not documented`)
})
