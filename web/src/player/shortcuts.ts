export type Command =
  'play' | 'mute' | 'fullscreen' | 'back' | 'forward' | 'live' | 'louder' | 'quieter' | 'captions' | 'picture-in-picture' | 'help'

export type Key = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

const COMMANDS: Readonly<Record<string, Command>> = {
  k: 'play',
  ' ': 'play',
  m: 'mute',
  f: 'fullscreen',
  j: 'back',
  ArrowLeft: 'back',
  ArrowRight: 'forward',
  l: 'live',
  ArrowUp: 'louder',
  ArrowDown: 'quieter',
  c: 'captions',
  p: 'picture-in-picture',
  '?': 'help',
}

/** What a key asks the player for; null with a modifier (a browser shortcut) and for every other key. */
export function commandOf({ key, ctrlKey, altKey, metaKey }: Key): Command | null {
  if (ctrlKey || altKey || metaKey) return null
  return COMMANDS[key.length === 1 ? key.toLowerCase() : key] ?? null
}
