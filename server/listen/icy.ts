/** Bytes of sound between two titles. Silence is about 600 bytes a second: more would hold a title back for minutes. */
export const ICY_INTERVAL = 8_192
/** A block is its length in units of 16 bytes, in one byte, and then so many bytes. */
const UNIT = 16
const LARGEST = 255 * UNIT

/** One ICY metadata block. An empty one says "as before". */
export function icyBlock(title: string | undefined): Buffer {
  if (title === undefined) return Buffer.from([0])
  // A quote or a semicolon would end the value; players know no escape for them.
  const safe = title
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replaceAll("'", '’')
    .replaceAll(';', ',')
  let text = Buffer.from(`StreamTitle='${safe}';`)
  if (text.length > LARGEST) text = Buffer.from(`StreamTitle='${safe.slice(0, 200)}';`)
  const units = Math.ceil(text.length / UNIT)
  const block = Buffer.alloc(1 + units * UNIT)
  block[0] = units
  text.copy(block, 1)
  return block
}

/**
 * Puts a metadata block after every `ICY_INTERVAL` bytes of sound: the title when it changed since the last block, else an empty one.
 * One per listener, since each counts bytes from where he came in.
 */
export function createIcyWeaver() {
  let left = ICY_INTERVAL
  let told: string | undefined
  return (sound: Buffer, title: string): readonly Buffer[] => {
    const parts: Buffer[] = []
    let rest = sound
    while (rest.length >= left) {
      parts.push(rest.subarray(0, left), icyBlock(title === told ? undefined : title))
      told = title
      rest = rest.subarray(left)
      left = ICY_INTERVAL
    }
    if (rest.length > 0) parts.push(rest)
    left -= rest.length
    return parts
  }
}
