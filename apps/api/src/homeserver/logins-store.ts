/** The SQL of tokens for people's own clients. */
import type { UserId } from '@matrixos/shared'
import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { instances, matrixAccounts, matrixLogins, users } from '../db/schema/index.ts'

export type LoginRow = typeof matrixLogins.$inferSelect
export type LoginStore = ReturnType<typeof createLoginStore>

export function createLoginStore({ db }: Pick<Database, 'db'>) {
  const isOne = (userId: UserId, deviceId: string) =>
    and(eq(matrixLogins.userId, userId), eq(matrixLogins.deviceId, deviceId))
  return {
    list: async (userId: UserId): Promise<LoginRow[]> =>
      db
        .select()
        .from(matrixLogins)
        .where(eq(matrixLogins.userId, userId))
        .orderBy(asc(matrixLogins.createdAt), asc(matrixLogins.deviceId)),
    find: async (userId: UserId, deviceId: string): Promise<LoginRow | undefined> =>
      (await db.select().from(matrixLogins).where(isOne(userId, deviceId)))[0],
    /** Of a person's account by its name; of nobody who is locked out. */
    ofAccount: async (localpart: string): Promise<LoginRow[]> =>
      db
        .select({ login: matrixLogins })
        .from(matrixAccounts)
        .innerJoin(instances, eq(instances.id, matrixAccounts.instanceId))
        .innerJoin(users, and(eq(users.id, instances.userId), isNull(users.suspendedAt)))
        .innerJoin(matrixLogins, eq(matrixLogins.userId, users.id))
        .where(
          and(
            eq(matrixAccounts.localpart, localpart),
            eq(matrixAccounts.kind, 'person'),
            eq(matrixAccounts.state, 'made'),
          ),
        )
        .then((rows) => rows.map(({ login }) => login)),
    add: async (row: LoginRow): Promise<void> => void (await db.insert(matrixLogins).values(row)),
    forget: async (userId: UserId, deviceId: string): Promise<void> =>
      void (await db.delete(matrixLogins).where(isOne(userId, deviceId))),
  }
}
