import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import sharp from 'sharp'
import { ADVERTISEMENTS, ILLUSTRATIONS } from './scenes/illustrations.ts'
import { DAYLIGHT_FILMS } from './scenes/daylight.ts'
import { EVENING_FILMS } from './scenes/evening.ts'
import { INDOOR_FILMS } from './scenes/indoors.ts'
import { CONTINUITY } from './scenes/continuity.ts'
import { HEIGHT, WIDTH, type Draw } from './picture/stage.ts'

/** Articles about what a film shows take a frame of it, at a moment without titles. */
const FRAMES: { readonly [article: string]: { readonly film: string; readonly at: number } } = {
  'cau-treo-na-suong': { film: 'vong-quanh-cac-ban/cau-treo', at: 20 },
  'na-suong-bridge-opens': { film: 'vong-quanh-cac-ban/cau-treo', at: 34 },
  'ret-dem-deo-khau-may': { film: 'nen-muong-suong-1/deo-dem', at: 1.4 },
  'cho-phien-toi-thu-sau': { film: 'vong-quanh-cac-ban/cho-phien', at: 19.5 },
  'lop-det-nha-van-hoa': { film: 'hoa-van-tho-cam/tren-khung-cui', at: 19 },
  'ban-blossom-evening-guide': { film: 'dem-hoi-hoa-ban/vong-xoe', at: 21 },
  'giu-am-cho-ma': { film: 'nha-nong-hoi/giu-am-cho-ma', at: 32.4 },
}
const FILMS = [...CONTINUITY, ...DAYLIGHT_FILMS, ...EVENING_FILMS, ...INDOOR_FILMS]

const painted = async (
  file: string,
  size: { readonly width: number; readonly height: number },
  draw: Draw,
  t: number,
): Promise<void> => {
  const canvas = createCanvas(size.width, size.height)
  draw(canvas.getContext('2d'), t)
  mkdirSync(dirname(file), { recursive: true })
  const { size: bytes } = await sharp(canvas.toBuffer('image/png'))
    .webp({ quality: 76, effort: 6, smartSubsample: true })
    .toFile(file)
  console.log(`${file}  ${Math.round(bytes / 1000)} kB`)
}

export const drawPictures = async (folder: string, part: string): Promise<void> => {
  const whole = { width: WIDTH, height: HEIGHT }
  for (const [article, { film, at }] of Object.entries(FRAMES)) {
    const found = FILMS.find((f) => f.file.startsWith(film))
    if (!found) throw new Error(`no film starts with "${film}"`)
    if (article.includes(part)) await painted(join(folder, 'news', `${article}.webp`), whole, found.build().draw, at)
  }
  for (const [article, draw] of Object.entries(ILLUSTRATIONS))
    if (article.includes(part)) await painted(join(folder, 'news', `${article}.webp`), whole, draw, 3)
  for (const [name, draw] of Object.entries(ADVERTISEMENTS))
    if (name.includes(part)) await painted(join(folder, 'ads', `${name}.webp`), { width: 680, height: 500 }, draw, 0)
}
