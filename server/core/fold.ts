/** Lower case without accents, `đ` as `d`, single spaces: "thoi su" finds "Thời sự". */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/\s+/g, ' ')
    .trim()

const LONGEST_SLUG = 96

/** A title as a part of an address: `Thời sự: 5 giờ sáng` → `thoi-su-5-gio-sang`. Empty when nothing of it can be kept. */
export const slugOf = (title: string): string =>
  folded(title)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG)
    .replace(/^-+|-+$/g, '')

export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/
