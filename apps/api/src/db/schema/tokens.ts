/** API tokens, and logins of devices that have no browser. */
import type { Id, Scope, SessionId, UserId } from '@matrixos/shared'
import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { userRef } from './accounts.ts'
import { time } from './columns.ts'

export const apiTokens = pgTable(
  'api_tokens',
  {
    id: text().$type<Id<'tok'>>().primaryKey(),
    userId: userRef(),
    name: text().notNull(),
    /** SHA-256 of the token, which has 256 bits. */
    hash: text().notNull(),
    /** Its first characters: enough to recognize it, too few to use it. */
    hint: text().notNull(),
    scopes: text().array().$type<Scope[]>().notNull(),
    createdAt: time('created_at').notNull(),
    /** `null`: never. */
    expiresAt: time('expires_at'),
    /** To the minute. */
    lastUsedAt: time('last_used_at'),
  },
  (table) => [uniqueIndex('api_tokens_hash').on(table.hash), index('api_tokens_user').on(table.userId)],
)

/** A device authorization request (RFC 8628). */
export const deviceLogins = pgTable(
  'device_logins',
  {
    id: text().$type<Id<'dvc'>>().primaryKey(),
    /** SHA-256 of the device code. */
    deviceHash: text('device_hash').notNull(),
    /** As people type it, without its hyphen. */
    userCode: text('user_code').notNull(),
    clientName: text('client_name').notNull(),
    scopes: text().array().$type<Scope[]>().notNull(),
    /** Where the device asked from: the page that grants it shows both. */
    address: text().notNull(),
    userAgent: text('user_agent').notNull(),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    /** The session that saw the code first: no other may decide. */
    claimedBy: text('claimed_by').$type<SessionId>(),
    userId: text('user_id').$type<UserId>(),
    decision: text().$type<'approved' | 'denied'>(),
    lastPolledAt: time('last_polled_at'),
    /** Seconds the device waits between polls; it grows when the device is too fast. */
    intervalS: integer('interval_s').notNull(),
  },
  (table) => [
    uniqueIndex('device_logins_hash').on(table.deviceHash),
    uniqueIndex('device_logins_code').on(table.userCode),
    index('device_logins_expiry').on(table.expiresAt),
  ],
)
