import { StationError } from '../errors.ts'

/** ISO 14496-12 boxes: finding, walking and writing them. Offsets are absolute in the buffer. */
export type Box = { readonly type: string; readonly start: number; readonly body: number; readonly end: number }

/** Boxes of `buffer` in [from, to). Throws PACKAGE_INVALID where a size runs out of its parent. */
export function boxesOf(buffer: Buffer, from = 0, to = buffer.length): readonly Box[] {
  const boxes: Box[] = []
  for (let start = from; start < to;) {
    const box = boxAt(buffer, start, to)
    boxes.push(box)
    start = box.end
  }
  return boxes
}

export function findBox(buffer: Buffer, path: readonly string[], from = 0, to = buffer.length): Box | undefined {
  let found: Box | undefined
  for (const type of path) {
    found = boxesOf(buffer, found?.body ?? from, found?.end ?? to).find((box) => box.type === type)
    if (!found) return undefined
  }
  return found
}

/** Like `findBox`, but what is not there makes the package invalid. */
export function needBox(buffer: Buffer, path: readonly string[], from = 0, to = buffer.length): Box {
  const found = findBox(buffer, path, from, to)
  if (!found) throw new StationError('PACKAGE_INVALID', `The box ${path.join('/')} is missing.`)
  return found
}

function boxAt(buffer: Buffer, start: number, to: number): Box {
  if (start + 8 > to) throw new StationError('PACKAGE_INVALID', `A box header is cut off at byte ${start}.`)
  const size = buffer.readUInt32BE(start)
  const type = buffer.toString('latin1', start + 4, start + 8)
  // size 1: the real size follows as 64 bits; size 0: to the end of the file
  const isLarge = size === 1
  if (isLarge && start + 16 > to) throw new StationError('PACKAGE_INVALID', `A box header is cut off at byte ${start}.`)
  const length = isLarge ? Number(buffer.readBigUInt64BE(start + 8)) : size === 0 ? to - start : size
  const body = start + (isLarge ? 16 : 8)
  if (length < body - start || start + length > to) {
    throw new StationError('PACKAGE_INVALID', `The box ${JSON.stringify(type)} at byte ${start} says it has ${length} bytes.`)
  }
  return { type, start, body, end: start + length }
}

export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const header = Buffer.allocUnsafe(8)
  header.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 8))
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...parts])
}

/** A box with version and flags. */
export function fullBox(type: string, version: number, flags: number, ...parts: readonly Buffer[]): Buffer {
  return box(type, u32(((version << 24) | flags) >>> 0), ...parts)
}

export function u32(...values: readonly number[]): Buffer {
  const buffer = Buffer.allocUnsafe(values.length * 4)
  values.forEach((value, index) => buffer.writeUInt32BE(value, index * 4))
  return buffer
}

export function u16(...values: readonly number[]): Buffer {
  const buffer = Buffer.allocUnsafe(values.length * 2)
  values.forEach((value, index) => buffer.writeUInt16BE(value, index * 2))
  return buffer
}
