/** Books in memory: exact for one process, forgetful, and unreachable on demand. */
import type { UserId } from '@matrixos/shared'
import type {
  Budget,
  Caller,
  Ledger,
  LedgerAnswer,
  LedgerOperation,
  SettleRequest,
} from '../../../ports/ledger.ts'
import type { Books } from '../types.ts'

type Hold = Extract<LedgerOperation, { kind: 'hold' }> & { isDraining: boolean }

const away = () => Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' })

export function createFakeLedger(options: { credits: bigint; callsAtOnce?: number | undefined }) {
  const holds = new Map<string, Hold>()
  const rows: SettleRequest[] = []
  const operations: LedgerOperation[] = []
  const callers = new Map<string, Caller>()
  let failures = 0
  let lookUps = 0
  const heldBy = (userId: UserId) => [...holds.values()].filter((hold) => hold.userId === userId)
  const budget = (userId: UserId): Budget => ({
    limit: options.credits,
    spent: rows
      .filter((row) => row.userId === userId && row.payer === 'platform')
      .reduce((sum, { cost }) => sum + cost, 0n),
    held: heldBy(userId).reduce((sum, { amount }) => sum + amount, 0n),
    periodEndsAt: null,
  })
  const grantable = (userId: UserId, amount: bigint, least: bigint, others: number) => {
    const { limit, spent, held } = budget(userId)
    const left = limit - spent - held
    if (amount <= left) return amount
    return others === 0 && least <= left ? left : null
  }
  function perform(operation: LedgerOperation): LedgerAnswer {
    if (operation.kind === 'progress') return { kind: 'done' }
    const { id, userId } = operation
    const known = holds.get(id)
    if (operation.kind === 'hold') {
      const live = heldBy(userId).filter(({ isDraining }) => !isDraining).length
      if (live >= (options.callsAtOnce ?? 5))
        return { kind: 'refused', reason: 'slots', budget: budget(userId) }
      const amount = grantable(userId, operation.amount, operation.least, live)
      if (amount === null) return { kind: 'refused', reason: 'credits', budget: budget(userId) }
      holds.set(id, { ...operation, amount, isDraining: false })
      return { kind: 'granted', amount, budget: budget(userId) }
    }
    if (operation.kind === 'dispatch') {
      if (!known) return { kind: 'refused', reason: 'gone', budget: budget(userId) }
      const amount = grantable(userId, operation.amount, operation.least, heldBy(userId).length - 1)
      if (amount === null) return { kind: 'refused', reason: 'credits', budget: budget(userId) }
      known.amount = amount
      known.state = 'dispatched'
      return { kind: 'granted', amount, budget: budget(userId) }
    }
    if (operation.kind === 'drain') {
      const drains = heldBy(userId).filter(({ isDraining }) => isDraining).length
      if (!known || drains >= operation.most) return { kind: 'refused' }
      known.isDraining = true
      return { kind: 'draining' }
    }
    holds.delete(id)
    if (operation.kind === 'release') return { kind: 'done' }
    if (!rows.some((row) => row.id === id)) rows.push(operation)
    return { kind: 'settled', budget: budget(userId) }
  }
  const books: Books = {
    async run(operation) {
      operations.push(operation)
      if (failures > 0) {
        failures--
        throw away()
      }
      return perform(operation) as LedgerAnswer<typeof operation>
    },
  }
  const ledger: Pick<Ledger, 'callerOf' | 'budgetOf'> = {
    async callerOf(hash) {
      lookUps++
      if (failures > 0) throw away()
      return callers.get(hash) ?? null
    },
    budgetOf: async (userId) => budget(userId),
  }
  return {
    ...{ books, ledger, rows, holds, operations, callers, budget },
    lookUps: () => lookUps,
    /** The next so many operations fail. */
    fail: (times: number) => {
      failures = times
    },
  }
}
export type FakeLedger = ReturnType<typeof createFakeLedger>
