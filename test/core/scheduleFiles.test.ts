import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Schedule } from '#core/schedule.ts'
import { changesBetween } from '../../server/schedules/changes.ts'
import type { SourceFile } from '../../server/schedules/fields.ts'
import { readSourceFiles } from '../../server/schedules/files.ts'
import { readStationFiles, type StationFiles } from '../../server/schedules/read.ts'
import { createSchedules } from '../../server/schedules/schedules.ts'
import type { ScheduleStore, StationRecord, StoredSchedule } from '../../server/schedules/store.ts'
import { writeStationFiles } from '../../server/schedules/write.ts'
import { anySchedule } from '../support/randomSchedule.ts'

const STATION = 'name: Đài Mường Sương\nzone: Asia/Ho_Chi_Minh\nlanguage: vi\n'
const PROGRAMMES = 'programmes:\n  - { id: thoi-su, title: Thời sự, language: vi, category: thoi-su }\n'
const CHANNEL = `channel:
  id: song-nui
  kind: radio
  name: Sóng Núi
  language: vi
  mark: fm
  order: 1
  filler: { folder: nen, order: shuffle }
slots:
  - id: ban-tin
    programme: thoi-su
    cron: "0 6 * * *"
    length: 30m
    play: { newest: thoi-su }
`
const filesOf = (channel: string, others: { station?: string; programmes?: string } = {}): SourceFile[] => [
  { name: 'station.yaml', text: others.station ?? STATION },
  { name: 'programmes.yaml', text: others.programmes ?? PROGRAMMES },
  { name: 'song-nui.yaml', text: channel },
]

function accepted(files: readonly SourceFile[]): StationFiles {
  const read = readStationFiles(files)
  assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.problems))
  return read.value
}

test('a slot has the defaults the manual says', () => {
  const { schedule } = accepted(filesOf(CHANNEL))
  assert.deepEqual(schedule.slots[0], {
    id: 'ban-tin',
    channel: 'song-nui',
    programme: 'thoi-su',
    when: { kind: 'cron', cron: '0 6 * * *', excluded: [] },
    durationSeconds: 1800,
    play: { kind: 'newest', programme: 'thoi-su' },
    start: { kind: 'hard' },
    end: { kind: 'cut' },
    priority: 0,
    isRepeat: false,
  })
})

test('texts stay as written: zeros in front, days, accents typed apart', () => {
  const { station } = accepted(
    filesOf(CHANNEL, {
      station: `${STATION}telephone: 02153861234\nlicence: 2026-01-02\nowner: ${'Đài Mường Sương'.normalize('NFD')}\n`,
    }),
  )
  assert.deepEqual([station.telephone, station.licence, station.owner], ['02153861234', '2026-01-02', 'Đài Mường Sương'])
})

/** What is written instead of what → the line, the field, the rule and what was found. */
const REFUSALS: readonly (readonly [from: string, to: string, expected: RegExp])[] = [
  ['length: 30m', 'length: 30 phút', /^13 slots\[0\]\.length must be a length.*such as 45s.*; found "30 phút"\.$/],
  ['length: 30m', 'length: 25h', /slots\[0\]\.length must be a length from 1s to 24h/],
  ['    length: 30m\n', '', /^10 slots\[0\]\.length is missing; it must be a length/],
  [
    '"0 6 * * *"',
    '"0 25 * * *"',
    /^12 slots\[0\]\.cron must be a cron expression: it has a value outside its range .*hour 0–23.*; found "0 25 \* \* \*"\.$/,
  ],
  ['"0 6 * * *"', '"6 Uhr"', /slots\[0\]\.cron must be a cron expression: it must have 5 fields.*; found "6 Uhr"\.$/],
  [
    'cron: "0 6 * * *"',
    'at: 2026-02-30T10:00',
    /^12 slots\[0\]\.at must be a day and time that exist.*; found "2026-02-30T10:00"\.$/,
  ],
  ['cron: "0 6 * * *"', 'cron: "0 6 * * *"\n    at: 2026-02-03T10:00', /^13 slots\[0\] must have cron or at; found both\.$/],
  [
    'length: 30m',
    'length: 30m\n    from: 2026-05-02\n    until: 2026-05-01',
    /^15 slots\[0\]\.until must not be before from \(2026-05-02\); found "2026-05-01"\.$/,
  ],
  [
    'length: 30m',
    'length: 30m\n    except: [2027-02-29]',
    /^14 slots\[0\]\.except\[0\] must be a day that exists.*; found "2027-02-29"\.$/,
  ],
  [
    'length: 30m',
    'length: 30m\n    start: soft',
    /^14 slots\[0\]\.start must be "hard", "soft" with how long.*; found "soft"\.$/,
  ],
  [
    'length: 30m',
    'length: 30m\n    end: run-over 5',
    /^14 slots\[0\]\.end must be "cut", "run-over" with.*; found "run-over 5"\.$/,
  ],
  [
    'length: 30m',
    'length: 30m\n    priority: high',
    /^14 slots\[0\]\.priority must be a whole number from -100 to 100; found "high"\.$/,
  ],
  ['length: 30m', 'length: 30m\n    repeat: ja', /^14 slots\[0\]\.repeat must be true or false; found "ja"\.$/],
  ['length: 30m', 'length: 30m\n    lenght: 30m', /^14 slots\[0\]\.lenght is not a field here; the fields are id, programme,/],
  ['length: 30m', 'length: 30m\n    length: 31m', /^14 slots\[0\]\.length must be given once only/],
  [
    '{ newest: thoi-su }',
    '{ newest: thoi-sự }',
    /^14 slots\[0\]\.play\.newest must be made of lower-case letters.*; found "thoi-sự"\.$/,
  ],
  [
    '{ newest: thoi-su }',
    '{ newest: the-thao }',
    /^10 slots\[0\]\.play\.newest must be the id of a programme in programmes\.yaml; found "the-thao"\.$/,
  ],
  [
    '{ newest: thoi-su }',
    '{ file: ../../etc/passwd }',
    /^14 slots\[0\]\.play\.file must be a path below media\/.*; found "\.\.\/\.\.\/etc\/passwd"\.$/,
  ],
  ['{ newest: thoi-su }', '{ file: /etc/passwd }', /slots\[0\]\.play\.file must be a path below media/],
  [
    '{ newest: thoi-su }',
    '{ file: a.mp4, folder: b }',
    /^14 slots\[0\]\.play must have one of file, folder, tag and newest; found file and folder\.$/,
  ],
  [
    '{ newest: thoi-su }',
    '{ order: shuffle }',
    /slots\[0\]\.play must have one of file, folder, tag and newest; found none of them\.$/,
  ],
  ['{ newest: thoi-su }', '{ newest: thoi-su, order: shuffle }', /^14 slots\[0\]\.play\.order must stand beside folder or tag/],
  ['{ newest: thoi-su }', 'nhạc', /^14 slots\[0\]\.play must have fields \(file, folder, tag, newest, order\); found "nhạc"\.$/],
  [
    'programme: thoi-su',
    'programme: the-thao',
    /^10 slots\[0\]\.programme must be the id of a programme in programmes\.yaml; found "the-thao"\.$/,
  ],
  ['kind: radio', 'kind: phát thanh', /^3 channel\.kind must be tv or radio; found "phát thanh"\.$/],
  ['id: song-nui', 'id: Sóng Núi', /^2 channel\.id must be made of lower-case letters a–z.*; found "Sóng Núi"\.$/],
  ['order: 1\n', 'order: [1]\n', /^7 channel\.order must be a whole number from 0 to 9999; found a list\.$/],
  ['slots:', 'slots: không\nx:', /^9 slots must be a list; found "không"\.$/],
  ['name: Sóng Núi', 'name: "Sóng', /^\d+ The file is not valid YAML: /],
  ['name: Sóng Núi', 'name: *khong-co', /The file is not valid YAML|channel\.name must be a text/],
]

for (const [from, to, expected] of REFUSALS) {
  test(`refused with line, field, rule and what was found: ${JSON.stringify(to)} instead of ${JSON.stringify(from)}`, () => {
    const text = CHANNEL.replace(from, to)
    assert.notEqual(text, CHANNEL)
    const read = readStationFiles(filesOf(text))
    assert.ok(!read.ok)
    const lines = read.problems.map(({ line, message }) => `${line} ${message}`)
    assert.ok(
      lines.some((line) => expected.test(line)),
      lines.join('\n'),
    )
    assert.ok(read.problems.every(({ file }) => file === 'song-nui.yaml'))
  })
}

test('one reading finds everything that is wrong, in all files', () => {
  const text = CHANNEL.replace('length: 30m', 'length: 30').replace('mark: fm', 'mrak: fm')
  const read = readStationFiles(filesOf(text, { station: STATION.replace('Asia/Ho_Chi_Minh', 'Châu Á') }))
  assert.ok(!read.ok)
  assert.deepEqual(
    read.problems.map(({ file, path }) => `${file} ${path}`),
    ['station.yaml zone', 'song-nui.yaml channel.mrak', 'song-nui.yaml channel.mark', 'song-nui.yaml slots[0].length'],
  )
})

test('ids are given once in the whole station', () => {
  const other = CHANNEL.replace('id: song-nui', 'id: tieng-ban').replace('order: 1', 'order: 2')
  const read = readStationFiles([...filesOf(CHANNEL), { name: 'tieng-ban.yaml', text: other }])
  assert.ok(!read.ok)
  assert.match(
    read.problems[0]?.message ?? '',
    /slots\[0\]\.id must be the slot's own in the whole station; found "ban-tin", which song-nui\.yaml has too\./,
  )
})

test('a bomb of aliases and tags that run code are refused in no time', () => {
  const bomb = `a: &a [x,x]\nb: &b [*a,*a]\n${Array.from({ length: 30 }, (_, index) => `c${index}: &c${index} [*b,*b,*b]`).join('\n')}\nchannel: *c1\n`
  assert.equal(readStationFiles(filesOf(bomb)).ok, false)
  assert.equal(readStationFiles(filesOf('channel: !!js/function "function(){}"\n')).ok, false)
})

const station = (zone: string): StationRecord => ({
  name: 'Đài', strapline: 'a: b # c', zone, language: 'vi', owner: '', licence: '', responsible: [{ role: 'Giám đốc', name: 'Lò Thị' }],
  address: 'Nhà 1\nPhố 2', telephone: '0215', email: '', links: [], advertisements: [], visits: { carriedOver: 12, until: '2026-11-01' },
}) // prettier-ignore

test('what is exported reads back as the same schedule', () => {
  fc.assert(
    fc.property(
      anySchedule,
      fc.constantFrom('yes', '2026-01-01', '007', '- x', 'Tin "nóng": sáng', '# không', "it's", '~'),
      (schedule, title) => {
        const titled: Schedule = { ...schedule, slots: schedule.slots.map((slot) => ({ ...slot, title })) }
        const value = { schedule: titled, station: station(schedule.zone) }
        assert.deepEqual(accepted(writeStationFiles(titled, value.station)), structuredClone(value))
      },
    ),
    { numRuns: 200 },
  )
})

test('changes are told field by field in the words of the files', () => {
  const before = accepted(filesOf(CHANNEL))
  const after = accepted(
    filesOf(
      `${CHANNEL.replace('length: 30m', 'length: 45m\n    end: run-over 60s')}  - { id: nhac, programme: thoi-su, at: 2026-12-31T23:00, length: 1h, play: { tag: x } }\n`,
    ),
  )
  assert.deepEqual(changesBetween(before, after), [
    '~ slot ban-tin: length "30m" → "45m"',
    '~ slot ban-tin: end (not given) → "run-over 1m"',
    '+ slot nhac is new',
  ])
  assert.deepEqual(changesBetween(after, before), [
    '- slot nhac is gone',
    '~ slot ban-tin: length "45m" → "30m"',
    '~ slot ban-tin: end "run-over 1m" → (not given)',
  ])
  assert.deepEqual(changesBetween(after, after), [])
})

function memoryStore(): ScheduleStore & { readonly versions: StoredSchedule[] } {
  const versions: StoredSchedule[] = []
  return {
    versions,
    read: () => Promise.resolve(versions.at(-1) ?? null),
    replace(schedule, record) {
      // As a database would: JSON and back.
      versions.push(JSON.parse(JSON.stringify({ schedule, station: record, version: versions.length + 1 })) as StoredSchedule)
      return Promise.resolve(versions.length)
    },
  }
}

test('importing twice makes one version, a dry run none, refused files none', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'schedules-'))
  try {
    const write = (files: readonly SourceFile[]) => Promise.all(files.map(({ name, text }) => writeFile(join(dir, name), text)))
    const store = memoryStore()
    const schedules = createSchedules({ store })
    await write(filesOf(CHANNEL))
    assert.equal((await schedules.importFrom(dir, { isDryRun: true })).ok, true)
    assert.equal(store.versions.length, 0)
    assert.equal((await schedules.currentOrFirst(dir)).version, 1)
    const again = await schedules.importFrom(dir)
    assert.deepEqual(again.ok && [again.changes, again.stored.version], [[], 1])
    await write(filesOf(CHANNEL.replace('length: 30m', 'length: 20m')))
    assert.equal((await schedules.currentOrFirst(dir)).schedule.slots[0]?.durationSeconds, 1800)
    const dry = await schedules.importFrom(dir, { isDryRun: true })
    assert.deepEqual(dry.ok && [dry.changes.length, dry.stored.version, store.versions.length], [1, 1, 1])
    await schedules.importFrom(dir)
    assert.equal((await schedules.current())?.schedule.slots[0]?.durationSeconds, 1200)
    await write(filesOf(CHANNEL.replace('length: 30m', 'length: 0s')))
    assert.equal((await schedules.importFrom(dir)).ok, false)
    assert.equal(store.versions.length, 2)
    assert.deepEqual(await schedules.exportTo(join(dir, 'out')), ['station.yaml', 'programmes.yaml', 'song-nui.yaml'])
    assert.deepEqual(accepted(await readSourceFiles(join(dir, 'out'))).schedule, (await schedules.current())?.schedule)
    await assert.rejects(createSchedules({ store: memoryStore() }).currentOrFirst(dir), {
      code: 'SCHEDULE_REFUSED',
      message: /song-nui\.yaml:13 {2}slots\[0\]\.length/,
    })
  } finally {
    await rm(dir, { recursive: true })
  }
})
