import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configFrom } from '../../server/config.ts'
import { StationError } from '../../server/errors.ts'

test('an empty environment gives a station that runs', () => {
  const config = configFrom({ PORT: ' ' }, '/srv/station')
  assert.equal(config.port, 8080)
  assert.equal(config.dataDir, '/srv/station/var')
  assert.equal(config.databaseUrl, undefined)
})

test('paths are taken from the folder of the program', () => {
  assert.equal(configFrom({ DATA_DIR: 'elsewhere' }, '/srv/station').dataDir, '/srv/station/elsewhere')
  assert.equal(configFrom({ DATA_DIR: '/data' }, '/srv/station').dataDir, '/data')
})

const refused: readonly [name: string, value: string, rule: string][] = [
  ['PORT', '70000', '0 to 65535'],
  ['PORT', '80a', 'whole number'],
  ['HOST', 'not a host', 'host name'],
  ['DATABASE_URL', 'mysql://x/y', 'postgres://'],
  ['FFMPEG_PATH', '-version', 'path of the ffmpeg'],
  ['TRUST_PROXY', 'yes', 'CIDR'],
  ['TRUST_PROXY', '10.0.0.0/64', 'CIDR'],
  ['LOUDNESS_TARGET', '3', '-40 to -5'],
  ['TRUE_PEAK_LIMIT', 'x', '-9 to 0'],
  ['PUBLIC_URL', 'https://dai.example/trang', 'without a path'],
  ['LOG_LEVEL', 'loud', 'one of'],
]
for (const [name, value, rule] of refused) {
  test(`${name}="${value}" is refused by name, rule and what was found`, () => {
    assert.throws(
      () => configFrom({ [name]: value }, '/srv'),
      (error) =>
        error instanceof StationError &&
        error.code === 'CONFIG_INVALID' &&
        error.message.includes(name) &&
        error.message.includes(rule) &&
        error.message.includes(value),
    )
  })
}

test('a refused database address does not print its password', () => {
  assert.throws(
    () => configFrom({ DATABASE_URL: 'mysql://me:secret@host/db' }, '/srv'),
    (error: Error) => !error.message.includes('secret'),
  )
})

test('every bad setting is named at once', () => {
  assert.throws(() => configFrom({ PORT: 'x', LOG_LEVEL: 'y' }, '/srv'), /PORT[\s\S]*LOG_LEVEL/)
})
