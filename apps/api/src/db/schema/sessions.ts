/** Signed-in browsers, and their hand-off to instances' hosts. */
import type { SessionId, SessionMethod } from '@matrixos/shared'
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { userRef } from './accounts.ts'
import { time } from './columns.ts'

export const sessions = pgTable(
  'sessions',
  {
    id: text().$type<SessionId>().primaryKey(),
    userId: userRef(),
    userAgent: text('user_agent').notNull(),
    /** The network address of its last use. */
    address: text().notNull().default(''),
    /** How it was opened. */
    method: text().$type<SessionMethod>().notNull().default('passkey'),
    createdAt: time('created_at').notNull(),
    /** When the person last proved who they are; sensitive steps want it recent. */
    authenticatedAt: time('authenticated_at').notNull(),
    lastUsedAt: time('last_used_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    /** Number of the refresh token that counts now, and when it became so. */
    refreshNumber: integer('refresh_number').notNull(),
    refreshedAt: time('refreshed_at').notNull(),
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_expiry').on(table.expiresAt)],
)

/** One hand-off of a session to an instance's host. */
export const tickets = pgTable(
  'tickets',
  {
    /** SHA-256 of the ticket. */
    hash: text().primaryKey(),
    host: text().notNull(),
    sessionId: text('session_id')
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    userId: userRef(),
    nonceHash: text('nonce_hash').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('tickets_expiry').on(table.expiresAt)],
)
