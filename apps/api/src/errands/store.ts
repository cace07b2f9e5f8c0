/** The SQL of errands, by the database's clock. */
import type { InstanceId } from '@matrixos/shared'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { errands } from '../db/schema/index.ts'

/** How long an instance is kept awake that was handed something, and says nothing. */
const BEGIN_S = 180
/** The same from each time that it says that it is at work. */
const RENEW_S = 90
/** However long it says so. */
const LONGEST_S = 900
/** One that said nothing may have been killed in the middle: it is woken again, so many times. */
const MOST_WAKES = 2

export type ErrandStore = ReturnType<typeof createErrandStore>

const inSeconds = (count: number) => sql`now() + ${`${count} seconds`}::interval`

export function createErrandStore({ db }: Pick<Database, 'db'>) {
  return {
    /** It is about to be handed something. */
    async begin(instanceId: InstanceId): Promise<void> {
      const begun = { isOpen: true, beganAt: sql`now()`, until: inSeconds(BEGIN_S), wakes: 0 }
      await db
        .insert(errands)
        .values({ instanceId, ...begun })
        .onConflictDoUpdate({ target: errands.instanceId, set: begun })
    },

    /** It says that it still works on it; also when it said before that it had finished something else. */
    async renew(instanceId: InstanceId): Promise<void> {
      const latest = sql`${errands.beganAt} + ${`${LONGEST_S} seconds`}::interval`
      const until = sql`greatest(${errands.until}, least(${inSeconds(RENEW_S)}, ${latest}))`
      await db
        .update(errands)
        .set({ isOpen: true, until })
        .where(and(eq(errands.instanceId, instanceId), sql`${latest} > now()`))
    },

    async end(instanceId: InstanceId): Promise<void> {
      await db.update(errands).set({ isOpen: false }).where(eq(errands.instanceId, instanceId))
    },

    /** Those that said nothing in time, to be woken again: each for one api process alone. */
    async overdue(): Promise<InstanceId[]> {
      const isOverdue = sql`${errands.isOpen} and ${errands.until} < now()`
      await db
        .update(errands)
        .set({ isOpen: false })
        .where(sql`${isOverdue} and ${errands.wakes} >= ${MOST_WAKES}`)
      const rows = await db
        .update(errands)
        .set({ wakes: sql`${errands.wakes} + 1`, until: inSeconds(RENEW_S) })
        .where(isOverdue)
        .returning({ id: errands.instanceId })
      return rows.map(({ id }) => id)
    },
  }
}
