/** The SQL of deliveries on their way. Leases and times are by the database's clock. */
import { type Id, newId, type UserId, type WebhookGroup } from '@matrixos/shared'
import { and, arrayOverlaps, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Database, DbOrTx } from '../db/database.ts'
import { users, webhookDeliveries, webhooks } from '../db/schema/index.ts'
import type { Sealed } from '../seal.ts'
import type { SendResult } from './sender.ts'

/** Something that happened to somebody, or to what is theirs. */
export interface WebhookEvent {
  userId: UserId
  /** Begins with its group: `computer.woke`. */
  type: `${WebhookGroup}.${string}`
  at: Date
  data: Record<string, unknown>
}

/** A delivery and where it goes. */
export interface DueDelivery extends Sealed {
  id: number
  webhookId: Id<'whk'>
  url: string
  eventId: Id<'evt'>
  body: string
  attempts: number
}

const LEASE_S = 30
/** Of one webhook, on their way at once: one receiver that never answers leaves room for everybody else's. */
const MOST_OF_WEBHOOK = 3
/** Seconds after each attempt that failed; after the last one, 15 hours in all, it is given up. */
const RETRY_AFTER_S = [5, 30, 120, 600, 1_800, 7_200, 14_400, 28_800] as const
/** Of one webhook; beyond that nothing more is noted until some are over. */
const MOST_WAITING = 1_000
const REMEMBERED_S = 7 * 86_400
/** Deleted by one statement. */
const BATCH = 5_000

const interval = (seconds: number) => sql`${`${seconds} seconds`}::interval`

export type DeliveryQueue = ReturnType<typeof createDeliveryQueue>

export interface DeliveryQueueOptions extends Pick<Database, 'db'> {
  processId: string
  clock: Pick<Clock, 'now' | 'random'>
}

export function createDeliveryQueue({ db, processId, clock }: DeliveryQueueOptions) {
  const freed = { leaseOwner: null, leaseUntil: null } as const
  const isMine = (id: number) =>
    and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.leaseOwner, processId))

  const asNew = ({ type, at, data }: Omit<WebhookEvent, 'userId'>) => ({
    ...{ eventId: newId('evt', clock), type, createdAt: sql`now()`, nextAttemptAt: sql`now()` },
    body: JSON.stringify({ type, timestamp: at.toISOString(), data }),
  })

  return {
    /** `false`: there is no such webhook any more. */
    put: (webhookId: Id<'whk'>, event: Omit<WebhookEvent, 'userId'>): Promise<boolean> =>
      db.transaction(async (tx) => {
        const [present] = await tx
          .select({ id: webhooks.id })
          .from(webhooks)
          .where(eq(webhooks.id, webhookId))
          .for('key share')
        if (present) await tx.insert(webhookDeliveries).values({ webhookId, ...asNew(event) })
        return present !== undefined
      }),

    /** As part of what made it happen: noted if and only if that was. */
    async enqueue(tx: DbOrTx, events: readonly WebhookEvent[]): Promise<void> {
      const owners = [...new Set(events.map(({ userId }) => userId))]
      if (owners.length === 0) return
      const groups = [...new Set(events.map(groupOf))]
      const isWanted = and(inArray(webhooks.userId, owners), arrayOverlaps(webhooks.groups, groups))
      const listening = await tx
        .select({
          ...{ id: webhooks.id, userId: webhooks.userId, groups: webhooks.groups },
          // Its columns by their whole names: of a single table, drizzle writes them without it.
          waiting: sql<number>`(select count(*) from ${webhookDeliveries} d
            where d.webhook_id = webhooks.id and d.done_at is null)`.mapWith(Number),
        })
        .from(webhooks)
        .where(isWanted)
        // One that is removed meanwhile must not undo what happened.
        .for('key share')
      for (const { id, userId, groups: wanted, waiting } of listening) {
        const theirs = events.filter((event) => event.userId === userId && wanted.includes(groupOf(event)))
        const noted = theirs.slice(0, Math.max(0, MOST_WAITING - waiting))
        const rows = noted.map((event) => ({ webhookId: id, ...asNew(event) }))
        if (rows.length > 0) await tx.insert(webhookDeliveries).values(rows)
      }
    },

    /** Those that are due, for this process alone; of people who are suspended, none is. */
    async claim(most: number): Promise<DueDelivery[]> {
      const d = webhookDeliveries
      const due = sql`select due.id from (
          select x.id, row_number() over (partition by x.webhook_id order by x.next_attempt_at, x.id)
            + (select count(*) from ${d} l where l.webhook_id = x.webhook_id and l.lease_until >= now()) as place
          from ${d} x join ${webhooks} w on w.id = x.webhook_id
          join ${users} u on u.id = w.user_id and u.suspended_at is null
          where x.done_at is null and x.next_attempt_at <= now() and (x.lease_until is null or x.lease_until < now())
        ) due where due.place <= ${MOST_OF_WEBHOOK} order by due.place, due.id limit ${most}`
      const rows = await db
        .update(d)
        .set({
          attempts: sql`${d.attempts} + 1`,
          ...{ leaseOwner: processId, leaseUntil: sql`now() + ${interval(LEASE_S)}` },
        })
        .from(webhooks)
        // Another process may have taken it meanwhile.
        .where(
          and(
            eq(webhooks.id, d.webhookId),
            isNull(d.doneAt),
            sql`(${d.leaseUntil} is null or ${d.leaseUntil} < now())`,
            sql`${d.id} in (${due})`,
          ),
        )
        .returning({ delivery: d, webhook: webhooks })
      return rows.map(({ delivery: { id, webhookId, eventId, body, attempts }, webhook }) => ({
        ...{ id, webhookId, eventId, body, attempts, url: webhook.url },
        ...{ keyVersion: webhook.keyVersion, iv: webhook.iv, ciphertext: webhook.ciphertext },
      }))
    },

    async renew(rows: Pick<DueDelivery, 'id'>[]): Promise<void> {
      const ids = rows.map(({ id }) => id)
      await db
        .update(webhookDeliveries)
        .set({ leaseUntil: sql`now() + ${interval(LEASE_S)}` })
        .where(and(inArray(webhookDeliveries.id, ids), eq(webhookDeliveries.leaseOwner, processId)))
    },

    /** What became of an attempt: delivered, tried again later, or given up. */
    async settle({ id, attempts }: DueDelivery, { status, problem, isFinal }: SendResult): Promise<void> {
      const waitS = RETRY_AFTER_S[attempts - 1]
      const isOver = isFinal || waitS === undefined
      const outcome = problem === null ? ('delivered' as const) : ('failed' as const)
      await db
        .update(webhookDeliveries)
        .set({
          ...{ ...freed, status, problem, lastAttemptAt: sql`now()` },
          ...(isOver ? { outcome, doneAt: sql`now()` } : { nextAttemptAt: sql`now() + ${interval(waitS)}` }),
        })
        .where(isMine(id))
    },

    /** Leases of processes that are certainly gone: only for a database that one process alone can use. */
    async freeAll(): Promise<void> {
      await db.update(webhookDeliveries).set(freed).where(sql`${webhookDeliveries.leaseOwner} is not null`)
    },

    /** This process stops: others need not wait for its leases. */
    async release(): Promise<void> {
      await db.update(webhookDeliveries).set(freed).where(eq(webhookDeliveries.leaseOwner, processId))
    },

    async deleteOld(): Promise<void> {
      const { id, doneAt } = webhookDeliveries
      const isOld = sql`${doneAt} < now() - ${interval(REMEMBERED_S)}`
      const old = db.select({ id }).from(webhookDeliveries).where(isOld).limit(BATCH)
      for (;;) {
        const gone = await db.delete(webhookDeliveries).where(inArray(id, old)).returning({ id })
        if (gone.length < BATCH) return
      }
    },
  }
}

const GROUPS: Record<WebhookGroup, true> = { computer: true, feed: true }

function groupOf({ type }: Pick<WebhookEvent, 'type'>): WebhookGroup {
  const [group = ''] = type.split('.', 1)
  if (group in GROUPS) return group as WebhookGroup
  throw new Error(`${type} is of no group.`)
}
