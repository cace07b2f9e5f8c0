/** The tables, for PostgreSQL and PGlite alike. Times are UTC; each domain's store alone queries its tables. */
import type {
  Desired,
  ErrorBody,
  Id,
  InstanceId,
  Observed,
  Plan,
  SessionId,
  SleepTier,
  Step,
  UserId,
} from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { InstanceAddress } from '../ports/runtime.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value),
})

/** Every handle ever given. The row outlives its user, so that a handle is not given away at once. */
export const handles = pgTable('handles', {
  handle: text().primaryKey(),
  /** Set when its user is deleted: until then nobody else may take it. */
  quarantinedUntil: time('quarantined_until'),
})

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
  },
  (table) => [
    uniqueIndex('users_handle').on(table.handle),
    uniqueIndex('users_webauthn_id').on(table.webauthnId),
  ],
)

const userRef = () =>
  text('user_id')
    .$type<UserId>()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

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

/** Counters of attempts by key, for all api processes. Names of columns are rate-limiter-flexible's. */
export const attempts = pgTable(
  'attempts',
  {
    key: text().primaryKey(),
    points: integer().notNull(),
    /** The end of the time that is counted over; the row then means nothing. */
    expire: time('expire'),
  },
  (table) => [index('attempts_expiry').on(table.expire)],
)

export type ChallengePurpose = 'register' | 'login' | 'register_totp'

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

export const sessions = pgTable(
  'sessions',
  {
    id: text().$type<SessionId>().primaryKey(),
    userId: userRef(),
    userAgent: text('user_agent').notNull(),
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

/**
 * A row that is to be deleted is its instance's tombstone: it holds what the steps of the removal need, and outlives
 * its user until all of them are done.
 */
export const instances = pgTable(
  'instances',
  {
    id: text().$type<InstanceId>().primaryKey(),
    userId: text('user_id').$type<UserId>().notNull(),
    handle: text()
      .notNull()
      .references(() => handles.handle),
    /** Read by no api of this version, and dropped in the next: `container_slots` has it. */
    slot: integer(),
    image: text().notNull(),
    plan: text().$type<Plan>().notNull().default('standard'),
    desired: text().$type<Desired>().notNull(),
    /**
     * From when on the next lower tier is due, unless somebody uses it first, by the database's clock. `null`: never,
     * or not said yet. Moves with `lastUsedAt`, without a new version: what the cache knows of it may be old.
     */
    tierEndsAt: time('tier_ends_at'),
    observed: text().$type<Observed>().notNull(),
    observedAt: time('observed_at').notNull(),
    /** Where the edge reaches it, while it runs: as the runtime said, and derived from nothing here. */
    address: jsonb().$type<InstanceAddress>(),
    /** Counts every change of the row: writes of the reconciler are compare-and-set on it. */
    version: integer().notNull(),
    step: text().$type<Step>(),
    /** `ACTION:NAME` of the steps that are done of a creation or removal under way. */
    doneSteps: text('done_steps').array().notNull().default([]),
    /** Raised to revoke the instance's token. 0: made when the token came from the handle alone. */
    tokenGeneration: integer('token_generation').notNull().default(0),
    /** Whether it was ever seen running. */
    hasRun: boolean('has_run').notNull().default(false),
    error: jsonb().$type<ErrorBody>(),
    /** Failures in a row, and when the next attempt may start. */
    failures: integer().notNull().default(0),
    nextAttemptAt: time('next_attempt_at'),
    /** The api process that acts on this instance, and until when it may; a dead one's lease runs out. */
    leaseOwner: text('lease_owner'),
    leaseUntil: time('lease_until'),
    /** By the database's clock, as `closingAt` and the leases: those of the api processes may differ. */
    lastUsedAt: time('last_used_at').notNull(),
    /** Set while an idle instance is about to be put to sleep: then the gate admits nobody without asking the row. */
    closingAt: time('closing_at'),
    /** The tier that it is put in then. */
    closingTier: text('closing_tier').$type<SleepTier>().notNull().default('asleep'),
    /** How long it must have been unused then, in milliseconds: a deep tier's months are more than an integer holds. */
    closingIdleMs: bigint('closing_idle_ms', { mode: 'number' }).notNull().default(0),
    /** The api processes that know of it, and have saved every use they knew of before. */
    closingSeen: text('closing_seen').array().notNull().default([]),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('instances_handle').on(table.handle),
    uniqueIndex('instances_user').on(table.userId),
    index('instances_closing').on(table.closingAt).where(sql`closing_at is not null`),
  ],
)

/** Which container holds which slot. The runtime derives the container's fixed address from it. */
export const containerSlots = pgTable(
  'container_slots',
  {
    slot: integer().primaryKey(),
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id, { onDelete: 'cascade' }),
    /** Counts an instance's containers: a new one may stand beside the old. */
    generation: integer().notNull(),
  },
  (table) => [uniqueIndex('container_slots_container').on(table.instanceId, table.generation)],
)

/** Api processes that run. One that is silent for a while counts as dead, and is waited for no longer. */
export const processes = pgTable('processes', {
  id: text().primaryKey(),
  seenAt: time('seen_at').notNull(),
})

/** What happened, to whom, when and from where. Rows outlive the people they speak of. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    at: time('at').notNull(),
    actor: text().notNull(),
    action: text().notNull(),
    target: text().notNull(),
    address: text().notNull(),
    detail: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.id] }),
    index('audit_log_target').on(table.target, table.at),
    index('audit_log_refused').on(table.at).where(sql`action = 'login_refused'`),
  ],
)
