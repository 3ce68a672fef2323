import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import cron from 'node-cron'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Audience as AudienceBody } from '#contract/audience.ts'
import { ByeMessage } from '#contract/socket.ts'
import { VisitStatistics } from '#contract/station.ts'
import { AUDIENCE_RULES } from '#core/audience.ts'
import { IDLE_MS } from '#core/visits.ts'
import type { Audience } from './audience.ts'
import { converse } from './conversation.ts'
import { createDoors, type DoorOptions } from './doors.ts'

export type AudiencePluginOptions = DoorOptions & {
  readonly audience: Audience
  readonly zone: string
  readonly channels: () => readonly string[]
  /** They see the counts and are not counted. */
  readonly isStaff?: (request: FastifyRequest) => boolean
}

/** Bigger than any message of the contract, a session included. */
const MAX_MESSAGE_BYTES = 4_096
const isBye = Compile(ByeMessage)

/** `/ws`, `/api/bye`, `/api/audience`, `/api/stats`. Closes the audience with the app. */
export const audiencePlugin = fp<AudiencePluginOptions>(
  async (app, { audience, zone, channels, isStaff = () => false, ...doorOptions }) => {
    await app.register(websocket, {
      options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
      errorHandler: (_error, socket) => socket.terminate(),
    })
    const doors = createDoors(doorOptions)
    const { clock, ...parts } = audience.parts

    app.get(
      '/ws',
      {
        websocket: true,
        preValidation: async (request, reply) => {
          const refusal = doors.refusal(request)
          if (refusal) return reply.code(refusal.status).send({ error: 'SOCKET_REFUSED', message: refusal.message })
        },
      },
      (socket, request) => {
        const { ip } = request
        doors.entered(ip)
        socket.on('close', () => doors.left(ip))
        converse({ ...parts, now: clock.now, hub: audience.hub, channels, isStaff }, socket, request)
      },
    )
    routes(app, audience)

    // After the five minutes in which yesterday may still be counted. A firing missed or doubled changes nothing: the audience itself
    // looks every second whether a day is over.
    const midnight = cron.schedule('5 0 * * *', () => audience.chores().catch((error: unknown) => app.log.warn(error)), {
      timezone: zone,
      name: 'close the day of the statistics',
    })
    app.addHook('onClose', async () => {
      await midnight.destroy()
      await audience.close()
    })
  },
  { name: 'audience' },
)

function routes(app: FastifyInstance, audience: Audience): void {
  const { clock, counting, sessions } = audience.parts
  const tags = ['audience']

  app.post(
    '/api/bye',
    {
      bodyLimit: MAX_MESSAGE_BYTES,
      schema: { tags, summary: 'A page was left (sendBeacon; JSON, also as text)', response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const message = typeof request.body === 'string' ? fromText(request.body) : request.body
      const session =
        isBye.Check(message) && message.session !== undefined ? sessions.read(message.session, clock.now()) : undefined
      if (session) counting.bye(session)
      return reply.code(204).send()
    },
  )
  app.get(
    '/api/audience',
    { schema: { tags, summary: 'Live counts, with the rules they are counted by', response: { 200: AudienceBody } } },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=1')
      return { ...audience.counts(), rules: RULES }
    },
  )
  app.get(
    '/api/stats',
    { schema: { tags, summary: 'Visits: online, today, yesterday, this month, in all', response: { 200: VisitStatistics } } },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=5')
      return audience.visitStatistics()
    },
  )
}

const RULES: AudienceBody['rules'] = {
  leaseSeconds: AUDIENCE_RULES.leaseMs / 1000,
  hiddenLeaseSeconds: AUDIENCE_RULES.hiddenLeaseMs / 1000,
  onlineSeconds: AUDIENCE_RULES.onlineMs / 1000,
  devicesPerAddress: AUDIENCE_RULES.devicesPerAddress,
  visitIdleMinutes: IDLE_MS / 60_000,
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
