/** Calls under way: what they have cost so far, and those that nobody waits for any more. */
import type { UserId } from '@matrixos/shared'
import { z } from 'zod'
import type { Statement } from '../../../db/database.ts'
import type { Allowance, DrainRequest, ProgressRequest } from '../../../ports/ledger.ts'
import { ALERTED, alertsIf } from './alerts.ts'
import { allowanceColumns, rolled, SPENT, statementOf, WRITTEN_AT } from './parts.ts'

/** Only under the account's lock. One row for a call that is a drain now. */
export const drainHold = ({ id, userId, most }: DrainRequest): Statement =>
  statementOf(
    { id: ['text', id], user_id: ['text', userId], most: ['int4', most] },
    `, drained as (
      update credit_holds h set is_draining = true from i where h.id = i.id and not h.is_draining
        and (select count(*) from credit_holds o where o.user_id = i.user_id and o.is_draining) < i.most
      returning h.id),
    account as (
      update credit_accounts a set live = a.live - 1 from i where a.user_id = i.user_id and exists (select from drained))
    select id from drained union all select h.id from credit_holds h, i where h.id = i.id and h.is_draining`,
  )

/**
 * Last in its transaction: it takes rows of people whose accounts it has not locked. A hold that its proxy does not name
 * any more is nobody's, and grows old.
 */
export const markProgress = ({ proxyId, calls }: ProgressRequest): Statement => ({
  text: `with so_far as materialized (select * from json_to_recordset($2::json) as t(id text, cost int8)),
    mine as materialized (select h.id from credit_holds h
      where h.proxy_id = $1::text and h.id in (select id from so_far) order by h.id for no key update)
    update credit_holds h set heartbeat_at = now(), cost_so_far = so_far.cost
    from mine join so_far on so_far.id = mine.id where h.id = mine.id`,
  params: [proxyId, JSON.stringify(calls.map(({ id, costSoFar }) => ({ id, cost: String(costSoFar) })))],
})

const ago = (name: string) => `now() - ${name} * interval '1 millisecond'`

/** People with calls whose proxy has not been heard of for so long, and the plan of one of their instances. */
export const selectSilent = (deadAfterMs: number, most: number): Statement => ({
  text: `select distinct on (h.user_id) h.user_id, i.plan from credit_holds h
    left join instances i on i.id = h.instance_id where h.heartbeat_at < ${ago('$1::int4')} limit $2::int4`,
  params: [deadAfterMs, most],
})

/**
 * Only under the account's lock. What was only reserved never left; what was sent is charged in full, and flagged. An own
 * key's owner is not charged: there, the row says what the call had cost.
 */
export const recoverHolds = (userId: UserId, allowance: Allowance, deadAfterMs: number): Statement =>
  statementOf(
    {
      ...{ user_id: ['text', userId], dead_after_ms: ['int4', deadAfterMs] },
      ...allowanceColumns(allowance),
    },
    `, gone as (
      delete from credit_holds h using i where h.user_id = i.user_id and h.heartbeat_at < ${ago('i.dead_after_ms')}
      returning h.*),
    charged as (
      insert into ai_calls (id, user_id, instance_id, at, provider, model, payer, status, input_tokens,
        cache_write_5m_tokens, cache_write_1h_tokens, cache_read_tokens, output_tokens, web_searches, cost, duration_ms)
      select id, user_id, instance_id, ${WRITTEN_AT}, provider, model, payer, 'estimated', 0, 0, 0, 0, 0, 0,
        greatest(amount, cost_so_far), least(2147483647, extract(epoch from heartbeat_at - created_at) * 1000)::int
      from gone where state = 'dispatched' on conflict do nothing returning payer, cost),
    account as (
      update credit_accounts a set ${rolled()}, held = a.held - (select coalesce(sum(amount), 0) from gone)::int8,
        live = a.live - (select count(*) from gone where not is_draining)::int,
        spent = ${SPENT} + (select coalesce(sum(cost), 0) from charged where payer = 'platform')::int8
      from i where a.user_id = i.user_id returning ${ALERTED}),
    ${alertsIf("exists (select from charged where payer = 'platform')")}
    select (select count(*) from gone)::int as gone, (select count(*) from charged)::int as charged`,
  )

const recoveredRow = z.object({ gone: z.number().int(), charged: z.number().int() })

/** How many were taken away, and how many of them were charged. */
export const readRecovered = (rows: unknown[]) => recoveredRow.parse(rows[0])
