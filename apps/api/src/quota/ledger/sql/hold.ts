/**
 * Holds. One statement decides and writes: its conditions stand in the `where` of the account's update, which is judged
 * again by whatever an earlier one has left. What it says of a refusal is exact only under the account's lock.
 */
import { z } from 'zod'
import type { Statement } from '../../../db/database.ts'
import type { DispatchRequest, HoldAnswer, HoldRequest } from '../../../ports/ledger.ts'
import { allowanceColumns, BUDGET, BUDGET_NAMES, FREE, ROUND, rolled, SPENT, statementOf } from './parts.ts'
import { amountColumn, budgetColumns, budgetOf } from './rows.ts'

/** One from after now is of before the clock was set back. */
const MINUTE_OVER = `(a.minute_starts_at not between now() - interval '1 minute' and now() + interval '1 minute')`
const CALLS = `(case when ${MINUTE_OVER} then 0 else a.minute_calls end)`
const IN_RATE = `${CALLS} < coalesce(a.calls_per_minute, i.calls_per_minute)`
const HAS_SLOT = 'a.live < coalesce(a.calls_at_once, i.calls_at_once)'
const WAIT_S = `greatest(1, ceil(extract(epoch from a.minute_starts_at + interval '1 minute' - now())))::int`

/** What is set aside, `null`: nothing can be. A call that is alone takes what there is. */
const GRANT = `(case when i.payer = 'own' then 0 when i.amount <= ${FREE} then i.amount
  when a.live = 0 and a.held = 0 and i.least <= ${FREE} then ${FREE} end)`
/** The same of a row after the update: a call that was alone has all that is held. */
const GRANTED_AMOUNT = `(case when i.payer = 'own' then 0 when a.live = 1 then least(a.held, i.amount) else i.amount end)`

/** Alone, and yet too little is left: then people hear of it as if all had been spent. */
const alertIf = (condition: string): string => `alerts as (
  insert into credit_alerts (user_id, round, threshold, at, spent, "limit", next_attempt_at)
  select user_id, round, 100, now(), budget_spent::int8, budget_limit::int8, now() from refused
  where outcome = 'credits' and is_alone and budget_limit::int8 > 0 and ${condition} on conflict do nothing)`
/** While something is left, a call that does not fit may come again, cut down: only its dispatch has the last word. */
const ALL_SPENT = 'budget_spent::int8 >= budget_limit::int8'

const ANSWER = `select 'granted' as outcome, amount::text as amount, 0 as wait_s, ${BUDGET_NAMES} from account
  union all select outcome, amount::text, wait_s, ${BUDGET_NAMES} from refused`

export const insertHold = (hold: HoldRequest): Statement =>
  statementOf(
    {
      ...{ id: ['text', hold.id], user_id: ['text', hold.userId], instance_id: ['text', hold.instanceId] },
      ...{ provider: ['text', hold.provider], model: ['text', hold.model], payer: ['text', hold.payer] },
      ...{ state: ['text', hold.state], proxy_id: ['text', hold.proxyId] },
      ...{ amount: ['int8', hold.amount], least: ['int8', hold.least], ...allowanceColumns(hold.allowance) },
    },
    `, fresh as materialized (
      select i.* from i where not exists (select from credit_holds h where h.id = i.id)
        and not exists (select from ai_calls c where c.id = i.id)),
    account as (
      update credit_accounts a set ${rolled()}, spent = ${SPENT}, held = a.held + ${GRANT}, live = a.live + 1,
        minute_calls = ${CALLS} + 1,
        minute_starts_at = case when ${MINUTE_OVER} then now() else a.minute_starts_at end
      from fresh i where a.user_id = i.user_id and ${IN_RATE} and ${HAS_SLOT} and ${GRANT} is not null
      returning ${GRANTED_AMOUNT} as amount, ${BUDGET}),
    made as (
      insert into credit_holds (id, user_id, instance_id, provider, model, payer, state, amount, proxy_id,
        created_at, heartbeat_at)
      select i.id, i.user_id, i.instance_id, i.provider, i.model, i.payer, i.state, account.amount, i.proxy_id,
        now(), now() from i, account),
    refused as (
      select i.user_id, h.amount, a.live = 0 and a.held = 0 as is_alone, ${ROUND} as round, ${WAIT_S} as wait_s,
        case when h.id is not null then 'granted' when c.id is not null then 'gone' when not ${IN_RATE} then 'rate'
          when not ${HAS_SLOT} then 'slots' when ${GRANT} is null then 'credits' else 'again' end as outcome, ${BUDGET}
      from i join credit_accounts a on a.user_id = i.user_id
        left join credit_holds h on h.id = i.id left join ai_calls c on c.id = i.id
      where not exists (select from account)), ${alertIf(ALL_SPENT)} ${ANSWER}`,
  )

/** As a hold whose own amount is not counted; its slot it has. Only under the account's lock. */
const REST = `(${FREE} + h.amount)`
const RAISE = `(case when h.payer = 'own' then 0 when i.amount <= ${REST} then i.amount
  when a.live = 1 and a.held = h.amount and i.least <= ${REST} then ${REST} end)`

export const dispatchHold = (dispatch: DispatchRequest): Statement =>
  statementOf(
    {
      ...{ id: ['text', dispatch.id], user_id: ['text', dispatch.userId] },
      ...{ amount: ['int8', dispatch.amount], least: ['int8', dispatch.least] },
      ...allowanceColumns(dispatch.allowance),
    },
    `, raised as materialized (
      select h.id, h.amount as before, ${RAISE} as amount
      from i join credit_holds h on h.id = i.id and h.state = 'reserved' join credit_accounts a on a.user_id = i.user_id),
    account as (
      update credit_accounts a set ${rolled()}, spent = ${SPENT}, held = a.held - raised.before + raised.amount
      from i, raised where a.user_id = i.user_id and raised.amount is not null
      returning raised.amount, ${BUDGET}),
    sent as (
      update credit_holds h set state = 'dispatched', amount = account.amount, heartbeat_at = now()
      from i, account where h.id = i.id),
    refused as (
      select i.user_id, h.amount, a.live = 1 and a.held = h.amount as is_alone, ${ROUND} as round, 0 as wait_s,
        case when h.id is null then 'gone' when h.state = 'dispatched' then 'granted' else 'credits' end as outcome,
        ${BUDGET}
      from i left join credit_accounts a on a.user_id = i.user_id left join credit_holds h on h.id = i.id
      where not exists (select from account)), ${alertIf('true')} ${ANSWER}`,
  )

const holdRow = z.object({
  /** `again`: what stood in the way came after the statement had begun. */
  outcome: z.enum(['granted', 'rate', 'slots', 'credits', 'gone', 'again']),
  amount: amountColumn.nullable(),
  wait_s: z.number().int().nullable(),
  ...budgetColumns,
})

/** `null`: there is no account yet, or the account's lock must come first. */
export function readHold(rows: unknown[]): HoldAnswer | null {
  if (rows.length === 0) return null
  const row = holdRow.parse(rows[0])
  if (row.outcome === 'again') return null
  const budget = budgetOf(row)
  if (row.outcome === 'granted') return { kind: 'granted', amount: row.amount ?? 0n, budget }
  if (row.outcome === 'rate') return { kind: 'refused', reason: 'rate', retryAfterS: row.wait_s ?? 1, budget }
  return { kind: 'refused', reason: row.outcome, budget }
}
