import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ChannelId } from '#core/schedule.ts'
import type { Slice } from '#core/slices.ts'
import { StationError } from '../errors.ts'
import { openJournalFile } from './journalFile.ts'
import { createJournalTail, type JournalRecord } from './journalTail.ts'
import type { Appended, SliceStore } from './slices.ts'
import { sequenceAfter, untouched } from './touching.ts'

export const JOURNAL_FILE = 'as-run.jsonl'
const REWRITE_BYTES = 4_000_000
const BATCH = 500

export type JournalledSlices = SliceStore & {
  /** Tries to bring the database up to date now; resolves with whether it is. */
  flush(): Promise<boolean>
  /** Slices that are durable on this machine only. */
  pendingCount(): number
  close(): Promise<void>
}

export type JournalEvents = {
  /** Called once when the database stops answering, and once when it is up to date again. */
  readonly onAway?: (isAway: boolean, cause?: unknown) => void
  /** Another machine had committed other slices while this one could not: ours were given up from this sequence on. */
  readonly onGivenUp?: (channel: ChannelId, fromSequence: number) => void
}

/**
 * As-run that goes on without its database. While that does not answer, slices are committed to a file of this machine, and reads are
 * answered from there without waiting; when it is back they are written to it in order. Over restarts too.
 */
export async function withJournal(slices: SliceStore, dataDir: string, events: JournalEvents = {}): Promise<JournalledSlices> {
  const { file, records } = await openJournalFile(join(dataDir, JOURNAL_FILE))
  const tail = createJournalTail()
  for (const record of records) tail.apply(record as JournalRecord)
  let isAway = tail.pending().length > 0
  let flushing: Promise<boolean> | undefined
  let rewriteAt = REWRITE_BYTES

  const note = async (record: JournalRecord) => {
    await file.append([record])
    tail.apply(record)
    // What is kept may itself be large with many channels: rewrite only when that halves the file.
    if (file.sizeBytes() > rewriteAt) {
      await file.rewrite(tail.records())
      rewriteAt = Math.max(REWRITE_BYTES, file.sizeBytes() * 2)
    }
  }
  /** For reading while the database is away; what it holds is safe without us, so a full disk here stops nothing. */
  const learn = async (committed: readonly Slice[]) => {
    const fresh = committed.filter((slice) => !tail.knows(slice))
    if (fresh.length > 0) await note({ kind: 'committed', slices: fresh }).catch(() => undefined)
  }
  const turnAway = (error: unknown) => {
    if (!(error instanceof StationError && error.code === 'STORE_UNREACHABLE')) throw error
    if (!isAway) events.onAway?.(true, error)
    isAway = true
  }

  /** One at a time: the next slices must be seen to touch these. */
  let turn: Promise<unknown> = Promise.resolve()
  let writing = 0
  const appendHere = (added: readonly Slice[]): Promise<Appended> => {
    writing += 1
    const mine = turn.then(async (): Promise<Appended> => {
      const unknown = added.find((slice) => !tail.last(slice.channel))
      if (unknown) {
        const why = `The database does not answer, and this machine does not know what channel "${unknown.channel}" aired last.`
        throw new StationError('STORE_UNREACHABLE', why)
      }
      const refused = untouched(added, tail.last)
      if (refused.length > 0) return { ok: false, refused }
      await note({ kind: 'pending', slices: added })
      return { ok: true }
    })
    turn = mine
      .catch(() => undefined)
      .finally(() => {
        writing -= 1
      })
    return mine
  }

  /** Asks the database, or says `undefined` when it does not answer. */
  const ask = async <T>(question: () => Promise<T>): Promise<{ readonly answer: T } | undefined> => {
    if (isAway) void flush()
    else {
      try {
        return { answer: await question() }
      } catch (error) {
        turnAway(error)
      }
    }
    return undefined
  }

  const flush = (): Promise<boolean> => {
    flushing ??= flushAll()
      .catch((error: unknown) => {
        turnAway(error)
        return false
      })
      .finally(() => {
        flushing = undefined
      })
    return flushing
  }
  const flushAll = async (): Promise<boolean> => {
    // With nothing to write, a read tells whether the database is back.
    await slices.last('')
    while (tail.pending().length > 0 || writing > 0) {
      await flushBatch(tail.pending().slice(0, BATCH))
      await turn
    }
    if (isAway) events.onAway?.(false)
    isAway = false
    return true
  }
  const flushBatch = async (batch: readonly Slice[]) => {
    const outcome = await slices.append(batch)
    const refused = new Set(outcome.ok ? [] : outcome.refused.map((one) => one.channel))
    for (const channel of refused) await reconcile(channel)
    // A refusal wrote nothing, for no channel: those not refused go with the next batch.
    if (outcome.ok) for (const [channel, through] of lastSequences(batch)) await note({ kind: 'flushed', channel, through })
  }
  /** The database has other slices than ours begin after: its answer was lost, or another machine was first. */
  const reconcile = async (channel: ChannelId) => {
    const ours = tail.pending().filter((slice) => slice.channel === channel)
    const [first] = ours
    const last = ours.at(-1)
    if (!first || !last) return
    const committed = await slices.between(channel, first.from, last.to)
    const same = ours.filter((slice) => committed.some((one) => isDeepStrictEqual(one, slice)))
    const through = same.at(-1)
    if (through) await note({ kind: 'flushed', channel, through: through.sequence })
    const rest = ours[same.length]
    const newest = await slices.last(channel)
    if (!rest || (newest && rest.sequence === sequenceAfter(newest) && rest.from === newest.to)) return
    await note({ kind: 'given-up', channel, from: rest.sequence })
    await learn(newest ? [...committed, newest] : committed)
    events.onGivenUp?.(channel, rest.sequence)
  }

  if (isAway) void flush()
  return {
    async append(added) {
      const outcome = await ask(() => slices.append(added))
      if (outcome) {
        await learn(outcome.answer.ok ? added : outcome.answer.refused.flatMap(({ last }) => last ?? []))
        return outcome.answer
      }
      return appendHere(added)
    },
    async last(channel) {
      if (tail.hasPending(channel)) return tail.last(channel)
      const answer = await ask(() => slices.last(channel))
      if (!answer) return tail.last(channel)
      if (answer.answer) await learn([answer.answer])
      return answer.answer
    },
    async between(channel, from, to) {
      const answer = await ask(() => slices.between(channel, from, to))
      const own = tail.between(channel, from, to)
      if (!answer) return own
      await learn(answer.answer)
      const newest = answer.answer.at(-1)?.sequence ?? -1
      return tail.hasPending(channel) ? [...answer.answer, ...own.filter((slice) => slice.sequence > newest)] : answer.answer
    },
    prune: (before) => slices.prune(before),
    compact: (channel, span) => slices.compact(channel, span),
    flush,
    pendingCount: () => tail.pending().length,
    async close() {
      await flushing
      await file.close()
    },
  }
}

function lastSequences(batch: readonly Slice[]): Map<ChannelId, number> {
  return new Map(batch.map((slice) => [slice.channel, slice.sequence]))
}
