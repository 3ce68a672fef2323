/**
 * Content security policy of the public pages: own files only. Styles may stand in attributes, because progress is drawn from numbers in
 * the first paint; `blob:` is how hls.js feeds the media element and how a reminder file is handed over, `data:` the empty caption track
 * that it puts beside it.
 */
const BASE = [
  `default-src 'self'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `style-src-attr 'unsafe-inline'`,
  `img-src 'self' https: data:`,
  `font-src 'self'`,
  `media-src 'self' blob: data:`,
  `worker-src 'self' blob:`,
  `connect-src 'self'`,
  `object-src 'none'`,
  `base-uri 'self'`,
  `form-action 'self'`,
]

export const PAGE_POLICY = [...BASE, `frame-ancestors 'self'`].join('; ')
/** The player alone may stand in other people's pages. */
export const EMBED_POLICY = [...BASE, `frame-ancestors *`].join('; ')
