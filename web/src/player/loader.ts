import type { Channel } from '#contract/channels.ts'
import { createEngine, type Engine, type EngineEvents, type Quality } from './engine.ts'
import { addressOf, MissingSource } from './source.ts'

export type Load = {
  readonly media: HTMLVideoElement
  readonly channel: Channel
  readonly window: number | undefined
  readonly isSoundOnly: boolean
  readonly quality: Quality
  readonly isBehind: boolean
}

/** At most one engine; what an older one still has to say is not heard. */
export type Loader = {
  readonly engine: Engine | null
  load(request: Load): Promise<void>
  drop(): void
}

export function createLoader(events: EngineEvents & { readonly ready: () => void }): Loader {
  let engine: Engine | null = null
  let turn = 0

  const drop = () => {
    turn += 1
    engine?.destroy()
    engine = null
  }

  return {
    get engine() {
      return engine
    },
    drop,
    async load({ media, channel, window, isSoundOnly, quality, isBehind }) {
      drop()
      const mine = turn
      const heard =
        <A extends readonly unknown[]>(listener: (...args: A) => void) =>
        (...args: A) => {
          if (turn === mine) listener(...args)
        }
      try {
        const source = await addressOf(channel, { window, isSoundOnly })
        if (turn !== mine) return
        const made = await createEngine({
          media,
          source,
          quality,
          isRadio: channel.kind === 'radio',
          events: {
            timeline: heard(events.timeline),
            loaded: heard(events.loaded),
            levels: heard(events.levels),
            struggling: heard(events.struggling),
            failed: heard(events.failed),
            unsupported: heard(events.unsupported),
            date: events.date,
          },
        })
        if (turn !== mine) return made?.destroy()
        engine = made
        engine?.allowBehind(isBehind)
        if (engine) events.ready()
      } catch (error) {
        heard(events.failed)(error instanceof MissingSource ? 'missing' : 'network', String(error))
      }
    },
  }
}
