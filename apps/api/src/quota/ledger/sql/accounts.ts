/** Accounts: made by a person's first call, and locked by every transaction of more than one statement. */
import type { UserId } from '@matrixos/shared'
import type { Statement } from '../../../db/database.ts'
import type { Allowance } from '../../../ports/ledger.ts'
import { allowanceColumns, BUDGET, statementOf } from './parts.ts'

export const createAccounts = (userIds: readonly UserId[]): Statement => ({
  text: `insert into credit_accounts (user_id, period_starts_at, minute_starts_at)
    select id, now(), now() from json_array_elements_text($1::json) as id order by id collate "C"
    on conflict do nothing`,
  params: [JSON.stringify(userIds)],
})

/**
 * First in every transaction, in one order, so that none waits for another in a circle. Whatever follows sees all that
 * was written to these people's holds and calls: nobody writes there without this lock, or the account itself.
 */
export const lockAccounts = (userIds: readonly UserId[]): Statement => ({
  text: `select user_id from credit_accounts where user_id in (select json_array_elements_text($1::json))
    order by user_id collate "C" for no key update`,
  params: [JSON.stringify(userIds)],
})

export const selectBudget = (userId: UserId, allowance: Allowance): Statement =>
  statementOf(
    { user_id: ['text', userId], ...allowanceColumns(allowance) },
    ` select ${BUDGET} from i left join credit_accounts a on a.user_id = i.user_id`,
  )
