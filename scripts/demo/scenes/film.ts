import type { Mark, Speech } from '../audio/speech.ts'
import { play, type Piece } from '../audio/music.ts'
import { PIECES, type PieceId } from '../audio/pieces.ts'
import { fade, samplesOf, type Stereo } from '../audio/sound.ts'
import { caption } from '../picture/titles.ts'
import { shown, type Draw, type Pen } from '../picture/stage.ts'

export type Built = { readonly seconds: number; readonly sound: Stereo; readonly draw: Draw }
/** One file of the demo station. `file` is relative to `media/`; its ending chooses the codecs. */
export type Film = {
  readonly file: string
  readonly title: string
  readonly isBare?: boolean
  readonly isAac?: boolean
  readonly crf?: number
  readonly build: () => Built
}

const played = new Map<PieceId, Stereo>()
export const piece = (id: PieceId): Stereo => {
  const known = played.get(id)
  if (known) return known
  const sound = play(PIECES[id] as Piece)
  played.set(id, sound)
  return sound
}

/** The first `seconds` of a piece (or from `start`), let out gently. */
export const excerpt = (id: PieceId, seconds: number, start = 0): Stereo => {
  const { left, right } = piece(id)
  const from = samplesOf(start)
  const cut = (ear: Float32Array) =>
    Float32Array.from({ length: samplesOf(seconds) }, (_, i) => ear[(from + i) % ear.length] ?? 0)
  return fade({ left: cut(left), right: cut(right) }, start > 0 ? 1 : 0.1, 2)
}

export const captions = (pen: Pen, t: number, marks: readonly Mark[]): void => {
  const now = marks.find((m) => m.from - 0.2 <= t && t < m.to + 0.3)
  if (now) caption(pen, now.text, shown(t, now.from - 0.2, now.to + 0.3, 0.2))
}

export const lengthOf = (speech: Speech): number => speech.sound.left.length / samplesOf(1)
