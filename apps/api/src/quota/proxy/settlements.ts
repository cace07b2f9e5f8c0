/** What must be written down in the end: repeated until the books took it, however long they are away. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../log.ts'
import type { DrainRequest, LedgerAnswer, ReleaseRequest, SettleRequest } from '../../ports/ledger.ts'
import type { Books } from './types.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5_000

export interface Settlements {
  /** Resolves when it is written; rejects only when `close` gave it up. */
  write: <O extends SettleRequest | ReleaseRequest | DrainRequest>(operation: O) => Promise<LedgerAnswer<O>>
  /** Waits for what is under way, then gives up: what is left, the books' recovery charges in full. */
  close: (graceMs: number) => Promise<void>
}

export function createSettlements({ books, log }: { books: Books; log: Log }): Settlements {
  const open = new Set<Promise<unknown>>()
  const over = new AbortController()

  async function persist<O extends SettleRequest | ReleaseRequest | DrainRequest>(operation: O) {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      try {
        return await books.run(operation)
      } catch (error) {
        const { id, kind } = operation
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
