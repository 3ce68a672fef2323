import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainText, sanitised, withAbsoluteLinks } from '../../server/news/sanitise.ts'
import { XSS_PAYLOADS } from '../support/xssPayloads.ts'

/**
 * The output must be of this grammar, letter by letter; whatever a browser could read in another way is not. Element → attributes.
 */
const ALLOWED: { readonly [element: string]: RegExp | undefined } = Object.fromEntries(
  [
    ...[
      'p',
      'h2',
      'h3',
      'h4',
      'ul',
      'ol',
      'li',
      'blockquote',
      'hr',
      'br',
      'figure',
      'figcaption',
      'pre',
      'strong',
      'b',
      'em',
      'i',
      'u',
    ],
    ...['s', 'sub', 'sup', 'code', 'cite', 'q', 'table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ].map((name) => [name, /^(lang|colspan|rowspan|start|scope)$/] as const),
)
const attributesOf: { readonly [element: string]: RegExp | undefined } = {
  ...ALLOWED,
  a: /^(href|title|rel|lang)$/,
  img: /^(src|alt|width|height|loading)$/,
  abbr: /^(title|lang)$/,
}

function faultOf(html: string): string | undefined {
  const rest = html.replaceAll(
    /<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)( ?\/)?>/g,
    (tag, _slash, name: string, list: string) => {
      const allowed = attributesOf[name]
      if (!allowed) return `<BAD ${tag}`
      for (const [, attribute = '', value = ''] of list.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
        if (!allowed.test(attribute)) return `<BAD ${tag}`
        if (attribute === 'href' && !/^(https?:\/\/|mailto:|tel:|\/(?![/\\])|#)/i.test(value)) return `<BAD ${tag}`
        if (attribute === 'src' && !/^\/news\/pictures\/[0-9a-f]{32}-\d+\.(webp|jpg)$/.test(value)) return `<BAD ${tag}`
      }
      return ''
    },
  )
  return /[<>]/.test(rest) ? rest.slice(0, 200) : undefined
}

test(`nothing of ${XSS_PAYLOADS.length} attempts to bring in a script is left`, () => {
  assert.ok(XSS_PAYLOADS.length >= 200)
  for (const payload of XSS_PAYLOADS) {
    const html = sanitised(payload)
    assert.equal(faultOf(html), undefined, `${payload}\n→ ${html}`)
    assert.equal(faultOf(withAbsoluteLinks(html, '')), undefined, payload)
    assert.equal(sanitised(html), html, `not settled: ${payload}`)
  }
})

test('pieces of the attempts put together in any order stay harmless', () => {
  const piece = fc.constantFrom(...XSS_PAYLOADS.flatMap((payload) => [payload, payload.slice(0, payload.length / 2)]))
  fc.assert(
    fc.property(fc.array(piece, { minLength: 2, maxLength: 4 }), (pieces) => {
      const html = sanitised(pieces.join(''))
      assert.equal(faultOf(html), undefined, html)
    }),
    { numRuns: 1000 },
  )
})

test('what articles are made of stays as it is', () => {
  const body =
    '<h2>Lịch đêm hội</h2>\n<p>Xem <strong>kênh</strong> <em lang="blt">ꪼꪕ</em>, <q>hết lạ</q>.</p>' +
    '<ul><li>một</li></ul><ol start="3"><li>ba</li></ol><blockquote><p>Câu</p></blockquote>' +
    '<table><tr><th scope="col">Giờ</th><td colspan="2">19:00</td></tr></table>'
  assert.equal(sanitised(body), body)
})

test('links: places of ours and whole addresses stay and give no hold on our window', () => {
  assert.equal(sanitised('<a href="/guide" target="_blank">x</a>'), '<a href="/guide" rel="noopener">x</a>')
  assert.equal(sanitised('<a href="https://e.vn/?a=1&amp;b=2">x</a>'), '<a href="https://e.vn/?a=1&amp;b=2" rel="noopener">x</a>')
  assert.equal(sanitised('<a href="tel:+84212">x</a><a href="#top">y</a>').match(/href/g)?.length, 2)
  assert.equal(sanitised('<a href="//evil.example">x</a>'), '<a rel="noopener">x</a>')
})

test('pictures are ours or none', () => {
  const ours = `/news/pictures/${'0a'.repeat(16)}-960.webp`
  assert.equal(sanitised(`<img src="${ours}">`), `<img src="${ours}" alt="" loading="lazy" />`)
  assert.equal(sanitised('<p>a<img src="https://e.vn/x.gif">b</p>'), '<p>ab</p>')
})

test('text is kept in NFC, and deep nesting is flattened', () => {
  assert.equal(sanitised('<p>Tiếng Việt</p>'.normalize('NFD')), '<p>Tiếng Việt</p>')
  const deep = sanitised('<blockquote>'.repeat(10_000) + 'x')
  assert.ok(deep.length < 3000)
})

test('plain text: words apart, entities as letters', () => {
  assert.equal(
    plainText('<h2>Một</h2><p>Hai &amp; ba<br>bốn</p><table><tr><td>5</td><td>&lt;6&gt;</td></tr></table>'),
    'Một Hai & ba bốn 5 <6>',
  )
})

test('away from our site our addresses are whole', () => {
  const ours = `/news/pictures/${'0a'.repeat(16)}-960.webp`
  assert.equal(
    withAbsoluteLinks(sanitised(`<a href="/guide">x</a><a href="#a">y</a><img src="${ours}" alt="Hoa">`), 'https://phat.example'),
    `<a href="https://phat.example/guide" rel="noopener">x</a><a href="#a" rel="noopener">y</a><img src="https://phat.example${ours}" alt="Hoa" loading="lazy" />`,
  )
})
