import etag from '@fastify/etag'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Station } from '#contract/station.ts'
import { StationError } from '../errors.ts'
import type { Advertisements } from './advertisements.ts'

export type PortalNeeds = {
  /** With its advertisements already placed. */
  station(): Station
  readonly advertisements: Pick<Advertisements, 'picture'>
}

/** `/api/station`: who runs this station, its links and advertisements; `/ads/:name`: their pictures. */
export async function portalPlugin(instance: FastifyInstance, { station, advertisements }: PortalNeeds): Promise<void> {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  await app.register(etag, { weak: true })

  app.get('/api/station', { schema: { tags: ['station'], response: { 200: Station } } }, async (_request, reply) => {
    reply.headers({ 'cache-control': 'public, max-age=60', 'access-control-allow-origin': '*' })
    return station()
  })

  app.get(
    '/ads/:name',
    { schema: { tags: ['station'], params: Type.Object({ name: Type.String({ maxLength: 64 }) }) } },
    async ({ params }, reply) => {
      const bytes = await advertisements.picture(params.name)
      if (!bytes) throw new StationError('NOT_FOUND', 'There is no such picture.')
      return reply.header('cache-control', 'public, max-age=31536000, immutable').type('image/webp').send(bytes)
    },
  )
}
