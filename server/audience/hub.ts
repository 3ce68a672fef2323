import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { ServerMessage } from '#contract/socket.ts'
import { PING_FRAME, textFrame } from './frames.ts'
import { mergedMessage } from './merging.ts'

export type Topic = Exclude<ServerMessage['type'], 'welcome'>
export type TopicMessage<T extends Topic> = Extract<ServerMessage, { type: T }>

/** For every page; other topics only for those that ask for them. */
const PUBLIC: readonly Topic[] = ['audience', 'now-playing']
/** A page that does not read what it is sent is dropped; it comes back and gets the newest. */
const MAX_BUFFERED_BYTES = 64 * 1024
/** So that the event loop does other work between: some 3 ms of writing. */
const SLICE = 250
/** Seconds of silence after which a socket is pinged; after twice as many it is dead. Shorter than any proxy's patience. */
const PING_SECONDS = 25

export type Member = {
  readonly socket: WebSocket
  /** Its TCP or TLS socket, which takes frames made once for all. Absent where there is none, as in `injectWS`. */
  readonly raw: Socket | undefined
  readonly topics: Set<Topic>
  /** Counted in flushes: a clock that steps kills nobody. */
  heardAt: number
}

export type Hub = {
  /** Goes to every page (of the topic) with the next flush, merged with what else is waiting. Newest wins. */
  publish<T extends Topic>(topic: T, message: TopicMessage<T>): void
  join(socket: WebSocket, raw: Socket | undefined): Member
  /** Also sends what the topic last said. */
  subscribe(member: Member, topic: Topic): void
  leave(member: Member): void
  /** Once a second: everything waiting in one write per socket, pings where it was silent. */
  flush(): Promise<void>
  size(): number
}

export function createHub(): Hub {
  const members = new Set<Member>()
  const newest = new Map<Topic, TopicMessage<Topic>>()
  const waiting = new Map<Topic, TopicMessage<Topic>>()
  let flushes = 0

  const send = ({ socket, raw }: Member, { frames, texts }: Prepared) => {
    if (socket.readyState !== socket.OPEN || frames.length === 0) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate()
    else if (raw) raw.write(frames)
    else texts.forEach((text) => socket.send(text))
  }
  const checkPulse = (member: Member) => {
    const silent = flushes - member.heardAt
    if (silent >= 2 * PING_SECONDS) member.socket.terminate()
    else if (silent === PING_SECONDS) send(member, PING)
  }
  const snapshotFor = (topics: Iterable<Topic>): Prepared => prepared([...topics].flatMap((topic) => newest.get(topic) ?? []))

  return {
    publish(topic, message) {
      newest.set(topic, mergedMessage(newest.get(topic), message))
      waiting.set(topic, mergedMessage(waiting.get(topic), message))
    },
    join(socket, raw) {
      const member: Member = { socket, raw, topics: new Set(PUBLIC), heardAt: flushes }
      members.add(member)
      const heard = () => {
        member.heardAt = flushes
      }
      socket.on('message', heard)
      socket.on('pong', heard)
      send(member, snapshotFor(PUBLIC))
      return member
    },
    subscribe(member, topic) {
      if (member.topics.has(topic)) return
      member.topics.add(topic)
      send(member, snapshotFor([topic]))
    },
    leave: (member) => void members.delete(member),
    async flush() {
      flushes += 1
      const messages = [...waiting]
      waiting.clear()
      /** Few sets of topics exist: each has its frames made once. */
      const byTopics = new Map<string, Prepared>()
      const framesFor = ({ topics }: Member): Prepared => {
        const key = [...topics].join()
        const known = byTopics.get(key) ?? prepared(messages.filter(([topic]) => topics.has(topic)).map(([, message]) => message))
        byTopics.set(key, known)
        return known
      }
      let inSlice = 0
      for (const member of members) {
        checkPulse(member)
        if (messages.length > 0) send(member, framesFor(member))
        if (++inSlice % SLICE === 0) await nextTurn()
      }
    },
    size: () => members.size,
  }
}

/** Ready to be written to any number of sockets. */
type Prepared = { readonly frames: Buffer; readonly texts: readonly string[] }

function prepared(messages: readonly ServerMessage[]): Prepared {
  const texts = messages.map((message) => JSON.stringify(message))
  return { frames: Buffer.concat(texts.map(textFrame)), texts }
}

const PING: Prepared = { frames: PING_FRAME, texts: [] }
