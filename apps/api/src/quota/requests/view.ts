/** A request for more credits, as people and administrators see it. */
import { type CreditRequestView, formatUsd } from '@matrixos/shared'
import type { CreditRequestRow } from './store.ts'

export const requestView = (row: CreditRequestRow): CreditRequestView => ({
  ...{ id: row.id, reason: row.reason, state: row.state, answer: row.answer },
  amount: formatUsd(row.amount),
  granted: row.granted === null ? null : formatUsd(row.granted),
  createdAt: row.createdAt.toISOString(),
  answeredAt: row.answeredAt?.toISOString() ?? null,
})
