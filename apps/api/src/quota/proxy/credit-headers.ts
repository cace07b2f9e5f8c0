/** What each answer says of the caller's credits. */
import { ALERT_THRESHOLDS, type BudgetAnswer, CREDIT_HEADERS, formatUsd } from '@matrixos/shared'
import type { Budget, CallId } from '../../ports/ledger.ts'

const atLeast0 = (nano: bigint) => (nano > 0n ? nano : 0n)

const remainingOf = ({ limit, spent, held }: Budget) => atLeast0(limit - spent - held)

const budgetHeaders = (budget: Budget): Record<string, string> => ({
  [CREDIT_HEADERS.spent]: formatUsd(budget.spent),
  [CREDIT_HEADERS.held]: formatUsd(budget.held),
  [CREDIT_HEADERS.remaining]: formatUsd(remainingOf(budget)),
})

export const callHeaders = (id: CallId, budget: Budget | null, clampedTo: number | null) => ({
  [CREDIT_HEADERS.callId]: id,
  ...(budget && budgetHeaders(budget)),
  ...(clampedTo !== null && { [CREDIT_HEADERS.clamped]: String(clampedTo) }),
})

/** When the call is over, and its hold has become its cost. `null`: no credits paid for it. */
export const costHeaders = (cost: bigint, paid: { budget: Budget; held: bigint } | null) => ({
  [CREDIT_HEADERS.cost]: formatUsd(cost),
  ...(paid && budgetHeaders(settled(paid.budget, paid.held, cost))),
})

const settled = (budget: Budget, held: bigint, cost: bigint): Budget => ({
  ...budget,
  held: atLeast0(budget.held - held),
  spent: budget.spent + cost,
})

export function budgetAnswer(budget: Budget): BudgetAnswer {
  const { limit, spent, held, periodEndsAt } = budget
  const reached = ALERT_THRESHOLDS.filter((percent) => spent * 100n >= limit * BigInt(percent))
  return {
    limit_usd: formatUsd(limit),
    spent_usd: formatUsd(spent),
    held_usd: formatUsd(held),
    remaining_usd: formatUsd(remainingOf(budget)),
    period_ends_at: periodEndsAt?.toISOString() ?? null,
    alert: reached.at(-1) ?? null,
  }
}
