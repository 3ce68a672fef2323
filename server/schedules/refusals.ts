import type { Problem } from '#contract/problem.ts'

/** `song-nui.yaml:17  slots[3].length must be …; found "30 phút".` */
export function problemLine({ file, line, message }: Problem): string {
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}  `
  return `${place}${message}`
}
