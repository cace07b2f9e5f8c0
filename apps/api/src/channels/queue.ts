/**
 * The SQL of messages on their way. Within a conversation one goes after the other; between conversations nobody waits
 * for anybody. Leases are by the database's clock.
 */
import type { InstanceId } from '@matrixos/shared'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { channelMessages, channels, instances } from '../db/schema/index.ts'
import type { Sealed } from '../seal.ts'

export type QueuedRow = typeof channelMessages.$inferSelect & { instanceId: InstanceId }

export interface Arrived extends Sealed {
  channelId: string
  eventId: string
  conversation: string
}

const LEASE_S = 20
/** Of one channel, on their way at once: one computer that never answers leaves room for everybody else's. */
const MOST_OF_CHANNEL = 4
const FIRST_RETRY_S = 5
const LONGEST_RETRY_S = 600
/** `2 ^ attempts` would not end. */
const MOST_DOUBLINGS = 10
/** Longer than any service delivers the same again. */
const REMEMBERED_S = 3 * 86_400
/** Deleted by one statement. */
const BATCH = 5_000

export type Queue = ReturnType<typeof createQueue>

const interval = (seconds: number) => sql`${`${seconds} seconds`}::interval`

export interface QueueOptions extends Pick<Database, 'db'> {
  processId: string
  /** Waiting in one channel. */
  mostWaiting: number
}

export function createQueue({ db, processId, mostWaiting }: QueueOptions) {
  const isMine = (id: number) => and(eq(channelMessages.id, id), eq(channelMessages.leaseOwner, processId))
  const freed = { leaseOwner: null, leaseUntil: null } as const
  const emptied = { keyVersion: null, iv: null, ciphertext: null } as const

  return {
    /** `known`: it was stored before. `full`: too many wait already. */
    async put({
      channelId,
      eventId,
      conversation,
      ...sealed
    }: Arrived): Promise<'stored' | 'known' | 'full'> {
      const isOpen = sql`${channelMessages.channelId} = ${channelId} and ${channelMessages.doneAt} is null`
      const known = await db
        .select({ id: channelMessages.id })
        .from(channelMessages)
        .where(and(eq(channelMessages.channelId, channelId), eq(channelMessages.eventId, eventId)))
      if (known.length > 0) return 'known'
      if ((await db.$count(channelMessages, isOpen)) >= mostWaiting) return 'full'
      const times = { receivedAt: sql`now()`, nextAttemptAt: sql`now()` }
      const stored = await db
        .insert(channelMessages)
        .values({ channelId, eventId, conversation, ...sealed, ...times })
        // Delivered twice at the same time, perhaps to two processes.
        .onConflictDoNothing()
        .returning({ id: channelMessages.id })
      if (stored.length === 0) return 'known'
      await db.update(channels).set({ lastReceivedAt: sql`now()` }).where(eq(channels.id, channelId))
      return 'stored'
    },

    /**
     * Those that are due and the first of their conversation, for this process alone. Of an instance that is suspended or
     * leaves, none ever is.
     */
    async claim(most: number): Promise<QueuedRow[]> {
      const ofChannel = sql`select m.id from ${channelMessages} m where m.channel_id = c.id
        and m.done_at is null and m.next_attempt_at <= now() and (m.lease_until is null or m.lease_until < now())
        and not exists (select 1 from ${channelMessages} e where e.channel_id = m.channel_id
          and e.conversation = m.conversation and e.done_at is null and e.id < m.id)
        order by m.id
        limit greatest(0, ${MOST_OF_CHANNEL} - (select count(*) from ${channelMessages} l
          where l.channel_id = c.id and l.done_at is null and l.lease_until >= now()))
        for update skip locked`
      const due = sql`select d.id from (select distinct o.channel_id from ${channelMessages} o where o.done_at is null) w
        join ${channels} c on c.id = w.channel_id
        join ${instances} i on i.id = c.instance_id and not i.is_suspended and i.desired not in ('leaving', 'deleted')
        cross join lateral (${ofChannel}) d order by d.id limit ${most}`
      const rows = await db
        .update(channelMessages)
        .set({
          attempts: sql`${channelMessages.attempts} + 1`,
          ...{ leaseOwner: processId, leaseUntil: sql`now() + ${interval(LEASE_S)}` },
        })
        .from(channels)
        .where(and(eq(channels.id, channelMessages.channelId), sql`${channelMessages.id} in (${due})`))
        .returning({ message: channelMessages, instanceId: channels.instanceId })
      return rows.map(({ message, instanceId }) => ({ ...message, instanceId }))
    },

    async renew(rows: Pick<QueuedRow, 'id'>[]): Promise<void> {
      const ids = rows.map(({ id }) => id)
      await db
        .update(channelMessages)
        .set({ leaseUntil: sql`now() + ${interval(LEASE_S)}` })
        .where(and(inArray(channelMessages.id, ids), eq(channelMessages.leaseOwner, processId)))
    },

    /** It is over: what it said is forgotten, that it came is remembered. */
    async finish({ id }: Pick<QueuedRow, 'id'>): Promise<void> {
      await db
        .update(channelMessages)
        .set({ ...freed, ...emptied, doneAt: sql`now()` })
        .where(isMine(id))
    },

    /** It is tried again later. */
    async postpone({ id, attempts }: Pick<QueuedRow, 'id' | 'attempts'>): Promise<void> {
      const wait = Math.min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** Math.min(attempts - 1, MOST_DOUBLINGS))
      await db
        .update(channelMessages)
        .set({ ...freed, nextAttemptAt: sql`now() + ${interval(wait)}` })
        .where(isMine(id))
    },

    /** Leases of processes that are certainly gone: only for a database that one process alone can use. */
    async freeAll(): Promise<void> {
      await db.update(channelMessages).set(freed).where(sql`${channelMessages.leaseOwner} is not null`)
    },

    /** This process stops: others need not wait for its leases. */
    async release(): Promise<void> {
      await db.update(channelMessages).set(freed).where(eq(channelMessages.leaseOwner, processId))
    },

    async deleteOld(): Promise<void> {
      const { id, doneAt } = channelMessages
      const isOld = sql`${doneAt} < now() - ${interval(REMEMBERED_S)}`
      const old = db.select({ id }).from(channelMessages).where(isOld).limit(BATCH)
      for (;;) {
        const gone = await db.delete(channelMessages).where(inArray(id, old)).returning({ id })
        if (gone.length < BATCH) return
      }
    },
  }
}
