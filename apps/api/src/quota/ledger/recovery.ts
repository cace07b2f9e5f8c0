/** Calls whose proxy is gone: nobody settles them any more. */
import { FIRST_PLAN, planKeySchema, type UserId } from '@matrixos/shared'
import { z } from 'zod'
import type { Database } from '../../db/database.ts'
import type { AllowanceOf } from '../budget/plans.ts'
import { lockAccounts } from './sql/accounts.ts'
import { readRecovered, recoverHolds, selectSilent } from './sql/in-flight.ts'

/** People at a time. */
const MOST = 100

const silentRows = z.array(
  z.object({
    user_id: z.custom<UserId>((id) => typeof id === 'string'),
    /** `null`: the instance is gone. */
    plan: planKeySchema.nullable(),
  }),
)

export interface RecoveryOptions {
  deadAfterMs: number
  /** What is charged may reach a threshold, or begin a month. */
  allowanceOf: AllowanceOf
}

export interface Recovered {
  /** Holds that were taken away. */
  gone: number
  /** Those of them that were charged. */
  charged: number
}

/** One person a transaction: whichever process comes second finds nothing left. */
export function createRecovery(database: Pick<Database, 'batch'>, options: RecoveryOptions) {
  const { deadAfterMs, allowanceOf } = options
  return {
    async recover(): Promise<Recovered> {
      const total = { gone: 0, charged: 0 }
      for (;;) {
        const [silent = []] = await database.batch([selectSilent(deadAfterMs, MOST)])
        const people = silentRows.parse(silent)
        for (const { user_id, plan } of people) {
          const allowance = allowanceOf(plan ?? FIRST_PLAN)
          const recover = recoverHolds(user_id, allowance, deadAfterMs)
          const results = await database.batch([lockAccounts([user_id]), recover])
          const { gone, charged } = readRecovered(results[1] ?? [])
          total.gone += gone
          total.charged += charged
        }
        if (people.length < MOST) return total
      }
    },
  }
}
