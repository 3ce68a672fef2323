import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { registerApiDocs } from './apiDocs.ts'
import type { LogLevel } from './config.ts'
import { StationError, type ErrorCode } from './errors.ts'

export type AppOptions = {
  readonly logLevel: LogLevel
  /** Addresses or ranges of proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxy: readonly string[]
  /** Answers hot media requests before routing; false leaves a request to the routes. */
  readonly fastPath?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Each domain registers itself; the order is the order of this list. */
  readonly domains: readonly ((app: FastifyInstance) => Promise<unknown> | PromiseLike<unknown>)[]
}

const API_PER_MINUTE = 600

/** The HTTP face of the station. Never listens. */
export async function buildApp({ logLevel, trustProxy, fastPath, domains }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: logLevel === 'silent' ? false : { level: logLevel },
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    // A path is at most a slug; longer ones are attempts.
    routerOptions: { maxParamLength: 200 },
    bodyLimit: 256 * 1024,
    forceCloseConnections: 'idle',
    serverFactory: (handler, options) =>
      // A request without a body needs no stream made for it: a fifth more answers per CPU-second.
      createServer({ ...options, optimizeEmptyRequests: true }, (request, response) => {
        if (!fastPath?.(request, response)) handler(request, response)
      }),
  })
  app.setErrorHandler(answerError)

  await app.register(swagger, {
    openapi: {
      info: { title: 'Phát Sóng', description: 'Everything the station’s pages and players use.', version: '1' },
      tags: [
        { name: 'hls', description: 'Playlists, init sections and segments (RFC 8216).' },
        { name: 'guide', description: 'Channels and what is on them.' },
        { name: 'health', description: 'Whether the station is alive and on air.' },
      ],
    },
  })
  await app.register(helmet, {
    // Pages send their own policy; the rest is data.
    contentSecurityPolicy: false,
    // Logos and pictures of the guide are shown by other people's players.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // The player alone may stand in other people's pages; which pages may is said by the policy.
    xFrameOptions: false,
    // Whoever ends TLS in front of us says this.
    strictTransportSecurity: false,
  })
  await app.register(compress, { threshold: 1_024 })
  await app.register(rateLimit, {
    max: API_PER_MINUTE,
    timeWindow: '1 minute',
    allowList: (request) => !request.url.startsWith('/api/'),
    errorResponseBuilder: (_request, context) =>
      new StationError(
        'TOO_MANY_REQUESTS',
        `At most ${context.max} requests a minute are answered; try again in ${context.after}.`,
      ),
  })
  for (const register of domains) await register(app)

  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  registerApiDocs(app)
  return app
}

const STATUS: { readonly [code in ErrorCode]?: number } = {
  NOT_FOUND: 404,
  BAD_REQUEST: 400,
  FORBIDDEN: 403,
  TOO_MANY_REQUESTS: 429,
  STORE_UNREACHABLE: 503,
}

async function answerError(...[error, request, reply]: Parameters<Parameters<FastifyInstance['setErrorHandler']>[0]>) {
  const { code, status, message } = plain(error as FastifyError)
  if (status >= 500) request.log.error(error)
  return reply.code(status).header('cache-control', 'no-store').send({ error: code, message })
}

function plain(error: FastifyError): { readonly code: string; readonly status: number; readonly message: string } {
  if (error instanceof StationError) return { code: error.code, status: STATUS[error.code] ?? 500, message: error.message }
  if (error.validation) return { code: 'BAD_REQUEST', status: 400, message: `${error.message}.` }
  const status = error.statusCode ?? 500
  // What went wrong inside is for the log, not for strangers.
  return status >= 500
    ? { code: 'INTERNAL', status: 500, message: 'Something went wrong here; it has been noted.' }
    : { code: 'BAD_REQUEST', status, message: error.message }
}
