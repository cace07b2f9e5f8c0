/** The SQL of what accounts at the homeserver are called. */
import { and, eq, isNull, lte, ne, or, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { instances, matrixAccounts, users } from '../db/schema/index.ts'
import { type AccountRow, AI_NAME } from './accounts-store.ts'

export type NameStore = ReturnType<typeof createNameStore>

export function createNameStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Accounts of people who are called otherwise by now, and what they and their AIs are to be called. */
    async renamed(now: Date, most: number): Promise<{ row: AccountRow; name: string }[]> {
      const name = sql<string>`case when ${matrixAccounts.kind} = 'ai' then ${users.displayName} || ${AI_NAME} else ${users.displayName} end`
      return db
        .select({ row: matrixAccounts, name })
        .from(matrixAccounts)
        .innerJoin(instances, eq(matrixAccounts.instanceId, instances.id))
        .innerJoin(users, eq(users.id, instances.userId))
        .where(
          and(
            eq(matrixAccounts.state, 'made'),
            ne(matrixAccounts.displayName, name),
            or(isNull(matrixAccounts.nextAttemptAt), lte(matrixAccounts.nextAttemptAt, now)),
          ),
        )
        .orderBy(matrixAccounts.localpart)
        .limit(most)
    },

    /** Its account is called that now. */
    async keepName({ localpart }: AccountRow, displayName: string): Promise<void> {
      const set = { displayName, problem: null, nextAttemptAt: null }
      await db
        .update(matrixAccounts)
        .set(set)
        .where(and(eq(matrixAccounts.localpart, localpart), eq(matrixAccounts.state, 'made')))
    },
  }
}
