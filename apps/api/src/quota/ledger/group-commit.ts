/**
 * Many callers, one transaction: what arrives while one is under way goes together in the next. Whoever comes alone
 * waits for nobody.
 */
import { isDatabaseAway } from '../../errors.ts'
import type { Ledger, LedgerAnswer, LedgerOperation } from '../../ports/ledger.ts'

/** Operations in one transaction: it holds the locks of all their people until it ends. */
const MOST = 64

interface Waiting {
  operation: LedgerOperation
  resolve: (answer: LedgerAnswer) => void
  reject: (error: unknown) => void
}

export interface GroupCommit {
  /** Rejects when the outcome is unknown, or the operation cannot be written; repeat it then. */
  run: <O extends LedgerOperation>(operation: O) => Promise<LedgerAnswer<O>>
  /** Resolves when nothing is under way any more. */
  close: () => Promise<void>
}

export function createGroupCommit(apply: Ledger['apply'], most = MOST): GroupCommit {
  const queue: Waiting[] = []
  let working: Promise<void> | null = null

  /** Resolves to the error that says that the database is away, if there was one. */
  async function commit(batch: readonly Waiting[]): Promise<{ away: unknown } | null> {
    try {
      const answers = await apply(batch.map(({ operation }) => operation))
      batch.forEach(({ resolve, reject }, at) => {
        const answer = answers[at]
        if (answer) resolve(answer)
        else reject(new Error('The books gave no answer to this operation.'))
      })
      return null
    } catch (error) {
      const isAway = isDatabaseAway(error)
      if (batch.length > 1 && !isAway) await commitAlone(batch)
      else for (const { reject } of batch) reject(error)
      return isAway ? { away: error } : null
    }
  }

  /** However many of them cannot be written, they must not take the others with them. */
  async function commitAlone(batch: readonly Waiting[]): Promise<void> {
    let failure: { away: unknown } | null = null
    for (const one of batch) {
      if (failure) one.reject(failure.away)
      else failure = await commit([one])
    }
  }

  async function work(): Promise<void> {
    // Requests that were read at once come in the same turn.
    await Promise.resolve()
    while (queue.length > 0) await commit(queue.splice(0, most))
    working = null
  }

  return {
    run: <O extends LedgerOperation>(operation: O) =>
      new Promise<LedgerAnswer<O>>((resolve, reject) => {
        // The answer is of the kind that its operation asks for: the ledger's contract.
        queue.push({ operation, resolve: resolve as Waiting['resolve'], reject })
        working ??= work()
      }),
    close: async () => {
      await working
    },
  }
}
