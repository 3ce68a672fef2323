import type { Migration } from '../migrate.ts'
import { ground } from './0001-ground.ts'

/** In order of their numbers. Append only: what has been released is never edited. */
export const MIGRATIONS: readonly Migration[] = [ground]
