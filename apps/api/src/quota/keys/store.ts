/** The SQL of people's own keys at a provider. */
import type { AiProvider, UserId } from '@matrixos/shared'
import { and, eq, isNull, lt } from 'drizzle-orm'
import type { Database, DbOrTx } from '../../db/database.ts'
import { ownKeys } from '../../db/schema/index.ts'

export type OwnKeyRow = typeof ownKeys.$inferSelect

export type OwnKeyStore = ReturnType<typeof createOwnKeyStore>

export function createOwnKeyStore({ db }: Pick<Database, 'db'>) {
  const isOne = (userId: UserId, provider: AiProvider) =>
    and(eq(ownKeys.userId, userId), eq(ownKeys.provider, provider))
  return {
    list: async (userId: UserId): Promise<OwnKeyRow[]> =>
      db.select().from(ownKeys).where(eq(ownKeys.userId, userId)).orderBy(ownKeys.provider),

    async put(tx: DbOrTx, row: OwnKeyRow): Promise<void> {
      const { userId, provider, ...content } = row
      await tx
        .insert(ownKeys)
        .values(row)
        .onConflictDoUpdate({ target: [ownKeys.userId, ownKeys.provider], set: content })
    },

    /** `false`: there was none. */
    async remove(tx: DbOrTx, userId: UserId, provider: AiProvider): Promise<boolean> {
      const gone = await tx
        .delete(ownKeys)
        .where(isOne(userId, provider))
        .returning({ provider: ownKeys.provider })
      return gone.length > 0
    },

    /** The first refusal counts. `false`: it is noted already, or there is no key of that age. */
    async noteRefused(
      userId: UserId,
      provider: AiProvider,
      { at, madeBefore }: { at: Date; madeBefore: Date },
    ): Promise<boolean> {
      const noted = await db
        .update(ownKeys)
        .set({ refusedAt: at })
        .where(and(isOne(userId, provider), isNull(ownKeys.refusedAt), lt(ownKeys.createdAt, madeBefore)))
        .returning({ provider: ownKeys.provider })
      return noted.length > 0
    },
  }
}
