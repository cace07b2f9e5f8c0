/** The SQL of what the homeserver hands over. */
import { AI_SUFFIX, type InstanceId } from '@matrixos/shared'
import { and, eq, gte, inArray, like, ne, notExists, sql } from 'drizzle-orm'
import type { Database, DbOrTx } from '../db/database.ts'
import {
  instances,
  matrixAccounts,
  matrixAlarms,
  matrixCalls,
  matrixEvents,
  matrixMembers,
  matrixRooms,
} from '../db/schema/index.ts'

/** Longer than a homeserver keeps trying to hand the same over. */
const REMEMBERED = '30 days'
const BATCH = 5_000
/** Of one room, in that time. */
const MOST_ALARMS = 100
const ALARM_SPAN = '1 hour'

export interface Member {
  localpart: string
  instanceId: InstanceId
  isAi: boolean
}

export type EventStore = ReturnType<typeof createEventStore>

export function createEventStore({ db }: Pick<Database, 'db'>) {
  return {
    transaction: <T>(work: (tx: DbOrTx) => Promise<T>): Promise<T> => db.transaction(work),

    /** `false`: it was taken in before. */
    async isNew(tx: DbOrTx, eventId: string): Promise<boolean> {
      const row = { eventId, receivedAt: sql`now()` }
      const rows = await tx
        .insert(matrixEvents)
        .values(row)
        .onConflictDoNothing()
        .returning({ id: matrixEvents.eventId })
      return rows.length > 0
    },

    async setMember(tx: DbOrTx, roomId: string, localpart: string, isIn: boolean): Promise<void> {
      if (isIn) await tx.insert(matrixMembers).values({ roomId, localpart }).onConflictDoNothing()
      else
        await tx
          .delete(matrixMembers)
          .where(and(eq(matrixMembers.roomId, roomId), eq(matrixMembers.localpart, localpart)))
    },

    async setRoom(tx: DbOrTx, roomId: string, isEncrypted: boolean): Promise<void> {
      await tx
        .insert(matrixRooms)
        .values({ roomId, isEncrypted })
        .onConflictDoUpdate({
          target: matrixRooms.roomId,
          set: { isEncrypted: sql`${matrixRooms.isEncrypted} or excluded.is_encrypted` },
        })
    },

    /** `null`: nobody knows yet. */
    async isEncrypted(roomId: string, by: DbOrTx = db): Promise<boolean | null> {
      const [room] = await by.select().from(matrixRooms).where(eq(matrixRooms.roomId, roomId))
      return room?.isEncrypted ?? null
    },

    members: async (roomId: string, by: DbOrTx = db): Promise<Member[]> =>
      by
        .select({
          localpart: matrixAccounts.localpart,
          instanceId: matrixAccounts.instanceId,
          isAi: sql<boolean>`${matrixAccounts.kind} = 'ai'`,
        })
        .from(matrixMembers)
        .innerJoin(matrixAccounts, eq(matrixAccounts.localpart, matrixMembers.localpart))
        .where(and(eq(matrixMembers.roomId, roomId), eq(matrixAccounts.state, 'made'))),

    /** Whether an AI of this platform is in it. */
    hasAi: async (tx: DbOrTx, roomId: string): Promise<boolean> => {
      const isAi = like(matrixMembers.localpart, `%\\${AI_SUFFIX}`)
      return (await tx.$count(matrixMembers, and(eq(matrixMembers.roomId, roomId), isAi))) > 0
    },

    async call(tx: DbOrTx, { instanceId, isAi }: Member): Promise<void> {
      const isThere = tx
        .select({
          ...{ instanceId: instances.id, seq: sql<number>`1`.as('seq') },
          forPerson: sql<boolean>`${!isAi}::boolean`.as('for_person'),
          forAi: sql<boolean>`${isAi}::boolean`.as('for_ai'),
          ...{ since: sql<Date>`now()`.as('since'), attempts: sql<number>`0`.as('attempts') },
          nextAttemptAt: sql<Date>`now()`.as('next_attempt_at'),
          leaseOwner: sql<string | null>`null::text`.as('lease_owner'),
          leaseUntil: sql<Date | null>`null::timestamptz`.as('lease_until'),
        })
        .from(instances)
        .where(and(eq(instances.id, instanceId), ne(instances.desired, 'deleted')))
      await tx
        .insert(matrixCalls)
        .select(isThere)
        .onConflictDoUpdate({
          target: matrixCalls.instanceId,
          set: {
            seq: sql`${matrixCalls.seq} + 1`,
            forPerson: sql`${matrixCalls.forPerson} or excluded.for_person`,
            forAi: sql`${matrixCalls.forAi} or excluded.for_ai`,
          },
        })
    },

    /** How many alarms its room has had in the last hour. Beyond the most that are kept, it is not: anybody can write in the clear. */
    async raiseAlarm(
      tx: DbOrTx,
      alarm: { eventId: string; roomId: string; sender: string },
    ): Promise<number> {
      const isLate = sql`${matrixAlarms.at} > now() - ${ALARM_SPAN}::interval`
      const before = await tx.$count(matrixAlarms, and(eq(matrixAlarms.roomId, alarm.roomId), isLate))
      if (before < MOST_ALARMS) await tx.insert(matrixAlarms).values({ ...alarm, at: sql`now()` })
      return before
    },

    alarmsSince: (at: Date): Promise<number> => db.$count(matrixAlarms, gte(matrixAlarms.at, at)),

    /** Alarms, too; and of rooms that nobody here is in any more, what is known of them. */
    async deleteOld(): Promise<void> {
      await db.delete(matrixAlarms).where(sql`${matrixAlarms.at} < now() - ${REMEMBERED}::interval`)
      const isLeft = notExists(
        db.select({ one: sql`1` }).from(matrixMembers).where(eq(matrixMembers.roomId, matrixRooms.roomId)),
      )
      const left = db.select({ id: matrixRooms.roomId }).from(matrixRooms).where(isLeft).limit(BATCH)
      await db.delete(matrixRooms).where(inArray(matrixRooms.roomId, left))
      const isOld = sql`${matrixEvents.receivedAt} < now() - ${REMEMBERED}::interval`
      const old = db.select({ id: matrixEvents.eventId }).from(matrixEvents).where(isOld).limit(BATCH)
      await db.delete(matrixEvents).where(inArray(matrixEvents.eventId, old))
    },
  }
}
