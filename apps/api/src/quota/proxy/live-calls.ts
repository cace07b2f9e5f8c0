/** Calls in flight here, and the signs of life that keep the books from taking them for a dead proxy's. */
import { type Loop, startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { CallId } from '../../ports/ledger.ts'
import type { Books, LiveCall } from './types.ts'

const PROGRESS_MS = 1_000

export interface LiveCalls {
  add: (call: LiveCall) => void
  delete: (id: CallId) => void
  size: () => number
  /** One report of what changed, or of all when that is due. */
  report: () => Promise<void>
}

export interface LiveCallsOptions {
  books: Books
  proxyId: string
  /** Well below the time after which a silent proxy's calls are charged in full. */
  heartbeatMs: number
  monotonic: () => number
}

export function createLiveCalls({ books, proxyId, heartbeatMs, monotonic }: LiveCallsOptions): LiveCalls {
  const live = new Map<CallId, { call: LiveCall; told: bigint }>()
  let allToldAt = monotonic()
  return {
    add: (call) => void live.set(call.id, { call, told: 0n }),
    delete: (id) => void live.delete(id),
    size: () => live.size,
    async report() {
      const isDue = monotonic() - allToldAt >= heartbeatMs
      const all = [...live.values()].map((entry) => ({ entry, costSoFar: entry.call.costSoFar() }))
      const told = all.filter(({ entry, costSoFar }) => isDue || costSoFar !== entry.told)
      if (told.length === 0) return
      const calls = told.map(({ entry, costSoFar }) => ({ id: entry.call.id, costSoFar }))
      await books.run({ kind: 'progress', proxyId, calls })
      for (const { entry, costSoFar } of told) entry.told = costSoFar
      if (isDue) allToldAt = monotonic()
    },
  }
}

export const startProgress = (calls: LiveCalls, log: Log): Loop =>
  startLoop('ai-progress', PROGRESS_MS, log, calls.report)
