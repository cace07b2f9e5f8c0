/** Warnings of 80 % and 100 %, written by the transaction that charges the call that reached them: once a round. */
import { LIMIT, ROUND, SPENT } from './parts.ts'

/** For `returning` of the account that was charged. */
export const ALERTED = `a.user_id, ${ROUND} as round, ${LIMIT} as credits, ${SPENT} as spent`

/** Reads `account`, with the columns above. A call that reaches both is told of once. */
export const alertsIf = (condition: string): string => `alerts as (
  insert into credit_alerts (user_id, round, threshold, at, spent, "limit", next_attempt_at)
  select account.user_id, round, threshold, now(), account.spent, account.credits, now()
  from account, i, (values (80), (100)) as thresholds(threshold)
  where ${condition} and account.credits > 0 and account.spent * 100 >= account.credits * threshold
    and (threshold = 100 or account.spent < account.credits)
  on conflict do nothing)`
