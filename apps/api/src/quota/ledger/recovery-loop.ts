/**
 * Looks for calls of dead proxies, again and again. After an outage of the database every sign of life is old, whoever
 * lives: so only time counts in which this process had answers from it all along.
 */
import type { Database } from '../../db/database.ts'
import { type Loop, startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import { createRecovery, type RecoveryOptions } from './recovery.ts'
import { selectSilent } from './sql/in-flight.ts'

/** Rounds without an answer, after which the database counts as having been away. */
const GAP_ROUNDS = 3

export interface RecoveryLoopOptions extends Pick<RecoveryOptions, 'allowanceOf'> {
  database: Pick<Database, 'batch'>
  /** Milliseconds; no change of the system's clock moves it. */
  monotonic: () => number
  log: Log
  deadAfterMs: number
  everyMs: number
}

/** One round; safe in any number of processes. */
export function createRecoveryRound(options: RecoveryLoopOptions): () => Promise<void> {
  const { database, allowanceOf, monotonic, log, deadAfterMs, everyMs } = options
  const recovery = createRecovery(database, { deadAfterMs, allowanceOf })
  let answeredAt = Number.NEGATIVE_INFINITY
  let answersSince = Number.POSITIVE_INFINITY

  async function look(): Promise<void> {
    await database.batch([selectSilent(deadAfterMs, 1)])
    const now = monotonic()
    if (now - answeredAt > GAP_ROUNDS * everyMs) answersSince = now
    answeredAt = now
    if (now - answersSince < deadAfterMs) return
    const { gone, charged } = await recovery.recover()
    if (gone > 0) log.warn({ gone, charged }, 'AI calls of a proxy that is gone: charged in full if sent')
  }

  return async () => {
    try {
      await look()
    } catch (error) {
      answeredAt = Number.NEGATIVE_INFINITY
      throw error
    }
  }
}

export const startRecovery = (options: RecoveryLoopOptions): Loop =>
  startLoop('ai-recovery', options.everyMs, options.log, createRecoveryRound(options))
