import { Compile } from 'typebox/compile'
import type { FastifyRequest } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import { ClientMessage, type BeatMessage, type HelloMessage } from '#contract/socket.ts'
import { AUDIENCE_RULES } from '#core/audience.ts'
import type { Instant } from '#core/time.ts'
import type { Counting } from './counting.ts'
import type { Hub } from './hub.ts'
import type { Session, Sessions } from './secrets.ts'
import { isVisitor, type Visiting } from './visiting.ts'

const isClientMessage = Compile(ClientMessage)
/** More than any page of ours sends, in a quarter of a minute. */
const MESSAGES = 60
const MESSAGES_MS = 15_000
/** A visit ends after half an hour: telling it each minute that its visitor is still here is plenty. */
const NOTE_MS = 60_000
/** RFC 6455 §7.4.1. */
const UNSUPPORTED = 1003
const POLICY = 1008

export type ConversationPorts = {
  readonly now: () => Instant
  readonly hub: Hub
  readonly counting: Counting
  readonly visiting: Visiting
  readonly sessions: Sessions
  readonly channels: () => readonly string[]
  readonly isStaff: (request: FastifyRequest) => boolean
}

/** Talks with one page until its socket closes. What is not a message of the contract ends it. */
export function converse(ports: ConversationPorts, socket: WebSocket, request: FastifyRequest): void {
  const { now, hub, counting, visiting, sessions } = ports
  const member = hub.join(socket, request.raw.socket)
  const { ip } = request
  const userAgent = request.headers['user-agent'] ?? ''
  // Robots and staff may watch the counts, and are none of them.
  const isCounted = isVisitor({ address: ip, userAgent, at: now(), isStaff: ports.isStaff(request) })
  const address = sessions.maskedAddress(ip)
  let session: Session | undefined
  let [messages, countedFrom, notedAt] = [0, now() as number, -Infinity]

  const hello = (message: HelloMessage, at: Instant) => {
    if (session && session.device !== message.device) return socket.close(POLICY, 'One device per socket.')
    const known = message.session === undefined ? undefined : sessions.read(message.session, at)
    const granted =
      known?.device === message.device ? { session: known, token: sessions.renew(known, at) } : sessions.issue(message.device, at)
    session = granted.session
    for (const topic of message.topics ?? []) hub.subscribe(member, topic)
    const { beatSeconds, hiddenBeatSeconds } = AUDIENCE_RULES
    socket.send(JSON.stringify({ type: 'welcome', session: granted.token, beatSeconds, hiddenBeatSeconds, at }))
  }
  const beat = (message: BeatMessage, at: Instant) => {
    if (!session || !isCounted) return
    const channel = message.channel !== null && ports.channels().includes(message.channel) ? message.channel : null
    counting.beat({ ...message, ...session, channel, address }, at)
    if (at - notedAt < NOTE_MS && at >= notedAt) return
    notedAt = at
    counting.sawBeat({ address: ip, userAgent }, at)
    visiting.record({ address: ip, userAgent, at })
  }
  const isTooMany = (at: Instant): boolean => {
    if (at - countedFrom >= MESSAGES_MS || at < countedFrom) [messages, countedFrom] = [0, at]
    messages += 1
    return messages > MESSAGES
  }

  socket.on('message', (bytes: RawData, isBinary: boolean) => {
    const at = now()
    if (isBinary) return socket.close(UNSUPPORTED, 'Messages are JSON text.')
    if (isTooMany(at)) return socket.close(POLICY, `At most ${MESSAGES} messages in ${MESSAGES_MS / 1000} s.`)
    const message = parsed(bytes)
    if (!isClientMessage.Check(message)) return socket.close(POLICY, 'Not a message of this socket.')
    switch (message.type) {
      case 'hello':
        return hello(message, at)
      case 'beat':
        return beat(message, at)
      case 'bye':
        if (session) counting.bye(session)
        return
      default:
        message satisfies never
    }
  })
  socket.on('close', () => hub.leave(member))
}

function parsed(bytes: RawData): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
