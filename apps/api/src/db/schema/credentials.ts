/** Ways to sign in, and the challenges that prove them. */
import type { Id, UserId } from '@matrixos/shared'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { userRef } from './accounts.ts'
import { bytes, time } from './columns.ts'

export const passkeys = pgTable(
  'passkeys',
  {
    /** The credential id, base64url. */
    id: text().primaryKey(),
    userId: userRef(),
    publicKey: bytes('public_key').notNull(),
    counter: bigint({ mode: 'number' }).notNull(),
    transports: jsonb().$type<string[]>().notNull(),
    aaguid: text().notNull(),
    name: text().notNull(),
    backupEligible: boolean('backup_eligible').notNull(),
    backedUp: boolean('backed_up').notNull(),
    createdAt: time('created_at').notNull(),
    lastUsedAt: time('last_used_at').notNull(),
  },
  (table) => [index('passkeys_user').on(table.userId)],
)

/** The fallback to passkeys: a password together with an authenticator app. */
export const totpLogins = pgTable('totp_logins', {
  userId: userRef().primaryKey(),
  passwordHash: text('password_hash').notNull(),
  sealedSecret: text('sealed_secret').notNull(),
  /** The last accepted 30 s step: a code counts once. */
  lastStep: bigint('last_step', { mode: 'number' }).notNull(),
  failures: integer().notNull().default(0),
  lockedUntil: time('locked_until'),
})

/** Single-use codes for whoever has lost everything else. At least 112 bits each, so a plain hash keeps them. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    userId: userRef(),
    /** SHA-256 of the code. */
    hash: text().notNull(),
    createdAt: time('created_at').notNull(),
    usedAt: time('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.hash] })],
)

export type LinkPurpose = 'enrol' | 'admin'

/** Links that an administrator, or the server's command line, hands to one person; each works once. */
export const oneTimeLinks = pgTable(
  'one_time_links',
  {
    /** SHA-256 of the secret in the link. */
    hash: text().primaryKey(),
    purpose: text().$type<LinkPurpose>().notNull(),
    userId: userRef(),
    /** A user's id, or `server` for the command line. */
    createdBy: text('created_by').$type<UserId | 'server'>().notNull(),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [
    index('one_time_links_user').on(table.userId),
    index('one_time_links_expiry').on(table.expiresAt),
  ],
)

export type ChallengePurpose =
  | 'register'
  | 'login'
  | 'register_totp'
  | 'add_passkey'
  | 'add_totp'
  | 'enrol'
  | 'step_up'

export const challenges = pgTable(
  'challenges',
  {
    id: text().$type<Id<'chl'>>().primaryKey(),
    purpose: text().$type<ChallengePurpose>().notNull(),
    /** SHA-256 of the nonce in the browser's cookie: a challenge is of no use elsewhere. */
    browserHash: text('browser_hash').notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    attempts: integer().notNull().default(0),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('challenges_expiry').on(table.expiresAt)],
)
