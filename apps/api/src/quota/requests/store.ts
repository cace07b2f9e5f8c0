/** The SQL of requests for more credits. */
import { FIRST_PLAN, type UserId } from '@matrixos/shared'
import { and, desc, eq } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { creditAccounts, creditRequests, instances, users } from '../../db/schema/index.ts'

export type CreditRequestRow = typeof creditRequests.$inferSelect

type Answer = Pick<CreditRequestRow, 'state' | 'granted' | 'answer' | 'answeredBy' | 'answeredAt'>

/** More than an administrator answers at once. */
const MOST_OPEN = 500

export type RequestStore = ReturnType<typeof createRequestStore>

export function createRequestStore({ db }: Pick<Database, 'db'>) {
  const isOpen = eq(creditRequests.state, 'open')
  return {
    /** The newest, whatever became of it. */
    async latest(userId: UserId): Promise<CreditRequestRow | null> {
      const rows = await db
        .select()
        .from(creditRequests)
        .where(eq(creditRequests.userId, userId))
        .orderBy(desc(creditRequests.id))
        .limit(1)
      return rows[0] ?? null
    },

    /** Breaks `credit_requests_open` where one is open. */
    async insert(
      tx: DbOrTx,
      row: Pick<CreditRequestRow, 'userId' | 'amount' | 'reason' | 'createdAt'>,
    ): Promise<number> {
      const rows = await tx.insert(creditRequests).values(row).returning({ id: creditRequests.id })
      const [made] = rows
      if (!made) throw new Error('A request was not stored.')
      return made.id
    },

    /** `null`: it is not open, or not theirs. */
    async withdraw(
      tx: DbOrTx,
      userId: UserId,
      { id, at }: { id: number; at: Date },
    ): Promise<CreditRequestRow | null> {
      const rows = await tx
        .update(creditRequests)
        .set({ state: 'withdrawn', answeredAt: at })
        .where(and(eq(creditRequests.id, id), eq(creditRequests.userId, userId), isOpen))
        .returning()
      return rows[0] ?? null
    },

    /** Longest waiting first, with what each may spend now. */
    async open() {
      const rows = await db
        .select({
          request: creditRequests,
          handle: users.handle,
          plan: instances.plan,
          account: creditAccounts,
        })
        .from(creditRequests)
        .innerJoin(users, eq(users.id, creditRequests.userId))
        .leftJoin(instances, eq(instances.userId, users.id))
        .leftJoin(creditAccounts, eq(creditAccounts.userId, users.id))
        .where(isOpen)
        .orderBy(creditRequests.createdAt, creditRequests.id)
        .limit(MOST_OPEN)
      return rows.map(({ plan, ...row }) => ({ ...row, plan: plan ?? FIRST_PLAN }))
    },

    /** `null`: it is not open, or there is none. Of several answers one counts. */
    async answer(tx: DbOrTx, id: number, answer: Answer): Promise<CreditRequestRow | null> {
      const rows = await tx
        .update(creditRequests)
        .set(answer)
        .where(and(eq(creditRequests.id, id), isOpen))
        .returning()
      return rows[0] ?? null
    },
  }
}
