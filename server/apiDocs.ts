import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

/**
 * `/api/docs`: the API to read and try. The reader is 5 MB of script that hardly anybody asks for, so it is loaded, into an instance of its
 * own, when somebody does.
 */
export function registerApiDocs(app: FastifyInstance): void {
  let opened: Promise<FastifyInstance> | undefined
  app.addHook('onClose', async () => void (await (await opened)?.close()))

  const open = async (): Promise<FastifyInstance> => {
    const { default: scalar } = await import('@scalar/fastify-api-reference')
    const docs = Fastify()
    await docs.register(scalar, {
      routePrefix: '/api/docs',
      configuration: { url: '/api/openapi.json', telemetry: false, withDefaultFonts: false },
    })
    await docs.ready()
    return docs
  }

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const docs = await (opened ??= open())
    const { statusCode, headers, rawPayload } = await docs.inject({ method: 'GET', url: request.url })
    const { 'content-type': type = 'text/html', location } = headers
    if (location !== undefined) reply.header('location', location)
    return reply.code(statusCode).type(String(type)).header('cache-control', 'public, max-age=3600').send(rawPayload)
  }
  app.get('/api/docs', { schema: { hide: true } }, answer)
  app.get('/api/docs/*', { schema: { hide: true } }, answer)
}
