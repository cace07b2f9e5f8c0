/**
 * Calls that are over. Only under the account's lock. Recovery may have charged one in full meanwhile, as an estimate:
 * the figures, or the word that nothing was served, correct the row and the account.
 */
import type { Statement } from '../../../db/database.ts'
import type { ReleaseRequest, SettleRequest } from '../../../ports/ledger.ts'
import { ALERTED, alertsIf } from './alerts.ts'
import {
  allowanceColumns,
  BUDGET,
  type Columns,
  CREDITS,
  rolled,
  SPENT,
  STARTS,
  statementOf,
  WRITTEN_AT,
} from './parts.ts'

const FIGURES = [
  ...[
    'provider',
    'model',
    'payer',
    'status',
    'input_tokens',
    'cache_write_5m_tokens',
    'cache_write_1h_tokens',
  ],
  ...['cache_read_tokens', 'output_tokens', 'web_searches', 'cost', 'http_status', 'duration_ms'],
  ...['first_token_ms', 'provider_request_id'],
].join(', ')

const figuresOf = ({ usage, ...call }: SettleRequest): Columns => ({
  ...{ id: ['text', call.id], user_id: ['text', call.userId], instance_id: ['text', call.instanceId] },
  ...{ provider: ['text', call.provider], model: ['text', call.model], payer: ['text', call.payer] },
  ...{ status: ['text', call.status], cost: ['int8', call.cost] },
  ...{ input_tokens: ['int4', usage.input], output_tokens: ['int4', usage.output] },
  ...{
    cache_write_5m_tokens: ['int4', usage.cacheWrite5m],
    cache_write_1h_tokens: ['int4', usage.cacheWrite1h],
  },
  ...{ cache_read_tokens: ['int4', usage.cacheRead], web_searches: ['int4', usage.webSearches] },
  ...{ http_status: ['int4', call.httpStatus], duration_ms: ['int4', Math.round(call.durationMs)] },
  first_token_ms: ['int4', call.firstTokenMs === null ? null : Math.round(call.firstTokenMs)],
  provider_request_id: ['text', call.providerRequestId],
})

const GONE =
  'gone as (delete from credit_holds h using i where h.id = i.id returning h.amount, h.is_draining)'

/** Of calls paid by the platform, in the month of `change.at`. */
const THAT_MONTH = "date_trunc('month', change.at at time zone 'UTC')"
const SPENT_THEN = `select coalesce(sum(c.cost), 0)::int8 as cost from ai_calls c
  where c.user_id = i.user_id and c.payer = 'platform' and c.at >= ${THAT_MONTH} at time zone 'UTC'
    and c.at < (${THAT_MONTH} + interval '1 month') at time zone 'UTC'`
const BEYOND_CREDITS = `greatest(0, earlier.cost - ${CREDITS}) - greatest(0, earlier.cost - change.before + change.cost - ${CREDITS})`

/**
 * `change`: what the call costs, what its row said before, and, if that is corrected, when it was written. Of a period
 * that is over, nothing is left but what its calls took of what was granted: that much is given back.
 */
const GIVEN_BACK = `coalesce((select case when change.at < ${STARTS}
  then (select ${BEYOND_CREDITS} from (${SPENT_THEN}) as earlier) end from change), 0)`
const CHARGED = `coalesce((select change.cost - change.before from change where coalesce(change.at >= ${STARTS}, true)), 0)`

/** `gone`: the hold that was deleted. */
const END_CALL = `update credit_accounts a set ${rolled(GIVEN_BACK)},
  held = a.held - coalesce((select amount from gone), 0),
  live = a.live - (select count(*) from gone where not is_draining)::int,
  spent = greatest(0, ${SPENT} + ${CHARGED}) from i where a.user_id = i.user_id`

export const settleHold = (call: SettleRequest): Statement =>
  statementOf(
    { ...figuresOf(call), ...allowanceColumns(call.allowance) },
    `, ${GONE},
    known as materialized (select c.status, c.payer, c.cost, c.at from ai_calls c, i where c.id = i.id),
    written as (
      insert into ai_calls (id, user_id, instance_id, at, ${FIGURES})
      select id, user_id, instance_id, ${WRITTEN_AT}, ${FIGURES} from i where not exists (select from known) returning at),
    corrected as (
      update ai_calls c set (${FIGURES}) = (select ${FIGURES} from i)
      from i, known where c.id = i.id and known.status = 'estimated' and i.status = 'settled'
      returning case known.payer when 'platform' then known.cost else 0 end as before, known.at),
    change as materialized (
      select case i.payer when 'platform' then i.cost else 0 end as cost, coalesce(corrected.before, 0) as before,
        corrected.at
      from i left join corrected on true where exists (select from written) or exists (select from corrected)),
    account as (${END_CALL} returning ${ALERTED}, ${BUDGET}),
    ${alertsIf("i.payer = 'platform'")}
    select coalesce(budget_limit, i.credits::text) as budget_limit, coalesce(budget_spent, '0') as budget_spent,
      coalesce(budget_held, '0') as budget_held, budget_ends_ms from i left join account on true`,
  )

export const releaseHold = (call: ReleaseRequest): Statement =>
  statementOf(
    { id: ['text', call.id], user_id: ['text', call.userId], ...allowanceColumns(call.allowance) },
    `, ${GONE},
    refund as (
      delete from ai_calls c using i where c.id = i.id and c.status = 'estimated' returning c.payer, c.cost, c.at),
    change as materialized (
      select 0::int8 as cost, case payer when 'platform' then cost else 0 end as before, at from refund)
    ${END_CALL}`,
  )
