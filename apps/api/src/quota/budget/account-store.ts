/** The SQL by which administrators change what somebody may spend: under the account's lock, as the ledger does. */
import { FIRST_PLAN, type Plan, type UserId } from '@matrixos/shared'
import { desc, eq, sql } from 'drizzle-orm'
import type { Database, DbOrTx, Tx } from '../../db/database.ts'
import { creditAccounts, creditGrants, instances, users } from '../../db/schema/index.ts'
import type { CreditAccount } from './store.ts'

export type GrantRow = typeof creditGrants.$inferSelect

export interface Person {
  id: UserId
  handle: string
  plan: Plan
}

/** More than a page shows. */
const MOST_GRANTS = 50

export type AccountStore = ReturnType<typeof createAccountStore>

export function createAccountStore({ db }: Pick<Database, 'db'>) {
  async function one(tx: DbOrTx, isIt: ReturnType<typeof eq>): Promise<Person | null> {
    const rows = await tx
      .select({ id: users.id, handle: users.handle, plan: instances.plan })
      .from(users)
      .leftJoin(instances, eq(instances.userId, users.id))
      .where(isIt)
    const [found] = rows
    return found ? { ...found, plan: found.plan ?? FIRST_PLAN } : null
  }

  return {
    byHandle: (handle: string, tx: DbOrTx = db) => one(tx, eq(users.handle, handle)),
    byId: (id: UserId, tx: DbOrTx = db) => one(tx, eq(users.id, id)),

    /** Makes the account where there is none. `now`: the database's. `null`: the person is gone. */
    async lock(tx: Tx, userId: UserId): Promise<{ account: CreditAccount; now: Date } | null> {
      // Nobody deletes the person before this is over.
      const person = await tx.select().from(users).where(eq(users.id, userId)).for('key share')
      if (person.length === 0) return null
      const times = { periodStartsAt: sql`now()`, minuteStartsAt: sql`now()` }
      await tx
        .insert(creditAccounts)
        .values({ userId, ...times })
        .onConflictDoNothing()
      const rows = await tx
        .select({ account: creditAccounts, now: sql`now()`.mapWith(creditAccounts.periodStartsAt) })
        .from(creditAccounts)
        .where(eq(creditAccounts.userId, userId))
        .for('no key update')
      return rows[0] ?? null
    },

    async write(tx: Tx, userId: UserId, set: Partial<Omit<CreditAccount, 'userId'>>): Promise<void> {
      await tx.update(creditAccounts).set(set).where(eq(creditAccounts.userId, userId))
    },

    async insertGrant(tx: Tx, row: Omit<GrantRow, 'id'>): Promise<void> {
      await tx.insert(creditGrants).values(row)
    },

    /** Newest first. `by`: their handle, while they have an account. */
    grants: async (userId: UserId) =>
      db
        .select({ grant: creditGrants, by: users.handle })
        .from(creditGrants)
        .leftJoin(users, eq(users.id, creditGrants.grantedBy))
        .where(eq(creditGrants.userId, userId))
        .orderBy(desc(creditGrants.at), desc(creditGrants.id))
        .limit(MOST_GRANTS),

    /** Of people who are gone, once none of their calls is in flight. Their calls stay: they are the operator's bill. */
    async deleteGone(): Promise<void> {
      const isGone = sql`not exists (select 1 from users u where u.id = user_id)`
      const isQuiet = sql`not exists (select 1 from credit_holds h where h.user_id = ${creditAccounts.userId})`
      await db.delete(creditAccounts).where(sql`${isGone} and ${isQuiet}`)
    },
  }
}
