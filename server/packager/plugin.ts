import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Type, type Static } from 'typebox'
import { PackagingJob } from '#contract/socket.ts'
import { StationError } from '../errors.ts'
import type { Packager } from './main.ts'

export type PackagingNeeds = {
  readonly packager: Pick<Packager, 'jobs' | 'cancel' | 'retry'>
  /** Files that are no media, with the reason. */
  refused(): readonly { readonly path: string; readonly reason: string }[]
}

const Which = Type.Object({
  path: Type.String({ minLength: 1, maxLength: 1_000 }),
  form: Type.Union([Type.Literal('tv'), Type.Literal('radio')]),
})
type Which = Static<typeof Which>
const Packaging = Type.Object({
  jobs: Type.Array(PackagingJob),
  refused: Type.Array(Type.Object({ path: Type.String(), reason: Type.String() })),
})

/** `/api/packaging`: what is being packaged, how far, and what cannot be. Only this machine may cancel or try again. */
export const packagingPlugin = fp(
  async (app: FastifyInstance, { packager, refused }: PackagingNeeds) => {
    const tags = ['media']
    app.get(
      '/api/packaging',
      { schema: { tags, summary: 'Packaging jobs and refused files', response: { 200: Packaging } } },
      async (_request, reply) => {
        reply.header('cache-control', 'no-store')
        return { jobs: [...packager.jobs()], refused: [...refused()] }
      },
    )
    const actions = {
      cancel: async (which: Which) => packager.cancel(which.path, which.form),
      retry: (which: Which) => packager.retry(which.path, which.form),
    }
    for (const [name, act] of Object.entries(actions)) {
      app.post<{ Body: Which }>(
        `/api/packaging/${name}`,
        { schema: { tags, body: Which, response: { 204: Type.Null() } } },
        async (request, reply) => {
          if (!isThisMachine(request))
            throw new StationError('FORBIDDEN', 'Packaging is steered from the machine of the station only.')
          const isKnown = packager.jobs().some((job) => job.path === request.body.path && job.form === request.body.form)
          if (!isKnown)
            throw new StationError('NOT_FOUND', `There is no packaging job "${request.body.path}" for ${request.body.form}.`)
          await act(request.body)
          return reply.code(204).send()
        },
      )
    }
  },
  { name: 'packaging' },
)

/** By the socket itself, not by a header that a proxy may pass on; a page in a browser here sends an Origin and is refused. */
const isThisMachine = ({ socket, headers }: FastifyRequest): boolean =>
  headers.origin === undefined &&
  headers['x-forwarded-for'] === undefined &&
  /^(::1|(::ffff:)?127\.)/.test(socket.remoteAddress ?? '')
