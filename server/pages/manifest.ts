import type { Station } from '#contract/station.ts'

/** What a phone keeps of the site when it is put on the home screen. */
export const manifestOf = ({ name, strapline, language }: Station): string =>
  JSON.stringify({
    name,
    short_name: name,
    description: strapline,
    lang: language,
    start_url: '/',
    display: 'standalone',
    background_color: '#0e161e',
    theme_color: '#123e2c',
    icons: [{ src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' }],
  })
