/**
 * What must be written down in the end: repeated until the books took it, however long they are away. What they never
 * take, though they are there, is given up: its call is live no more, and the books' recovery charges it in full.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseAway } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { DrainRequest, LedgerAnswer, ReleaseRequest, SettleRequest } from '../../ports/ledger.ts'
import type { Books } from './types.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5_000
/** Refusals by books that are there: as many as pass while a deadlock or an update of theirs does. */
const MOST_REFUSALS = 6

export interface Settlements {
  /** Resolves when it is written; rejects when the books never take it, and when `close` gave it up. */
  write: <O extends SettleRequest | ReleaseRequest | DrainRequest>(operation: O) => Promise<LedgerAnswer<O>>
  /** Waits for what is under way, then gives up: what is left, the books' recovery charges in full. */
  close: (graceMs: number) => Promise<void>
}

export interface SettlementsOptions {
  books: Books
  log: Log
  firstPauseMs?: number
}

export function createSettlements(options: SettlementsOptions): Settlements {
  const { books, log, firstPauseMs = FIRST_PAUSE_MS } = options
  const open = new Set<Promise<unknown>>()
  const over = new AbortController()

  async function persist<O extends SettleRequest | ReleaseRequest | DrainRequest>(operation: O) {
    let refusals = 0
    for (let pause = firstPauseMs; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      try {
        return await books.run(operation)
      } catch (error) {
        const { id, kind } = operation
        if (!isDatabaseAway(error) && ++refusals >= MOST_REFUSALS) {
          log.fatal({ err: error, call: id, kind }, 'the books never took it: given up, and left to recovery')
          throw error
        }
        log.warn({ err: error, call: id, kind }, 'the books did not take it yet; it is repeated')
        if (over.signal.aborted) throw error
        await delay(pause, undefined, { signal: over.signal }).catch(() => undefined)
      }
    }
  }

  return {
    write(operation) {
      const written = persist(operation)
      open.add(written)
      const done = () => open.delete(written)
      written.then(done, done)
      return written
    },
    async close(graceMs) {
      const timer = setTimeout(() => over.abort(), graceMs)
      await Promise.allSettled(open)
      clearTimeout(timer)
      over.abort()
    },
  }
}
