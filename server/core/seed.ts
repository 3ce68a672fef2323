/** A number from 0 to 2³²−1 that follows from the text alone: the only source of chance in the core. FNV-1a, then mixed. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** In an order that looks random and follows from the seed; what is added later does not reorder the rest. */
export function shuffled<T>(things: readonly T[], nameOf: (thing: T) => string, seed: string): T[] {
  return things
    .map((thing) => ({ thing, name: nameOf(thing), rank: seedOf(`${seed} ${nameOf(thing)}`) }))
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .map(({ thing }) => thing)
}
