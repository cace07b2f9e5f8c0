/** Operations as statements of one transaction, and its rows as their answers. */
import type { UserId } from '@matrixos/shared'
import type { Statement } from '../../db/database.ts'
import type { LedgerAnswer, LedgerOperation, ProgressRequest } from '../../ports/ledger.ts'
import { createAccounts, lockAccounts } from './sql/accounts.ts'
import { dispatchHold, insertHold, readHold } from './sql/hold.ts'
import { drainHold, markProgress } from './sql/in-flight.ts'
import { readBudget } from './sql/rows.ts'
import { releaseHold, settleHold } from './sql/settle.ts'

type CallOperation = Exclude<LedgerOperation, ProgressRequest>

function statementFor(operation: LedgerOperation): Statement {
  switch (operation.kind) {
    case 'hold':
      return insertHold(operation)
    case 'dispatch':
      return dispatchHold(operation)
    case 'settle':
      return settleHold(operation)
    case 'release':
      return releaseHold(operation)
    case 'drain':
      return drainHold(operation)
    case 'progress':
      return markProgress(operation)
  }
}

function answerOf(operation: LedgerOperation, rows: unknown[]): LedgerAnswer {
  switch (operation.kind) {
    case 'hold':
    case 'dispatch': {
      const answer = readHold(rows)
      if (!answer) throw new Error('A locked account gave no answer.')
      return answer
    }
    case 'settle':
      return { kind: 'settled', budget: readBudget(rows) }
    case 'drain':
      return { kind: rows.length > 0 ? 'draining' : 'refused' }
    default:
      return { kind: 'done' }
  }
}

const usersOf = (operations: readonly CallOperation[]): UserId[] => [
  ...new Set(operations.map(({ userId }) => userId)),
]

/** `answers` takes the rows of `statements`, and keeps the order of `operations`. */
export function transactionOf(operations: readonly LedgerOperation[]) {
  const isCall = (operation: LedgerOperation): operation is CallOperation => operation.kind !== 'progress'
  const calls = operations.filter(isCall)
  const holds = calls.filter(({ kind }) => kind === 'hold')
  const before = [
    ...(holds.length > 0 ? [createAccounts(usersOf(holds))] : []),
    ...(calls.length > 0 ? [lockAccounts(usersOf(calls))] : []),
  ]
  // Reports of progress lock calls of others: whoever does so must wait for no account any more.
  const inOrder = [...calls, ...operations.filter((operation) => !isCall(operation))]
  return {
    statements: [...before, ...inOrder.map(statementFor)],
    answers(results: unknown[][]): LedgerAnswer[] {
      const rowsOf = new Map(inOrder.map((operation, at) => [operation, results[before.length + at] ?? []]))
      return operations.map((operation) => answerOf(operation, rowsOf.get(operation) ?? []))
    },
  }
}
