import { connect, type Socket } from 'node:net'

/**
 * Run as a child of the audience bench: opens `count` WebSockets to `port` and throws away what they get, as cheaply as can be, so that
 * the server is what is measured.
 */
const [port, count] = process.argv.slice(2).map(Number) as [number, number]
const AT_ONCE = 100
const REQUEST = [
  'GET /ws HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
  '',
  '',
].join('\r\n')

const sockets: Socket[] = []
while (sockets.length < count) {
  const batch = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, open)
  sockets.push(...(await Promise.all(batch)))
}
process.send?.('open')
process.on('disconnect', () => process.exit())

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, onread: { buffer: Buffer.alloc(16_384), callback: heard } })
    let isOpen = false
    function heard(size: number, bytes: Uint8Array): boolean {
      if (!isOpen && !Buffer.from(bytes.buffer, bytes.byteOffset, size).toString('latin1').startsWith('HTTP/1.1 101')) {
        reject(new Error('The socket was refused.'))
      }
      isOpen = true
      resolve(socket)
      return true
    }
    socket.on('error', reject)
    socket.write(REQUEST)
  })
}
