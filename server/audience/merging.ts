import type { ServerMessage } from '#contract/socket.ts'

type TopicMessage = Exclude<ServerMessage, { type: 'welcome' }>

/** Both messages in one: of each channel the later word. */
export function mergedMessage<T extends TopicMessage>(earlier: T | undefined, later: T): T {
  return earlier ? (merged(earlier, later) as T) : later
}

function merged(earlier: TopicMessage, later: TopicMessage): TopicMessage {
  if (earlier.type === 'audience' && later.type === 'audience') {
    return { ...later, channels: { ...earlier.channels, ...later.channels } }
  }
  if (earlier.type === 'now-playing' && later.type === 'now-playing') {
    const channels = new Map([...earlier.channels, ...later.channels].map((one) => [one.channel, one]))
    return { ...later, channels: [...channels.values()] }
  }
  return later
}
