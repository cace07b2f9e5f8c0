/**
 * Slots of containers: small numbers from which a runtime derives what a container has alone, such as its address. A
 * container keeps its slot until it is removed, and each generation of an instance has one of its own. While all that
 * the runtime has are taken, further ones are given: numbers in a queue, changed for a slot once one is free.
 */
import type { InstanceId } from '@matrixos/shared'
import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import { containerSlots, instances } from '../db/schema/index.ts'

/** Serialises the choice of slots: a transaction's lock that every choice takes. */
const SLOT_LOCK = 7_305_113_261

export interface Container {
  instanceId: InstanceId
  generation: number
}

export type SlotStore = ReturnType<typeof createSlotStore>

export function createSlotStore({ db }: Pick<Database, 'db'>) {
  async function find(from: DbOrTx, { instanceId, generation }: Container): Promise<number | undefined> {
    const isIts = and(eq(containerSlots.instanceId, instanceId), eq(containerSlots.generation, generation))
    const rows = await from.select({ slot: containerSlots.slot }).from(containerSlots).where(isIts)
    return rows[0]?.slot
  }

  return {
    /** Of a container that is gone: another may have it. */
    async free({ instanceId, generation }: Container): Promise<void> {
      const isIts = and(eq(containerSlots.instanceId, instanceId), eq(containerSlots.generation, generation))
      await db.delete(containerSlots).where(isIts)
    },

    /** Held for containers that neither serve nor are to be gone back to, of instances that run and nobody acts on. */
    async superseded(): Promise<Container[]> {
      const isServed = and(eq(instances.observed, 'running'), isNull(instances.leaseOwner))
      const isOld = and(
        ne(containerSlots.generation, instances.generation),
        sql`${containerSlots.generation} is distinct from ${instances.formerGeneration}`,
      )
      return await db
        .select({ instanceId: containerSlots.instanceId, generation: containerSlots.generation })
        .from(containerSlots)
        .innerJoin(instances, eq(instances.id, containerSlots.instanceId))
        .where(and(isServed, isOld))
    },

    /** Of all its containers, which are gone. */
    async release(instanceId: InstanceId): Promise<void> {
      await db.delete(containerSlots).where(eq(containerSlots.instanceId, instanceId))
    },

    /** The container's slot of `count`: the one that it holds, or else the smallest that is free. */
    async slotOf(container: Container, count: number): Promise<number> {
      const held = await find(db, container)
      if (held !== undefined && held < count) return held
      return await db.transaction(async (tx) => {
        await tx.execute(sql`select pg_advisory_xact_lock(${SLOT_LOCK})`)
        // Whoever had the lock before may have taken one for the same container.
        const taken = await find(tx, container)
        if (taken !== undefined && taken < count) return taken
        const free = sql<number>`(select min(free.slot) from (select 0 as slot union all select slot + 1 from ${containerSlots}) free
          where not exists (select 1 from ${containerSlots} used where used.slot = free.slot))`
        const slot = taken === undefined ? free : sql<number>`least(${taken}::integer, ${free})`
        const [made] = await tx
          .insert(containerSlots)
          .values({ ...container, slot })
          .onConflictDoUpdate({
            target: [containerSlots.instanceId, containerSlots.generation],
            set: { slot },
          })
          .returning()
        if (!made) throw new Error('The new slot was not returned.')
        return made.slot
      })
    },
  }
}
