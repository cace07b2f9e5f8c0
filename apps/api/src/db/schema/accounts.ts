/** People, and the handles they hold. */
import type { Role, UserId } from '@matrixos/shared'
import { type SQL, sql } from 'drizzle-orm'
import { type AnyPgColumn, bigint, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { bytes, time } from './columns.ts'

/** Every handle ever given. The row outlives its user, so that a handle is not given away at once. */
export const handles = pgTable('handles', {
  handle: text().primaryKey(),
  /** Set when its user is deleted: until then nobody else may take it. */
  quarantinedUntil: time('quarantined_until'),
})

/** The words of a display name, which its index and whoever searches it must spell alike. */
export const nameWords = (name: AnyPgColumn): SQL =>
  sql`to_tsvector('simple', translate(${name}, '.-_/@:+', '       '))`

export const users = pgTable(
  'users',
  {
    id: text().$type<UserId>().primaryKey(),
    handle: text()
      .notNull()
      .references(() => handles.handle),
    displayName: text('display_name').notNull(),
    /** The 64 random bytes that passkeys know the person by. */
    webauthnId: bytes('webauthn_id').notNull(),
    createdAt: time('created_at').notNull(),
    role: text().$type<Role>().notNull().default('member'),
    /** Set while an administrator has locked the account: it cannot sign in, and its instance stays asleep. */
    suspendedAt: time('suspended_at'),
    /** Shown to the person. */
    suspendedReason: text('suspended_reason'),
    /** Their last request in any session, to the minute. */
    lastSeenAt: time('last_seen_at'),
  },
  (table) => [
    uniqueIndex('users_handle').on(table.handle),
    uniqueIndex('users_webauthn_id').on(table.webauthnId),
    index('users_created').on(table.createdAt, table.id),
    index('users_suspended').on(table.suspendedAt).where(sql`suspended_at is not null`),
    // For the search of people: how handles begin, whatever the database's collation, and words of names.
    index('users_handle_prefix').on(table.handle.op('text_pattern_ops')),
    index('users_name_words').using('gin', nameWords(table.displayName)),
  ],
)

/** A row's owner: the row goes when the account does. */
export const userRef = (name = 'user_id') =>
  text(name)
    .$type<UserId>()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** What the owner of an account has to know and did not do in this session: shown until dismissed. */
export const accountNotices = pgTable(
  'account_notices',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: userRef(),
    at: time('at').notNull(),
    kind: text().notNull(),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [index('account_notices_user').on(table.userId, table.at)],
)
