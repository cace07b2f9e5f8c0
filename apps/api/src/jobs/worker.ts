/**
 * Works through rows that several api processes share: takes what is due under a lease, holds the lease while it works,
 * and never has more than so much under way. A process that dies leaves leases that run out.
 */
import type { Log } from '../log.ts'

export interface WorkerOptions<Row> {
  /** Names a row in this process. */
  keyOf: (row: Row) => string
  /** Takes at most so many that are due, for this process alone. */
  claim: (most: number) => Promise<Row[]>
  /** Prolongs the leases of these. */
  renew: (rows: Row[]) => Promise<void>
  /** Must write the outcome itself. What it rejects with is logged; the lease then runs out. */
  perform: (row: Row, signal: AbortSignal) => Promise<void>
  /** Under way at once. */
  most: number
  name: string
  log: Log
}

export function createWorker<Row>(options: WorkerOptions<Row>) {
  const { keyOf, claim, renew, perform, most, name, log } = options
  const underWay = new Map<string, { row: Row; ended: Promise<void> }>()
  const closing = new AbortController()

  function begin(row: Row): void {
    const key = keyOf(row)
    const ended = perform(row, closing.signal)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) log.warn({ err: error, worker: name }, 'failed; its lease runs out')
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, { row, ended })
  }

  async function look(): Promise<void> {
    if (underWay.size > 0) await renew([...underWay.values()].map(({ row }) => row))
    const free = most - underWay.size
    if (free <= 0 || closing.signal.aborted) return
    for (const row of await claim(free)) if (!underWay.has(keyOf(row))) begin(row)
  }
  let looking: Promise<void> | null = null
  let next: Promise<void> | null = null

  /** One look at a time: two would each fill the places that are free. What came meanwhile, one more finds. */
  function run(): Promise<void> {
    if (looking) {
      next ??= looking
        .catch(() => undefined)
        .then(() => {
          next = null
          return run()
        })
      return next
    }
    looking = look().finally(() => {
      looking = null
    })
    return looking
  }

  return {
    /** Begins whatever is due; does not wait for it. */
    run,

    /** Resolves when nothing is under way. */
    async settled(): Promise<void> {
      while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ ended }) => ended))
    },

    /** Gives up what is under way. */
    async close(): Promise<void> {
      closing.abort()
      // What it takes is let go of at once; unheard of, it would still be at work when the database is closed.
      await looking?.catch(() => undefined)
      await Promise.all([...underWay.values()].map(({ ended }) => ended))
    },
  }
}
