/**
 * What the player does about what happens to it: pure, so that every fault can be tried without a browser. The store feeds events in
 * and performs the actions that come out.
 */
export type Model = {
  readonly phase: 'idle' | 'connecting' | 'playing' | 'buffering' | 'paused' | 'ended'
  readonly isOnline: boolean
  /** What a browser's autoplay rule left us with; `sound`: plays muted until somebody asks for sound. */
  readonly blocked: null | 'sound' | 'playback'
  readonly unsupported: null | 'browser' | 'codec'
  /** A load that failed and when it is tried again; `retryAt: 0` while a try is under way. */
  readonly trouble: null | { readonly attempt: number; readonly retryAt: number; readonly cause: Cause }
  /** Loads fail, but the loader has not given up yet. */
  readonly isStruggling: boolean
  readonly recoveredMediaAt: number
  /** When the picture last moved, and how far the watchdog has gone since. */
  readonly movedAt: number
  readonly rung: number
}
export type Cause = 'network' | 'media' | 'missing'

export type Event =
  /** `isSilent`: nobody asked for it, so it begins without sound and offers some. */
  | { readonly kind: 'load'; readonly isSilent: boolean }
  | { readonly kind: 'stop' }
  | { readonly kind: 'playing' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'blocked'; readonly what: 'sound' | 'playback' }
  | { readonly kind: 'sound-wanted' }
  | { readonly kind: 'unsupported'; readonly what: 'browser' | 'codec' }
  /** `delayMs`: how long to wait before the next try; the store draws it (full jitter). */
  | { readonly kind: 'failed'; readonly cause: Cause; readonly delayMs: number }
  | { readonly kind: 'struggling' }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'retry-now' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'online' }
  /** The machine slept or the tab was frozen. */
  | { readonly kind: 'woke' }
  /** Once a second, with whether the media position moved since the last one. */
  | { readonly kind: 'tick'; readonly hasMoved: boolean }

export type Action =
  /** Throw the loader away and start from the multivariant playlist. */
  | 'rebuild'
  /** Keep what is buffered and load on. */
  | 'reload'
  | 'recover-media'
  /** Seek to what is on air at this instant, unless the viewer chose to be behind. */
  | 'to-clock'
  | 'play'
  | 'play-muted'
  | 'tear-down'

export type Step = { readonly model: Model; readonly actions: readonly Action[] }

export const NOTHING_LOADED: Model = {
  phase: 'idle',
  isOnline: true,
  blocked: null,
  unsupported: null,
  trouble: null,
  isStruggling: false,
  recoveredMediaAt: Number.NEGATIVE_INFINITY,
  movedAt: 0,
  rung: 0,
}

/** hls.js: more often than this and a recovery undoes the one before. */
const MEDIA_RECOVERY_MS = 5_000
/** A picture that stood this long is not playing, whatever the browser thinks. */
const STUCK_MS = 1_500
/** A try of which nothing was heard for so long has been lost. */
const HUNG_MS = 15_000
/** After this many loads in a row that failed only a fresh start helps (another address, another init section). */
const RELOADS = 2
/** What a picture that stands still gets, by how long it has stood. */
const LADDER: readonly { readonly afterMs: number; readonly actions: readonly Action[] }[] = [
  { afterMs: 4_000, actions: ['reload', 'to-clock', 'play'] },
  { afterMs: 9_000, actions: ['recover-media', 'to-clock', 'play'] },
  { afterMs: 15_000, actions: ['rebuild', 'play'] },
]

const still = (model: Model): Step => ({ model, actions: [] })

export function step(model: Model, event: Event, at: number): Step {
  const isMeantToPlay = model.phase === 'connecting' || model.phase === 'playing' || model.phase === 'buffering'
  switch (event.kind) {
    case 'load':
      return {
        model: {
          ...NOTHING_LOADED,
          isOnline: model.isOnline,
          blocked: event.isSilent ? 'sound' : null,
          phase: 'connecting',
          movedAt: at,
        },
        actions: ['rebuild', 'play'],
      }
    case 'stop':
      return { model: { ...NOTHING_LOADED, isOnline: model.isOnline }, actions: ['tear-down'] }
    case 'playing':
      // A late event of what was stopped meanwhile.
      if (model.phase === 'idle') return still(model)
      return still({ ...model, phase: 'playing', movedAt: at, rung: 0, blocked: model.blocked === 'sound' ? 'sound' : null })
    case 'waiting':
      return still(model.phase === 'playing' ? { ...model, phase: 'buffering', movedAt: at, rung: 0 } : model)
    case 'paused':
      return still(isMeantToPlay ? { ...model, phase: 'paused' } : model)
    case 'resume':
      if (model.phase === 'idle') return still(model)
      return {
        model: { ...model, phase: 'connecting', blocked: null, movedAt: at, rung: 0 },
        actions: model.trouble ? ['rebuild', 'play'] : ['reload', 'to-clock', 'play'],
      }
    case 'ended':
      return still(model.phase === 'idle' ? model : { ...model, phase: 'ended' })
    case 'blocked':
      if (event.what === 'sound') return { model: { ...model, blocked: 'sound' }, actions: ['play-muted'] }
      return still({ ...model, phase: 'paused', blocked: 'playback' })
    case 'sound-wanted':
      return still({ ...model, blocked: model.blocked === 'sound' ? null : model.blocked })
    case 'unsupported':
      return { model: { ...model, phase: 'paused', unsupported: event.what, trouble: null }, actions: ['tear-down'] }
    case 'failed':
      return failed(model, event, at)
    case 'loaded':
      return still({ ...model, trouble: null, isStruggling: false })
    case 'struggling':
      return still(model.phase === 'idle' || model.isStruggling ? model : { ...model, isStruggling: true })
    case 'retry-now':
      return model.phase === 'idle' ? still(model) : retried({ ...model, rung: 0 }, at)
    case 'offline':
      return still({ ...model, isOnline: false })
    case 'online':
      if (!isMeantToPlay) return still({ ...model, isOnline: true })
      return retried({ ...model, isOnline: true }, at)
    case 'woke':
      return isMeantToPlay
        ? { model: { ...model, movedAt: at, rung: 0 }, actions: ['reload', 'to-clock', 'play'] }
        : still({ ...model, movedAt: at })
    case 'tick':
      return isMeantToPlay ? ticked(model, event.hasMoved, at) : still(model)
    default:
      return event satisfies never
  }
}

function failed(model: Model, { cause, delayMs }: { cause: Cause; delayMs: number }, at: number): Step {
  if (model.phase === 'idle' || model.unsupported) return still(model)
  if (cause === 'media' && at - model.recoveredMediaAt >= MEDIA_RECOVERY_MS) {
    return { model: { ...model, recoveredMediaAt: at }, actions: ['recover-media', 'play'] }
  }
  // One outage fails many requests; they are one trouble.
  if (model.trouble && model.trouble.retryAt > at) return still(model)
  const attempt = (model.trouble?.attempt ?? 0) + 1
  return still({ ...model, trouble: { attempt, cause, retryAt: at + delayMs } })
}

/** The trouble stays until something has loaded, so that the next failure counts on. */
function retried(model: Model, at: number): Step {
  const { trouble } = model
  const isFresh = trouble !== null && (trouble.attempt > RELOADS || trouble.cause !== 'network' || model.phase === 'connecting')
  return {
    model: { ...model, movedAt: at, trouble: trouble && { ...trouble, retryAt: 0 } },
    actions: isFresh ? ['rebuild', 'play'] : ['reload', 'to-clock', 'play'],
  }
}

function ticked(model: Model, hasMoved: boolean, at: number): Step {
  if (hasMoved) {
    const isBack = model.phase === 'buffering' || model.phase === 'connecting'
    model = { ...model, movedAt: at, rung: 0, phase: isBack ? 'playing' : model.phase }
  }
  // Not every browser says "waiting" every time.
  const isStuck = model.phase === 'playing' && at - model.movedAt > STUCK_MS
  if (isStuck) model = { ...model, phase: 'buffering' }
  const isTrying = model.trouble?.retryAt === 0
  const isDue = isTrying ? at - model.movedAt > HUNG_MS : (model.trouble?.retryAt ?? at) <= at
  if (model.trouble && isDue && model.isOnline) return retried(model, at)
  if (hasMoved || model.trouble || !model.isOnline) return still(model)
  const due = LADDER[model.rung]
  if (!due || at - model.movedAt < due.afterMs) return still(model)
  // After the last rung the climb begins again: whatever the fault was, it may be over.
  const isLast = model.rung === LADDER.length - 1
  return { model: { ...model, rung: isLast ? 0 : model.rung + 1, movedAt: isLast ? at : model.movedAt }, actions: due.actions }
}
