/** Looks at films without encoding them: node scripts/demo/still.ts <folder> <seconds,…> [name part]. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { FILMS } from './films.ts'
import { furniture } from './picture/titles.ts'
import { HEIGHT, WIDTH } from './picture/stage.ts'

const [folder = 'stills', times = '2,8,20', part = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
for (const film of FILMS.filter((f) => f.file.includes(part))) {
  const { draw, seconds } = film.build()
  for (const time of times.split(',').map(Number)) {
    const t = Math.min(time, seconds - 0.04)
    const canvas = createCanvas(WIDTH, HEIGHT)
    const pen = canvas.getContext('2d')
    draw(pen, t)
    if (!film.isBare) furniture(pen, t, seconds)
    const name = `${film.file.replaceAll(/[/.]/g, '-')}-${t}.png`
    writeFileSync(join(folder, name), canvas.toBuffer('image/png'))
    console.log(name, seconds)
  }
}
