import { BOARDS } from './scenes/boards.ts'
import { BULLETINS } from './scenes/bulletin.ts'
import { CONTINUITY } from './scenes/continuity.ts'
import { DAYLIGHT_FILMS } from './scenes/daylight.ts'
import { EVENING_FILMS } from './scenes/evening.ts'
import type { Film } from './scenes/film.ts'
import { INDOOR_FILMS } from './scenes/indoors.ts'

/** Every television file of the demo station. */
export const FILMS: readonly Film[] = [
  ...CONTINUITY,
  ...BULLETINS,
  ...BOARDS,
  ...EVENING_FILMS,
  ...DAYLIGHT_FILMS,
  ...INDOOR_FILMS,
]
