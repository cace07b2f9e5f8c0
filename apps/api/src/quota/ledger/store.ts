/** The ledger's `apply` on a database of this process. */
import type { Database } from '../../db/database.ts'
import type { Ledger, LedgerAnswer, LedgerOperation } from '../../ports/ledger.ts'
import { createPriceStore } from '../prices/store.ts'
import { createCallers } from './callers.ts'
import { selectBudget } from './sql/accounts.ts'
import { insertHold, readHold } from './sql/hold.ts'
import { readBudget } from './sql/rows.ts'
import { transactionOf } from './transaction.ts'

export function createLedger(database: Pick<Database, 'db' | 'batch'>): Ledger {
  const prices = createPriceStore(database)

  /** Most calls are granted, by one statement that locks what it needs. */
  async function applyAlone(operation: LedgerOperation): Promise<LedgerAnswer | null> {
    if (operation.kind !== 'hold') return null
    const [rows = []] = await database.batch([insertHold(operation)])
    const answer = readHold(rows)
    // Why it was refused is only exact under the account's lock.
    return answer?.kind === 'granted' ? answer : null
  }

  return {
    async apply(operations) {
      const [first, ...more] = operations
      if (!first) return []
      const alone = more.length === 0 ? await applyAlone(first) : null
      if (alone) return [alone]
      const transaction = transactionOf(operations)
      return transaction.answers(await database.batch(transaction.statements))
    },
    callerOf: createCallers(database).callerOf,
    async budgetOf(userId, allowance) {
      const [rows = []] = await database.batch([selectBudget(userId, allowance)])
      return readBudget(rows)
    },
    editedPrices: async () => (await prices.current()).map(({ price }) => price),
  }
}
