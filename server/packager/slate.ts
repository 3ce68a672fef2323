import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { renditionsOf, type RenditionId } from '#core/ladder.ts'
import type { Library, PackagedForm, PackageId } from '#core/library.ts'
import { identityOf, type LoudnessTarget } from '#core/packaging.ts'
import type { Outcome } from '#core/refusal.ts'
import type { ChannelKind } from '#core/schedule.ts'
import { SEGMENT_TICKS, TICK_MS } from '#core/time.ts'
import { houseInit } from '../cmaf/air.ts'
import { StationError } from '../errors.ts'
import { buildPackage } from './build.ts'
import type { Cards } from './card.ts'
import { chordWav } from './chord.ts'
import { packageIdOf, syncFolder, writeDurably, type Folders } from './folders.ts'
import { measureMedia, probeMedia } from './measure.ts'
import type { Packages } from './packages.ts'
import type { CheckedTools } from './tools.ts'

export type SlateDeps = {
  readonly dataDir: string
  readonly folders: Folders
  readonly packages: Packages
  readonly tools: CheckedTools
  readonly cards: Cards
}

export type House = {
  readonly slate: Library['slate']
  /** The init section that serves each rendition of every channel, for ever. */
  readonly inits: { readonly [id in RenditionId]: Buffer }
}

/** Raise it when the slate shall look or sound otherwise. */
const SLATE_VERSION = 1
/** Eight segments. */
const SLATE_TICKS = 8 * SEGMENT_TICKS
/** Softer than any programme: it may run for hours. */
const SLATE_LOUDNESS: LoudnessTarget = { lufs: -27, peakDb: -6 }
const WORDS = 'Sóng sẽ trở lại ngay'

/**
 * The built-in picture and sound that air when nothing else can, and the house's init sections: made at the first start before anything
 * airs, whole again after damage. Throws when they cannot be made: without them no channel may go on air.
 */
export async function ensureHouse(deps: SlateDeps): Promise<House> {
  const [tv, radio] = await ensureSlates(deps)
  const inits = await Promise.all(renditionsOf('tv').map(async (id) => [id, await ensureInit(id, tv, deps)] as const))
  return { slate: { tv, radio }, inits: Object.fromEntries(inits) as House['inits'] }
}

async function ensureSlates(deps: SlateDeps): Promise<readonly [tv: PackagedForm, radio: PackagedForm]> {
  const content = createHash('sha256').update(`slate ${SLATE_VERSION} ${WORDS}`).digest('hex')
  const wanted = FORMS.map((form) => ({ form, id: packageIdOf(identityOf(content, form, SLATE_LOUDNESS)) }))
  const lacking: Wanted[] = []
  for (const slate of wanted) if (!(await deps.packages.isWhole(slate.id))) lacking.push(slate)
  if (lacking.length > 0) await buildSlates(lacking, deps)
  const [tv, radio] = wanted.map(({ id }) => ({ id, ticks: SLATE_TICKS }))
  if (!tv || !radio) throw new StationError('PACKAGE_INVALID', 'The slate has no form for television or for radio.')
  return [tv, radio]
}

type Wanted = { readonly form: ChannelKind; readonly id: PackageId }
const FORMS: readonly ChannelKind[] = ['tv', 'radio']

async function buildSlates(wanted: readonly Wanted[], { folders, packages, tools, cards }: SlateDeps): Promise<void> {
  const work = await folders.openWork()
  try {
    const wav = join(work.path, 'chord.wav')
    await writeFile(wav, chordWav((SLATE_TICKS * TICK_MS) / 1000))
    const source = await open(wav)
    try {
      const facts = valueOf(await probeMedia(source, tools))
      const measurement = valueOf(await measureMedia(source, facts, { tools }))
      const build = async ({ id, form }: Wanted): Promise<void> => {
        const job = { id, source, facts, measurement, form, target: SLATE_LOUDNESS, card: () => cards.slate(WORDS) }
        valueOf(await buildPackage(job, { folders, packages, tools }))
      }
      await Promise.all(wanted.map(build))
    } finally {
      await source.close()
    }
  } finally {
    await work.discard()
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new StationError('PACKAGE_INVALID', `The slate cannot be made: ${outcome.problems[0]?.message ?? ''}`)
}

/** Written once and never again, whatever ffmpeg makes later packages: a player that has it must never see another. */
async function ensureInit(id: RenditionId, slate: PackagedForm, { dataDir, packages }: SlateDeps): Promise<Buffer> {
  const folder = join(dataDir, 'house')
  const path = join(folder, `${id}-init.mp4`)
  const kept = await readFile(path).catch(() => undefined)
  if (kept && kept.length > 0) return kept
  const init = houseInit(await packages.readInit(slate.id, id))
  await mkdir(folder, { recursive: true })
  await writeDurably(`${path}.new`, init)
  await rename(`${path}.new`, path)
  await syncFolder(folder)
  return init
}
