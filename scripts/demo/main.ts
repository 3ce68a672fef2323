/**
 * Makes the demo station's media from nothing: node scripts/demo/main.ts [tv|radio|pictures] [part of a file name].
 * Needs ffmpeg and espeak-ng; its own packages are installed by `npm ci` in this folder. Same input, same files.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeFilm, encodeSound } from './encode.ts'
import { FILMS } from './films.ts'
import { drawPictures } from './pictures.ts'
import { RECORDINGS } from './radio.ts'

const [kind = '', part = ''] = process.argv.slice(2)
const root = fileURLToPath(new URL('../../', import.meta.url))
const media = join(root, 'media')

const told = async (file: string, make: () => Promise<void>): Promise<void> => {
  const started = performance.now()
  await make()
  console.log(
    `${file}  ${Math.round(statSync(join(media, file)).size / 1000)} kB in ${Math.round((performance.now() - started) / 1000)} s`,
  )
}
const tagsOf = (title: string, genre: string): readonly string[] =>
  Object.entries({ title, artist: 'Đài Mường Sương', genre, copyright: 'CC0 1.0' }).flatMap(([key, value]) => [
    '-metadata',
    `${key}=${value}`,
  ])

if (kind === '' || kind === 'radio')
  for (const r of RECORDINGS.filter(({ file }) => file.includes(part)))
    await told(r.file, () => encodeSound(join(media, r.file), r.build(), tagsOf(r.title, r.genre)))
if (kind === '' || kind === 'tv')
  for (const f of FILMS.filter(({ file }) => file.includes(part)))
    await told(f.file, () => encodeFilm(join(media, f.file), f, tagsOf(f.title, 'truyen-hinh')))
if (kind === '' || kind === 'pictures') await drawPictures(join(root, 'schedules'), part)
