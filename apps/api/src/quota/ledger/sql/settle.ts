/**
 * Calls that are over. Only under the account's lock. Recovery may have charged one in full meanwhile, as an estimate:
 * the figures, or the word that nothing was served, correct the row and the account.
 */
import type { Statement } from '../../../db/database.ts'
import type { ReleaseRequest, SettleRequest } from '../../../ports/ledger.ts'
import { allowanceColumns, BUDGET, type Columns, LIMIT, ROLLED, ROUND, SPENT, statementOf } from './parts.ts'

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

/** `gone` and `charge`: the hold that was deleted, and what is to be added to the credits that were used. */
const WITHOUT_HOLD = `held = a.held - coalesce((select amount from gone), 0),
  live = a.live - (select count(*) from gone where not is_draining)::int`
const GONE =
  'gone as (delete from credit_holds h using i where h.id = i.id returning h.amount, h.is_draining)'

export const settleHold = (call: SettleRequest): Statement =>
  statementOf(
    { ...figuresOf(call), ...allowanceColumns(call.allowance) },
    `, ${GONE},
    known as materialized (select c.status, c.payer, c.cost from ai_calls c, i where c.id = i.id),
    written as (
      insert into ai_calls (id, user_id, instance_id, at, ${FIGURES})
      select id, user_id, instance_id, now(), ${FIGURES} from i where not exists (select from known) returning cost),
    corrected as (
      update ai_calls c set (${FIGURES}) = (select ${FIGURES} from i)
      from i, known where c.id = i.id and known.status = 'estimated' and i.status = 'settled'
      returning case known.payer when 'platform' then known.cost else 0 end as before),
    charge as materialized (
      select (case i.payer when 'platform' then i.cost else 0 end) - coalesce((select before from corrected), 0) as cost
      from i where exists (select from written) or exists (select from corrected)),
    account as (
      update credit_accounts a set ${ROLLED}, ${WITHOUT_HOLD},
        spent = greatest(0, ${SPENT} + coalesce((select cost from charge), 0))
      from i where a.user_id = i.user_id
      returning a.user_id, ${ROUND} as round, ${LIMIT} as credits, ${SPENT} as spent, ${BUDGET}),
    alerts as (
      insert into credit_alerts (user_id, round, threshold, at, spent, "limit", next_attempt_at)
      select account.user_id, round, threshold, now(), account.spent, account.credits, now()
      from account, i, (values (80), (100)) as thresholds(threshold)
      where i.payer = 'platform' and account.credits > 0 and account.spent * 100 >= account.credits * threshold
        and (threshold = 100 or account.spent < account.credits)
      on conflict do nothing)
    select coalesce(budget_limit, i.credits::text) as budget_limit, coalesce(budget_spent, '0') as budget_spent,
      coalesce(budget_held, '0') as budget_held, budget_ends_ms from i left join account on true`,
  )

export const releaseHold = (call: ReleaseRequest): Statement =>
  statementOf(
    { id: ['text', call.id], user_id: ['text', call.userId] },
    `, ${GONE},
    refund as (
      delete from ai_calls c using i where c.id = i.id and c.status = 'estimated' returning c.payer, c.cost)
    update credit_accounts a set ${WITHOUT_HOLD},
      spent = greatest(0, a.spent - coalesce((select cost from refund where payer = 'platform'), 0))
    from i where a.user_id = i.user_id`,
  )
