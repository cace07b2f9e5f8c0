/** Rows as both drivers give them: amounts are text, times are milliseconds since 1970. */
import { z } from 'zod'
import type { Budget } from '../../../ports/ledger.ts'

export const amountColumn = z.string().transform(BigInt)

export const budgetColumns = {
  budget_limit: amountColumn,
  budget_spent: amountColumn,
  budget_held: amountColumn,
  budget_ends_ms: z.number().nullable(),
}
const budgetRow = z.object(budgetColumns)

export const budgetOf = (row: z.output<typeof budgetRow>): Budget => ({
  limit: row.budget_limit,
  spent: row.budget_spent,
  held: row.budget_held,
  periodEndsAt: row.budget_ends_ms === null ? null : new Date(row.budget_ends_ms),
})

/** Of a statement that always answers with one row. */
export const readBudget = (rows: unknown[]): Budget => budgetOf(budgetRow.parse(rows[0]))
