import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArticleFile } from '../../server/news/articleFile.ts'
import { folded, slugOf } from '#core/fold.ts'

const GOOD = `slug: mua-ban
title: "Mùa ban: đường lên quảng trường"
lead: Ban nở sớm.
category: le-hoi
authors: [Lường Văn Thiện]
hoursBeforeFirstStart: 0.5
photo:
  file: mua-ban.webp
  alt: Cành ban
body: |
  <p>Bốn giờ chiều.</p>
`

test('a written article is read with what it says and what it leaves out', () => {
  assert.deepEqual(readArticleFile(GOOD, 'mua-ban.yaml'), {
    ok: true,
    article: {
      slug: 'mua-ban',
      title: 'Mùa ban: đường lên quảng trường',
      lead: 'Ban nở sớm.',
      category: 'le-hoi',
      language: undefined,
      authors: ['Lường Văn Thiện'],
      published: { kind: 'before-first-start', hours: 0.5 },
      photo: { file: 'mua-ban.webp', alt: 'Cành ban', caption: '', credit: '' },
      programme: undefined,
      source: undefined,
      body: '<p>Bốn giờ chiều.</p>',
    },
  })
})

test('without a slug the title makes one; a time has its offset', () => {
  const read = readArticleFile(
    GOOD.replace(/slug.*\n/, '').replace(/hours.*\n/, 'publishedAt: 2026-03-01T07:00:00+07:00\n'),
    'x.yaml',
  )
  assert.ok(read.ok)
  assert.equal(read.article.slug, 'mua-ban-duong-len-quang-truong')
  assert.deepEqual(read.article.published, { kind: 'at', epochMs: Date.parse('2026-03-01T00:00:00Z') })
})

const REFUSED: readonly (readonly [from: string | RegExp, to: string, path: string, line: number, words: RegExp])[] = [
  ['slug: mua-ban', 'slug: Mùa Ban', 'slug', 1, /lower-case letters, digits and hyphens, found "Mùa Ban"/],
  ['slug: mua-ban', 'slug: ../../etc', 'slug', 1, /found "\.\.\/\.\.\/etc"/],
  [/title.*\n/, '', 'title', 1, /must be text of 1 to 300 characters, found nothing/],
  [/title.*\n/, `title: ${'x'.repeat(301)}\n`, 'title', 2, /found 301/],
  ['category: le-hoi', 'category: Lễ hội', 'category', 4, /lower-case words with hyphens/],
  [/authors.*\n/, 'authors: Thiện\n', 'authors', 5, /list of at most 10 names, found "Thiện"/],
  [/hours.*\n/, 'hoursBeforeFirstStart: soon\n', 'hoursBeforeFirstStart', 6, /number of hours, found "soon"/],
  [/hours.*\n/, 'publishedAt: 2026-03-01 07:00\n', 'publishedAt', 6, /time with its offset .*found "2026-03-01 07:00"/],
  [/hours.*\n/, '', 'publishedAt', 1, /one of them/],
  ['file: mua-ban.webp', 'file: ../station.yaml', 'photo.file', 8, /name of a picture beside the article/],
  ['  alt: Cành ban\n', '', 'photo.alt', 7, /must be text/],
  ['  alt:', '  size: 3\n  alt:', 'photo.size', 9, /no field of a photo/],
  ['body: |', 'colour: red\nbody: |', 'colour', 10, /no field of an article/],
]
for (const [from, to, path, line, words] of REFUSED)
  test(`refused with file, line and field: ${path} (${to.trim().slice(0, 40) || 'left out'})`, () => {
    const read = readArticleFile(GOOD.replace(from, to), 'mua-ban.yaml')
    assert.ok(!read.ok)
    assert.deepEqual(
      read.problems.map((problem) => [problem.file, problem.path, problem.line]),
      [['mua-ban.yaml', path, line]],
    )
    assert.match(read.problems[0]?.message ?? '', words)
  })

test('text that is no YAML, no article or a bomb of aliases is refused, not thrown', () => {
  assert.equal(readArticleFile('title: [', 'x.yaml').ok, false)
  assert.equal(readArticleFile('- a\n- b', 'x.yaml').ok, false)
  assert.equal(readArticleFile('', 'x.yaml').ok, false)
  const bomb = `a: &a [1,1]\n${'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`)
    .join('\n')}`
  assert.equal(readArticleFile(bomb, 'x.yaml').ok, false)
})

test('folding: accents, đ, both forms of Unicode, spaces', () => {
  for (const form of ['NFC', 'NFD']) assert.equal(folded('  Thời  sự ĐẶC biệt'.normalize(form)), 'thoi su dac biet')
  assert.equal(slugOf('Thời sự: 5 giờ sáng!'), 'thoi-su-5-gio-sang')
  assert.equal(slugOf('ꪼꪕ'), '')
  assert.ok(slugOf('đường '.repeat(60)).length <= 96)
  assert.ok(!slugOf('đường '.repeat(60)).endsWith('-'))
})
