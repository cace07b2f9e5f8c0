/** The SQL of webhooks as their owners see them. */
import type { Id, UserId } from '@matrixos/shared'
import { and, count, desc, eq, isNotNull, lt, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { users, webhookDeliveries, webhooks } from '../db/schema/index.ts'

export type WebhookRow = typeof webhooks.$inferSelect
export type DeliveryRow = typeof webhookDeliveries.$inferSelect

export type WebhookStore = ReturnType<typeof createWebhookStore>

export function createWebhookStore({ db }: Pick<Database, 'db'>) {
  const isOf = (userId: UserId, id: Id<'whk'>) => and(eq(webhooks.id, id), eq(webhooks.userId, userId))

  return {
    list: (userId: UserId): Promise<WebhookRow[]> =>
      db.select().from(webhooks).where(eq(webhooks.userId, userId)).orderBy(desc(webhooks.id)),

    async find(userId: UserId, id: Id<'whk'>): Promise<WebhookRow | null> {
      return (await db.select().from(webhooks).where(isOf(userId, id)))[0] ?? null
    },

    /** The last delivery of each of a person's webhooks that is over. */
    async lastOf(userId: UserId) {
      const rows = await db
        .selectDistinctOn([webhookDeliveries.webhookId], {
          ...{ webhookId: webhookDeliveries.webhookId, outcome: webhookDeliveries.outcome },
          doneAt: webhookDeliveries.doneAt,
        })
        .from(webhookDeliveries)
        .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
        .where(and(eq(webhooks.userId, userId), isNotNull(webhookDeliveries.doneAt)))
        .orderBy(webhookDeliveries.webhookId, desc(webhookDeliveries.doneAt))
      return new Map(rows.map((row) => [row.webhookId, row]))
    },

    /** `false`: they have as many as there can be. */
    insert: (row: WebhookRow, most: number): Promise<boolean> =>
      db.transaction(async (tx) => {
        // Two at once would both find room.
        await tx.select({ id: users.id }).from(users).where(eq(users.id, row.userId)).for('update')
        const [found] = await tx
          .select({ count: count() })
          .from(webhooks)
          .where(eq(webhooks.userId, row.userId))
        if ((found?.count ?? 0) >= most) return false
        await tx.insert(webhooks).values(row)
        return true
      }),

    async delete(userId: UserId, id: Id<'whk'>): Promise<boolean> {
      return (await db.delete(webhooks).where(isOf(userId, id)).returning({ id: webhooks.id })).length > 0
    },
    ...deliveriesIn(db),
  }
}

const deliveriesIn = (db: Database['db']) => ({
  /** Newest first. */
  deliveries: (webhookId: Id<'whk'>, most: number, before?: number): Promise<DeliveryRow[]> =>
    db
      .select()
      .from(webhookDeliveries)
      .where(
        and(
          eq(webhookDeliveries.webhookId, webhookId),
          before === undefined ? undefined : lt(webhookDeliveries.id, before),
        ),
      )
      .orderBy(desc(webhookDeliveries.id))
      .limit(most),

  /** Sent once more, at once; `false`: there is no such delivery that is over. */
  async repeat(userId: UserId, id: number, tx: DbOrTx = db): Promise<boolean> {
    const again = await tx
      .update(webhookDeliveries)
      .set({ outcome: null, doneAt: null, attempts: 0, nextAttemptAt: sql`now()` })
      .from(webhooks)
      .where(
        and(
          eq(webhookDeliveries.id, id),
          isNotNull(webhookDeliveries.doneAt),
          eq(webhooks.id, webhookDeliveries.webhookId),
          eq(webhooks.userId, userId),
        ),
      )
      .returning({ id: webhookDeliveries.id })
    return again.length > 0
  },
})
