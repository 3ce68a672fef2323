import Fastify, { type FastifyInstance } from 'fastify'
import { pagesPlugin } from '../../server/pages/pages.ts'
import { loadRenderer } from '../../server/pages/renderer.ts'
import { createFakeStation, type FakeStation } from './fakeStation.ts'

const built = (part: string) => new URL(`../../web/dist/${part}`, import.meta.url).pathname

/** The real pages and the built web app on a small working station; `npm run build` first. */
export async function createPagesApp(station: FakeStation = createFakeStation()): Promise<FastifyInstance> {
  const app = Fastify()
  const renderer = await loadRenderer(built('server/entry-server.js'))
  await app.register(pagesPlugin, { ...station, clientDir: built('client'), renderer })
  app.get('/photos/:name', (request, reply) =>
    reply.type('image/svg+xml').send(landscape((request.params as { name: string }).name)),
  )
  return app
}

/** Ridges in mist, another one for each name. */
function landscape(name: string): string {
  const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7)
  const hue = seed % 360
  const ridge = (y: number, amplitude: number, phase: number, lightness: number) => {
    const points = Array.from({ length: 25 }, (_, i) => {
      const height = Math.sin(i * 0.7 + phase) + Math.sin(i * 1.9 + phase * 2) * 0.5
      return `${i * 40} ${(y + height * amplitude).toFixed(0)}`
    })
    return `<path d="M0 540L${points.join(' ')} 960 540Z" fill="hsl(${hue} 24% ${lightness}%)"/>`
  }
  const ridges = [0, 1, 2, 3].map((i) => ridge(250 + i * 70, 46 - i * 6, seed + i * 2, 70 - i * 14))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540" preserveAspectRatio="xMidYMid slice"><rect width="960" height="540" fill="hsl(${hue} 42% 88%)"/><circle cx="${200 + (seed % 560)}" cy="130" r="44" fill="hsl(${(hue + 60) % 360} 80% 92%)"/>${ridges.join('')}</svg>`
}
