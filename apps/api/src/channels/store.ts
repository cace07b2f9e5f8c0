/** The SQL of channels: which there are, and what is to be known of them. */
import { type ChannelKind, type InstanceId, LEAVING } from '@matrixos/shared'
import { and, count, eq, isNull, notInArray, sql } from 'drizzle-orm'
import type { Database, Tx } from '../db/database.ts'
import { channelMessages, channels, instances } from '../db/schema/index.ts'
import type { Sealed } from '../seal.ts'

export type ChannelRow = typeof channels.$inferSelect

export interface Declared {
  kind: ChannelKind
  /** Of a channel that is new; one that is there keeps its own. */
  id: string
  /** Bound to the id that it is stored under. */
  sealFor: (id: string) => Sealed
}

export type ChannelStore = ReturnType<typeof createChannelStore>

const LONGEST_NOTE = 300

export function createChannelStore({ db }: Pick<Database, 'db'>) {
  const ofInstance = (instanceId: InstanceId) => eq(channels.instanceId, instanceId)
  return {
    /** `null`: there is none, or its instance is suspended or about to be deleted. */
    async find(kind: ChannelKind, id: string): Promise<ChannelRow | null> {
      const isOpen = and(eq(instances.isSuspended, false), notInArray(instances.desired, LEAVING))
      const rows = await db
        .select({ channel: channels })
        .from(channels)
        .innerJoin(instances, eq(instances.id, channels.instanceId))
        .where(and(eq(channels.id, id), eq(channels.kind, kind), isOpen))
      return rows[0]?.channel ?? null
    },

    /** With how much waits. */
    list: async (instanceId: InstanceId) =>
      db
        .select({ channel: channels, waiting: count(channelMessages.id) })
        .from(channels)
        .leftJoin(
          channelMessages,
          and(eq(channelMessages.channelId, channels.id), isNull(channelMessages.doneAt)),
        )
        .where(ofInstance(instanceId))
        .groupBy(channels.id),

    /** These and no others. One that is there keeps its address. */
    declare: (instanceId: InstanceId, all: readonly Declared[], createdAt: Date): Promise<void> =>
      db.transaction(async (tx: Tx) => {
        // One declaration at a time.
        await tx
          .select({ id: instances.id })
          .from(instances)
          .where(eq(instances.id, instanceId))
          .for('update')
        const kinds = all.map(({ kind }) => kind)
        await tx
          .delete(channels)
          .where(and(ofInstance(instanceId), kinds.length > 0 ? notInArray(channels.kind, kinds) : undefined))
        const known = await tx
          .select({ id: channels.id, kind: channels.kind })
          .from(channels)
          .where(ofInstance(instanceId))
        for (const { kind, id, sealFor } of all) {
          const before = known.find((one) => one.kind === kind)
          if (before) await tx.update(channels).set(sealFor(before.id)).where(eq(channels.id, before.id))
          else await tx.insert(channels).values({ id, instanceId, kind, ...sealFor(id), createdAt })
        }
      }),

    async noteDelivered(id: string): Promise<void> {
      await db
        .update(channels)
        .set({ lastDeliveredAt: sql`now()`, note: null, noteAt: null })
        .where(eq(channels.id, id))
    },

    async noteTrouble(id: string, words: string): Promise<void> {
      await db
        .update(channels)
        .set({ note: words.slice(0, LONGEST_NOTE), noteAt: sql`now()` })
        .where(eq(channels.id, id))
    },
  }
}
