import sanitizeHtml from 'sanitize-html'

/**
 * What an article may be made of. Everything is for reading: no styles, ids, scripts, forms, frames, SVG or MathML, in which browsers
 * parse by other rules and hidden markup comes alive.
 */
const TAGS = [
  ...['p', 'h2', 'h3', 'h4', 'ul', 'ol', 'li', 'blockquote', 'hr', 'br', 'figure', 'figcaption', 'img', 'pre'],
  ...['strong', 'b', 'em', 'i', 'u', 's', 'sub', 'sup', 'code', 'cite', 'q', 'abbr', 'a'],
  ...['table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
]
/** Left out with all that is in them; of other unknown elements the text stays. */
const WITH_CONTENT = [
  ...[
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'noembed',
    'noframes',
    'iframe',
    'object',
    'embed',
    'xmp',
    'plaintext',
  ],
  ...['template', 'title', 'svg', 'math', 'select', 'head'],
]
/** Pictures are ours, or a reader's visit would be told to strangers. */
export const PICTURE_PATH = /^\/news\/pictures\/[0-9a-f]{32}-(320|640|960|1280)\.(webp|jpg)$/
const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/
const SMALL_NUMBER = /^\d{1,4}$/

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: TAGS,
  nonTextTags: WITH_CONTENT,
  allowedAttributes: {
    a: ['href', 'title', 'rel', 'lang'],
    img: ['src', 'alt', 'width', 'height', 'loading'],
    abbr: ['title'],
    th: ['colspan', 'rowspan', 'scope', 'lang'],
    td: ['colspan', 'rowspan', 'lang'],
    ol: ['start', 'lang'],
    ...Object.fromEntries(
      ['p', 'h2', 'h3', 'h4', 'li', 'blockquote', 'figcaption', 'em', 'q', 'cite', 'ul'].map((tag) => [tag, ['lang']]),
    ),
  },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  enforceHtmlBoundary: false,
  // Deeper than any article, and far from what would exhaust a parser's stack.
  nestingLimit: 40,
  transformTags: {
    a: (tagName, { href, title, lang }) => ({
      tagName,
      attribs: kept({ href: isLink(href) && href, title, lang: isLanguage(lang) && lang, rel: 'noopener' }),
    }),
    img: (tagName, { src, alt, width, height }) => ({
      tagName,
      attribs: kept({ src, alt: alt ?? '', width: isSmall(width) && width, height: isSmall(height) && height, loading: 'lazy' }),
    }),
    '*': (tagName, attribs) => ({
      tagName,
      attribs: kept({
        ...attribs,
        lang: isLanguage(attribs['lang']) && attribs['lang'],
        ...Object.fromEntries(['colspan', 'rowspan', 'start'].map((key) => [key, isSmall(attribs[key]) && attribs[key]])),
      }),
    }),
  },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !PICTURE_PATH.test(attribs['src'] ?? ''),
}

/** Safe HTML of what somebody wrote, in NFC. Applied to its own result it changes nothing. */
export const sanitised = (html: string): string => sanitizeHtml(html.toWellFormed().normalize('NFC'), OPTIONS).trim()

/** The words alone, for search and reading time. */
export const plainText = (html: string): string =>
  sanitizeHtml(html.replace(/<(?:\/(?:p|h\d|li|tr|t[dh]|blockquote|figcaption|caption)|br)[^>]*>/gi, '$& '), {
    allowedTags: [],
    allowedAttributes: {},
    nonTextTags: WITH_CONTENT,
    textFilter: (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  })
    .replace(/\s+/g, ' ')
    .trim()

/** The same article where it is read away from our site: addresses of ours made absolute. */
export const withAbsoluteLinks = (html: string, baseUrl: string): string => {
  const absolute = (path: string | undefined) => (path?.startsWith('/') ? `${baseUrl}${path}` : path)
  return sanitizeHtml(html, {
    ...OPTIONS,
    exclusiveFilter: () => false,
    transformTags: {
      a: (tagName, attribs) => ({ tagName, attribs: kept({ ...attribs, href: absolute(attribs['href']) }) }),
      img: (tagName, attribs) => ({ tagName, attribs: kept({ ...attribs, src: absolute(attribs['src']) }) }),
    },
  })
}

/** Whole addresses, places of ours and places in the page; never `//host` nor `\`, which browsers read as `/`. */
const isLink = (href: string | undefined) => href !== undefined && /^(https?:\/\/|mailto:|tel:|\/(?![/\\])|#)/i.test(href)
const isLanguage = (lang: string | undefined) => lang !== undefined && LANGUAGE.test(lang)
const isSmall = (value: string | undefined) => value !== undefined && SMALL_NUMBER.test(value)
const kept = (attribs: Readonly<Record<string, string | false | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attribs).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
