/** Channels through which people write to instances, what came through them, and what instances were woken for. */
import type { ChannelKind, InstanceId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { bytes, time } from './columns.ts'
import { instances } from './instances.ts'

const instanceRef = () =>
  text('instance_id')
    .$type<InstanceId>()
    .notNull()
    .references(() => instances.id, { onDelete: 'cascade' })

export const channels = pgTable(
  'channels',
  {
    /** In the address that the service delivers to: 128 bits of chance. */
    id: text().primaryKey(),
    instanceId: instanceRef(),
    kind: text().$type<ChannelKind>().notNull(),
    /** Sealed: what deliveries are proved with. */
    keyVersion: integer('key_version').notNull(),
    iv: bytes('iv').notNull(),
    ciphertext: bytes('ciphertext').notNull(),
    createdAt: time('created_at').notNull(),
    lastReceivedAt: time('last_received_at'),
    lastDeliveredAt: time('last_delivered_at'),
    /** What went wrong last, for its owner. */
    note: text(),
    noteAt: time('note_at'),
  },
  (table) => [uniqueIndex('channels_instance_kind').on(table.instanceId, table.kind)],
)

/** The queue. Rows stay for a while when they are done: the service may deliver again. */
export const channelMessages = pgTable(
  'channel_messages',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    channelId: text('channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    /** The service's own name for it. */
    eventId: text('event_id').notNull(),
    conversation: text().notNull(),
    /** Sealed: the message. `null` once it was handed over. */
    keyVersion: integer('key_version'),
    iv: bytes('iv'),
    ciphertext: bytes('ciphertext'),
    receivedAt: time('received_at').notNull(),
    doneAt: time('done_at'),
    attempts: integer().notNull().default(0),
    nextAttemptAt: time('next_attempt_at').notNull(),
    /** The api process that hands it over, and until when it may. */
    leaseOwner: text('lease_owner'),
    leaseUntil: time('lease_until'),
  },
  (table) => [
    uniqueIndex('channel_messages_event').on(table.channelId, table.eventId),
    index('channel_messages_open')
      .on(table.channelId, table.conversation, table.id)
      .where(sql`done_at is null`),
    index('channel_messages_done').on(table.doneAt).where(sql`done_at is not null`),
  ],
)

/** What the platform handed to instances: they stay awake for it, a bounded time, as if somebody used them. */
export const errands = pgTable('errands', {
  instanceId: instanceRef().primaryKey(),
  isOpen: boolean('is_open').notNull(),
  beganAt: time('began_at').notNull(),
  until: time('until').notNull(),
  /** Times that it was woken because it said nothing. */
  wakes: integer().notNull().default(0),
  /** The hour that its share is counted in, which begins with an errand. */
  hourBeganAt: time('hour_began_at').notNull().defaultNow(),
  /** Seconds of that hour in which errands kept it awake, up to `countedAt`. */
  usedS: integer('used_s').notNull().default(0),
  countedAt: time('counted_at').notNull().defaultNow(),
})
