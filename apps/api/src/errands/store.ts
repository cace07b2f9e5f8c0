/** The SQL of errands, by the database's clock. */
import type { InstanceId } from '@matrixos/shared'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { errands } from '../db/schema/index.ts'

/** How long an instance is kept awake that was handed something, and says nothing. */
const BEGIN_S = 180
/** The same from each time that it says that it is at work. */
const RENEW_S = 90
/** However long it says so. */
const LONGEST_S = 900
/** All of its errands together, in an hour: what it declares itself must not keep it awake for ever. */
const SHARE_S = 1_800
const HOUR_S = 3_600
/** One that said nothing may have been killed in the middle: it is woken again, so many times. */
const MOST_WAKES = 2

/** One that was begun: `isOnly`, where no other was open. */
export interface Begun {
  beganAt: string
  isOnly: boolean
}

export type ErrandStore = ReturnType<typeof createErrandStore>

const seconds = (count: number | SQL) => sql`${count} * interval '1 second'`
const inSeconds = (count: number | SQL) => sql`now() + ${seconds(count)}`

const isNewHour = sql`${errands.hourBeganAt} + ${seconds(HOUR_S)} <= now()`
/** Since it was counted last. */
const sinceCounted = sql`case when ${errands.isOpen} then
  greatest(0, ceil(extract(epoch from least(now(), ${errands.until}) - ${errands.countedAt})))::integer else 0 end`
const usedS = sql`case when ${isNewHour} then 0 else ${errands.usedS} + ${sinceCounted} end`
const leftS = sql`greatest(0, ${SHARE_S} - ${usedS})`
/** What every change of a row writes as well. */
const counted = {
  usedS,
  hourBeganAt: sql`case when ${isNewHour} then now() else ${errands.hourBeganAt} end`,
  countedAt: sql`now()`,
}

export function createErrandStore({ db }: Pick<Database, 'db'>) {
  return {
    /** It is about to be handed something. `null`: it has had its share of this hour, and is not to be woken. */
    async begin(instanceId: InstanceId): Promise<Begun | null> {
      const begun = { isOpen: true, beganAt: sql`now()`, until: inSeconds(BEGIN_S), wakes: 0 }
      const rows = await db
        .insert(errands)
        .values({ instanceId, ...begun })
        .onConflictDoUpdate({
          target: errands.instanceId,
          set: { ...begun, ...counted, until: inSeconds(sql`least(${BEGIN_S}, ${leftS})`) },
          setWhere: sql`${leftS} > 0`,
        })
        // What is read beside a change is as it was before.
        .returning({
          beganAt: sql<string>`${errands.beganAt}::text`,
          isOnly: sql<boolean>`not exists (select 1 from ${errands} before where before.instance_id = ${instanceId}
            and before.is_open and before.until > now())`,
        })
      return rows[0] ?? null
    },

    /** It was not taken. What was begun since goes on, and whatever it is at work on it says again itself. */
    async retract(instanceId: InstanceId, { beganAt, isOnly }: Begun): Promise<void> {
      if (!isOnly) return
      await db
        .update(errands)
        .set({ isOpen: false, ...counted })
        .where(and(eq(errands.instanceId, instanceId), sql`${errands.beganAt} = ${beganAt}::timestamptz`))
    },

    /** It says that it still works on it; also when it said before that it had finished something else. */
    async renew(instanceId: InstanceId): Promise<void> {
      const latest = sql`${errands.beganAt} + ${seconds(LONGEST_S)}`
      const until = sql`greatest(${errands.until}, least(${inSeconds(RENEW_S)}, ${latest}, ${inSeconds(leftS)}))`
      await db
        .update(errands)
        .set({ isOpen: true, until, ...counted })
        .where(and(eq(errands.instanceId, instanceId), sql`${latest} > now() and ${leftS} > 0`))
    },

    async end(instanceId: InstanceId): Promise<void> {
      await db
        .update(errands)
        .set({ isOpen: false, ...counted })
        .where(eq(errands.instanceId, instanceId))
    },

    /** Those that said nothing in time, to be woken again: each for one api process alone. */
    async overdue(): Promise<InstanceId[]> {
      const isOverdue = sql`${errands.isOpen} and ${errands.until} < now()`
      await db
        .update(errands)
        .set({ isOpen: false, ...counted })
        .where(sql`${isOverdue} and ${errands.wakes} >= ${MOST_WAKES}`)
      const rows = await db
        .update(errands)
        .set({
          wakes: sql`${errands.wakes} + 1`,
          ...{ until: inSeconds(sql`least(${RENEW_S}, ${leftS})`), ...counted },
        })
        .where(sql`${isOverdue} and ${leftS} > 0`)
        .returning({ id: errands.instanceId })
      return rows.map(({ id }) => id)
    },
  }
}
