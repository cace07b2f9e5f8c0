/** What the ledger's statements share: an account as it is now, whatever its row says of a period that is over. */
import type { Statement } from '../../../db/database.ts'
import type { Allowance } from '../../../ports/ledger.ts'

export type Columns = Record<
  string,
  readonly ['text' | 'int4' | 'int8' | 'json', string | number | bigint | null]
>

const MONTH = "date_trunc('month', now() at time zone 'UTC')"

/** The values are the one row of `i`, by their names. `rest` follows `with i as (…)`. */
export function statementOf(values: Columns, rest: string): Statement {
  const columns = Object.entries(values)
  const list = columns.map(([name, [type]], at) => `$${at + 1}::${type} as ${name}`)
  const month = `${MONTH} at time zone 'UTC' as month_starts, (${MONTH} + interval '1 month') at time zone 'UTC' as month_ends`
  return {
    text: `with i as materialized (select ${list.join(', ')}, ${month})${rest}`,
    params: columns.map(([, [, value]]) => (typeof value === 'bigint' ? String(value) : value)),
  }
}

export const allowanceColumns = (allowance: Allowance) =>
  ({
    credits: ['int8', allowance.credits],
    period: ['text', allowance.period],
    calls_at_once: ['int4', allowance.callsAtOnce],
    calls_per_minute: ['int4', allowance.callsPerMinute],
  }) as const

// Below, `a` is the row of the account, and `i` the values.

/** Whether the row is of an earlier month. */
const IS_OVER = "(i.period = 'month' and a.period_starts_at < i.month_starts)"
export const CREDITS = 'coalesce(a.credits, i.credits)'
/** What was spent beyond the plan's credits was spent of what was granted. */
const GRANTED = `(case when ${IS_OVER} then greatest(0, a.granted - greatest(0, a.spent - ${CREDITS})) else a.granted end)`
export const SPENT = `(case when ${IS_OVER} then 0 else a.spent end)`
export const ROUND = `(a.alert_round + ${IS_OVER}::int)`
export const LIMIT = `(${CREDITS} + ${GRANTED})`
export const FREE = `(${LIMIT} - ${SPENT} - a.held)`
const ENDS = "(case i.period when 'month' then i.month_ends end)"

export const STARTS = `(case when ${IS_OVER} then i.month_starts else a.period_starts_at end)`

/** For `set`: begins the period that it is, and leaves `spent` to the statement. `given`: added to what was granted. */
export const rolled = (given = '0') => `granted = greatest(0, ${GRANTED} + ${given}), alert_round = ${ROUND},
  period_starts_at = ${STARTS}, period_ends_at = ${ENDS}`

/**
 * When a call is written down. `now()` is when the transaction began: while it waited for the account, another may have
 * begun the next month there, in which this call is charged. No time that is still to come: the clock may have been wrong.
 */
export const WRITTEN_AT = `greatest(now(), least(clock_timestamp(),
  (select w.period_starts_at from credit_accounts w where w.user_id = (select i.user_id from i))))`

/** The columns of `budgetRow`. Where there is no account, nothing was spent. */
export const BUDGET = `coalesce(${LIMIT}, i.credits)::text as budget_limit, coalesce(${SPENT}, 0)::text as budget_spent,
  coalesce(a.held, 0)::text as budget_held, (extract(epoch from ${ENDS}) * 1000)::float8 as budget_ends_ms`

export const BUDGET_NAMES = 'budget_limit, budget_spent, budget_held, budget_ends_ms'
