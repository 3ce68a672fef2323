/**
 * WebSocket frames from server to page (RFC 6455 §5.2): final, unmasked. Made here because `ws` frames a message again for each
 * socket; to thousands of sockets one Buffer is what makes a broadcast cheap.
 */
const TEXT = 0x81
const PING = 0x89

export function textFrame(text: string): Buffer {
  const size = Buffer.byteLength(text)
  const headerSize = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerSize + size)
  frame[0] = TEXT
  if (headerSize === 2) frame[1] = size
  else if (headerSize === 4) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(size), 2)
  }
  frame.write(text, headerSize)
  return frame
}

export const PING_FRAME: Buffer = Buffer.from([PING, 0])
