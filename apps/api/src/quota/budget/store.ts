/** The SQL by which somebody's credits are read, and what they dismissed is noted. */
import {
  type AlertThreshold,
  alertThresholdSchema,
  FIRST_PLAN,
  type Plan,
  type UserId,
} from '@matrixos/shared'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { creditAccounts, creditAlerts, creditHolds, instances, users } from '../../db/schema/index.ts'

export type CreditAccount = typeof creditAccounts.$inferSelect

export type CreditHold = typeof creditHolds.$inferSelect

export type CreditStore = ReturnType<typeof createCreditStore>

export const dismissal = (round: number, threshold: AlertThreshold) => `${round}:${threshold}`

export function createCreditStore({ db }: Pick<Database, 'db'>) {
  return {
    /** `account`: `null` before the first call. The answer is `null` for nobody's id. */
    async account(
      userId: UserId,
      tx: DbOrTx = db,
    ): Promise<{ plan: Plan; account: CreditAccount | null } | null> {
      const rows = await tx
        .select({ plan: instances.plan, account: creditAccounts })
        .from(users)
        .leftJoin(instances, eq(instances.userId, users.id))
        .leftJoin(creditAccounts, eq(creditAccounts.userId, users.id))
        .where(eq(users.id, userId))
      const [found] = rows
      return found ? { plan: found.plan ?? FIRST_PLAN, account: found.account } : null
    },

    holds: async (userId: UserId): Promise<CreditHold[]> =>
      db
        .select()
        .from(creditHolds)
        .where(eq(creditHolds.userId, userId))
        .orderBy(creditHolds.createdAt, creditHolds.id),

    /** The highest threshold that was reached in this round. */
    async highestAlert(userId: UserId, round: number): Promise<AlertThreshold | null> {
      const rows = await db
        .select({ threshold: creditAlerts.threshold })
        .from(creditAlerts)
        .where(and(eq(creditAlerts.userId, userId), eq(creditAlerts.round, round)))
        .orderBy(desc(creditAlerts.threshold))
        .limit(1)
      return rows[0] ? alertThresholdSchema.parse(rows[0].threshold) : null
    },

    /** Those of earlier rounds are of no use any more. */
    async dismiss(userId: UserId, round: number, threshold: AlertThreshold): Promise<void> {
      const mark = dismissal(round, threshold)
      const ofRound = sql`select kept from unnest(${creditAccounts.dismissed}) as kept where kept like ${`${round}:%`} and kept <> ${mark}`
      await db
        .update(creditAccounts)
        .set({ dismissed: sql`array_append(array(${ofRound}), ${mark}::text)` })
        .where(and(eq(creditAccounts.userId, userId), eq(creditAccounts.alertRound, round)))
    },
  }
}
