/** The SQL of rehearsals: which copies there are, and what came of them. */
import type { InstanceId } from '@matrixos/shared'
import { and, eq } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { rehearsals, rolloutInstances } from '../../db/schema/index.ts'
import { now } from '../row-sql.ts'
import { isWaiting } from './next-image.ts'

export type RehearsalStore = ReturnType<typeof createRehearsalStore>

export function createRehearsalStore({ db }: Pick<Database, 'db'>) {
  return {
    /** Before anything of it is made. */
    note: async (id: InstanceId): Promise<void> => {
      await db.insert(rehearsals).values({ id, begunAt: now })
    },
    /** Once nothing of it is left. */
    forget: async (id: InstanceId): Promise<void> => {
      await db.delete(rehearsals).where(eq(rehearsals.id, id))
    },
    async all(): Promise<InstanceId[]> {
      return (await db.select({ id: rehearsals.id }).from(rehearsals)).map(({ id }) => id)
    },
    async has(id: InstanceId): Promise<boolean> {
      return (await db.$count(rehearsals, eq(rehearsals.id, id))) > 0
    },
    /** It has the image that it runs with, and is not given the one that a copy of it did not run with. */
    async spare(rolloutId: number, instanceId: InstanceId, message: string): Promise<void> {
      await db
        .update(rolloutInstances)
        .set({ step: 'rolled_back', message, changedAt: now })
        .where(and(isWaiting(rolloutId), eq(rolloutInstances.instanceId, instanceId)))
    },
  }
}
