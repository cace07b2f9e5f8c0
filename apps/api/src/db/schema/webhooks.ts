/** Addresses that people want told of events, and what was sent there. */
import type { Id, WebhookGroup } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { userRef } from './accounts.ts'
import { bytes, time } from './columns.ts'

export const webhooks = pgTable(
  'webhooks',
  {
    id: text().$type<Id<'whk'>>().primaryKey(),
    userId: userRef(),
    url: text().notNull(),
    groups: text().array().$type<WebhookGroup[]>().notNull(),
    /** Sealed: what deliveries are signed with. */
    keyVersion: integer('key_version').notNull(),
    iv: bytes('iv').notNull(),
    ciphertext: bytes('ciphertext').notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [index('webhooks_user').on(table.userId)],
)

/** The queue, and for a while what became of each. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    webhookId: text('webhook_id')
      .$type<Id<'whk'>>()
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    /** The same at every attempt, and when it is repeated. */
    eventId: text('event_id').$type<Id<'evt'>>().notNull(),
    type: text().notNull(),
    body: text().notNull(),
    createdAt: time('created_at').notNull(),
    /** `null` while it waits. */
    outcome: text().$type<'delivered' | 'failed'>(),
    doneAt: time('done_at'),
    attempts: integer().notNull().default(0),
    nextAttemptAt: time('next_attempt_at').notNull(),
    lastAttemptAt: time('last_attempt_at'),
    status: integer(),
    problem: text(),
    /** The api process that sends it, and until when it may. */
    leaseOwner: text('lease_owner'),
    leaseUntil: time('lease_until'),
  },
  (table) => [
    index('webhook_deliveries_open').on(table.nextAttemptAt).where(sql`done_at is null`),
    index('webhook_deliveries_webhook').on(table.webhookId, table.id),
    index('webhook_deliveries_done').on(table.doneAt).where(sql`done_at is not null`),
  ],
)
