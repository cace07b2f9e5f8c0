/** The SQL of sharing. */
import type { InstanceId, UserId } from '@matrixos/shared'
import { and, asc, eq } from 'drizzle-orm'
import type { Database, Tx } from '../db/database.ts'
import { instances, users, viewers } from '../db/schema/index.ts'

export type Viewer = typeof viewers.$inferSelect

export type SharingStore = ReturnType<typeof createSharingStore>

export function createSharingStore({ db }: Pick<Database, 'db'>) {
  const pair = (instanceId: InstanceId, userId: UserId) =>
    and(eq(viewers.instanceId, instanceId), eq(viewers.userId, userId))

  return {
    all: async (): Promise<Viewer[]> => db.select().from(viewers),

    ofInstance: async (instanceId: InstanceId): Promise<Viewer[]> =>
      db.select().from(viewers).where(eq(viewers.instanceId, instanceId)),

    /** With their names, in the order of their handles. */
    named: async (instanceId: InstanceId) =>
      db
        .select({ viewer: viewers, handle: users.handle, displayName: users.displayName })
        .from(viewers)
        .innerJoin(users, eq(users.id, viewers.userId))
        .where(eq(viewers.instanceId, instanceId))
        .orderBy(asc(users.handle)),

    userByHandle: async (handle: string) =>
      (await db.select({ id: users.id }).from(users).where(eq(users.handle, handle)))[0]?.id ?? null,

    /** What others share with somebody, with the owner's names. */
    sharedWith: async (userId: UserId) =>
      db
        .select({ viewer: viewers, handle: instances.handle, displayName: users.displayName })
        .from(viewers)
        .innerJoin(instances, eq(instances.id, viewers.instanceId))
        .innerJoin(users, eq(users.id, instances.userId))
        .where(eq(viewers.userId, userId))
        .orderBy(asc(instances.handle)),

    /**
     * Adds somebody, or changes what they may do. `false`: the instance is gone, or already has as many viewers as it
     * may have. One invitation at a time counts them, so that many at once do not pass together. `note` writes what is
     * to be known of it: both, or neither.
     */
    put: (viewer: Viewer, most: number, note: (tx: Tx) => Promise<void>): Promise<boolean> =>
      db.transaction(async (tx: Tx) => {
        const { instanceId, userId, canUseNotes } = viewer
        const held = await tx
          .select({ id: instances.id })
          .from(instances)
          .where(eq(instances.id, instanceId))
          .for('update')
        if (held.length === 0) return false
        const known = await tx
          .update(viewers)
          .set({ canUseNotes })
          .where(pair(instanceId, userId))
          .returning()
        if (known.length === 0) {
          if ((await tx.$count(viewers, eq(viewers.instanceId, instanceId))) >= most) return false
          await tx.insert(viewers).values(viewer)
        }
        await note(tx)
        return true
      }),

    /** `false`: there was no such viewer. `note` as above. */
    remove: (instanceId: InstanceId, userId: UserId, note: (tx: Tx) => Promise<void>): Promise<boolean> =>
      db.transaction(async (tx: Tx) => {
        const gone = await tx.delete(viewers).where(pair(instanceId, userId)).returning()
        if (gone.length > 0) await note(tx)
        return gone.length > 0
      }),
  }
}
