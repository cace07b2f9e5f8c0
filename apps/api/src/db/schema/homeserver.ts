/** What the platform has at a Matrix homeserver, and what the homeserver has told it. */
import type { InstanceId, MatrixAccountKind, UserId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { userRef } from './accounts.ts'
import { bytes, time } from './columns.ts'
import { instances } from './instances.ts'

/**
 * Every name ever given there. A row outlives its instance, and then its account: a homeserver gives the name of an
 * account that was deactivated to nobody again.
 */
export const matrixAccounts = pgTable(
  'matrix_accounts',
  {
    localpart: text().primaryKey(),
    instanceId: text('instance_id').$type<InstanceId>().notNull(),
    kind: text().$type<MatrixAccountKind>().notNull(),
    /** `gone`: deactivated, or found to be. */
    state: text().$type<'wanted' | 'made' | 'leaving' | 'gone'>().notNull(),
    displayName: text('display_name').notNull(),
    /** What the homeserver said when it refused, and when it is asked again. */
    problem: text(),
    nextAttemptAt: time('next_attempt_at'),
    /** Counts its computer's devices: the next one begins with new keys. */
    device: integer().notNull().default(1),
    /** Sealed: the token that its computer was given last. */
    keyVersion: integer('key_version'),
    iv: bytes('iv'),
    ciphertext: bytes('ciphertext'),
    /** Of the instance's token for AI calls at that time: both are renewed together. */
    tokenGeneration: integer('token_generation'),
    /** When it is asked for anew; `null`: it does not end by itself. */
    renewAt: time('renew_at'),
  },
  (table) => [
    uniqueIndex('matrix_accounts_instance')
      .on(table.instanceId, table.kind)
      .where(sql`state in ('wanted', 'made')`),
    index('matrix_accounts_open').on(table.state).where(sql`state in ('wanted', 'leaving')`),
  ],
)

/** Tokens for people's own clients. Kept, sealed, because nothing else ends them. */
export const matrixLogins = pgTable(
  'matrix_logins',
  {
    deviceId: text('device_id').primaryKey(),
    userId: userRef().$type<UserId>(),
    name: text().notNull(),
    createdAt: time('created_at').notNull(),
    keyVersion: integer('key_version').notNull(),
    iv: bytes('iv').notNull(),
    ciphertext: bytes('ciphertext').notNull(),
  },
  (table) => [index('matrix_logins_user').on(table.userId)],
)

/** Who of the platform is in which room, or invited to it. */
export const matrixMembers = pgTable(
  'matrix_members',
  {
    roomId: text('room_id').notNull(),
    localpart: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.roomId, table.localpart] })],
)

/** Rooms whose encryption is known. Once on, it is never off again. */
export const matrixRooms = pgTable('matrix_rooms', {
  roomId: text('room_id').primaryKey(),
  isEncrypted: boolean('is_encrypted').notNull(),
})

/** What was taken in already: a homeserver hands over again, under other numbers, after each start. */
export const matrixEvents = pgTable(
  'matrix_events',
  {
    eventId: text('event_id').primaryKey(),
    receivedAt: time('received_at').notNull(),
  },
  (table) => [index('matrix_events_received').on(table.receivedAt)],
)

/** Instances that are to be told that something waits for them at the homeserver. One row, however much it is. */
export const matrixCalls = pgTable('matrix_calls', {
  instanceId: text('instance_id')
    .$type<InstanceId>()
    .primaryKey()
    .references(() => instances.id, { onDelete: 'cascade' }),
  /** Counts what came: what comes while one is being told is told again. */
  seq: integer().notNull().default(1),
  forPerson: boolean('for_person').notNull(),
  forAi: boolean('for_ai').notNull(),
  since: time('since').notNull(),
  attempts: integer().notNull().default(0),
  nextAttemptAt: time('next_attempt_at').notNull(),
  /** The api process that tells it, and until when it may. */
  leaseOwner: text('lease_owner'),
  leaseUntil: time('lease_until'),
})

const instanceRef = (name: string) =>
  text(name)
    .$type<InstanceId>()
    .notNull()
    .references(() => instances.id, { onDelete: 'cascade' })

/** Pairs of instances of which one's AI has written to the other's, and when each first did. The lesser id is `one`. */
export const matrixMeetings = pgTable(
  'matrix_meetings',
  {
    one: instanceRef('one'),
    other: instanceRef('other'),
    oneWroteAt: time('one_wrote_at'),
    otherWroteAt: time('other_wrote_at'),
  },
  (table) => [
    primaryKey({ columns: [table.one, table.other] }),
    index('matrix_meetings_other').on(table.other),
  ],
)

/** Messages that were sent in the clear where that must not be. What they said is not kept. */
export const matrixAlarms = pgTable(
  'matrix_alarms',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    eventId: text('event_id').notNull(),
    roomId: text('room_id').notNull(),
    sender: text().notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('matrix_alarms_at').on(table.at)],
)
