/** AI credits: what people may spend, what calls in flight have set aside, and what each call has cost. Amounts are nano-USD. */
import type { AiProvider, InstanceId, UserId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { CallId, Payer } from '../../ports/ledger.ts'
import { userRef } from './accounts.ts'
import { bytes, time } from './columns.ts'
import { instances } from './instances.ts'

const nanoUsd = (name: string) => bigint(name, { mode: 'bigint' })

/**
 * One row a person, made by their first call. `held` and `live` are the sums of their holds, kept here so that one
 * statement decides exactly: an UPDATE that waited for another sees what that one left. No reference: a call may
 * still be settled when the account is gone.
 */
export const creditAccounts = pgTable('credit_accounts', {
  userId: text('user_id').$type<UserId>().primaryKey(),
  /** Set by an administrator; `null`: what the plan gives. */
  credits: nanoUsd('credits'),
  callsAtOnce: integer('calls_at_once'),
  callsPerMinute: integer('calls_per_minute'),
  /** Granted beyond the plan's; no period takes it away. */
  granted: nanoUsd('granted').notNull().default(sql`0`),
  /** In this period. */
  spent: nanoUsd('spent').notNull().default(sql`0`),
  held: nanoUsd('held').notNull().default(sql`0`),
  /** Calls in flight, without those that are only read to their end. */
  live: integer().notNull().default(0),
  periodStartsAt: time('period_starts_at').notNull(),
  /** `null`: one period for ever. */
  periodEndsAt: time('period_ends_at'),
  /** Calls since `minuteStartsAt`. */
  minuteStartsAt: time('minute_starts_at').notNull(),
  minuteCalls: integer('minute_calls').notNull().default(0),
  /** Raised by a new period and by every grant: each threshold is reported once a round. */
  alertRound: integer('alert_round').notNull().default(0),
  /** When a warning of 80 % or 100 % was last dismissed on the dashboard, by round and threshold: `ROUND:THRESHOLD`. */
  dismissed: text().array().notNull().default([]),
})

/** Calls in flight. */
export const creditHolds = pgTable(
  'credit_holds',
  {
    id: text().$type<CallId>().primaryKey(),
    userId: text('user_id').$type<UserId>().notNull(),
    instanceId: text('instance_id').$type<InstanceId>().notNull(),
    provider: text().$type<AiProvider>().notNull(),
    model: text().notNull(),
    payer: text().$type<Payer>().notNull(),
    state: text().$type<'reserved' | 'dispatched'>().notNull(),
    amount: nanoUsd('amount').notNull(),
    costSoFar: nanoUsd('cost_so_far').notNull().default(sql`0`),
    isDraining: boolean('is_draining').notNull().default(false),
    proxyId: text('proxy_id').notNull(),
    createdAt: time('created_at').notNull(),
    /** Its proxy lived then. */
    heartbeatAt: time('heartbeat_at').notNull(),
  },
  (table) => [
    index('credit_holds_user').on(table.userId),
    index('credit_holds_instance').on(table.instanceId),
    index('credit_holds_proxy').on(table.proxyId),
    index('credit_holds_heartbeat').on(table.heartbeatAt),
  ],
)

/** The ledger: a row for every call that was served. Rows outlive their person's account: they are the operator's bill. */
export const aiCalls = pgTable(
  'ai_calls',
  {
    id: text().$type<CallId>().primaryKey(),
    userId: text('user_id').$type<UserId>().notNull(),
    instanceId: text('instance_id').$type<InstanceId>().notNull(),
    at: time('at').notNull(),
    provider: text().$type<AiProvider>().notNull(),
    model: text().notNull(),
    payer: text().$type<Payer>().notNull(),
    status: text().$type<'settled' | 'estimated'>().notNull(),
    inputTokens: integer('input_tokens').notNull(),
    cacheWrite5mTokens: integer('cache_write_5m_tokens').notNull(),
    cacheWrite1hTokens: integer('cache_write_1h_tokens').notNull(),
    cacheReadTokens: integer('cache_read_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    webSearches: integer('web_searches').notNull(),
    cost: nanoUsd('cost').notNull(),
    httpStatus: integer('http_status'),
    durationMs: integer('duration_ms').notNull(),
    firstTokenMs: integer('first_token_ms'),
    providerRequestId: text('provider_request_id'),
  },
  (table) => [
    index('ai_calls_user').on(table.userId, table.at, table.id),
    index('ai_calls_at').on(table.at, table.id),
  ],
)

/** A threshold that a person reached: written by the transaction that reached it, delivered afterwards. */
export const creditAlerts = pgTable(
  'credit_alerts',
  {
    userId: text('user_id').$type<UserId>().notNull(),
    round: integer().notNull(),
    /** Percent: 80 or 100. */
    threshold: integer().notNull(),
    at: time('at').notNull(),
    spent: nanoUsd('spent').notNull(),
    limit: nanoUsd('limit').notNull(),
    /** When the channel took it; `null` while it has not, or has none to take. */
    mailedAt: time('mailed_at'),
    postedAt: time('posted_at'),
    attempts: integer().notNull().default(0),
    /** Claims a delivery for one api process as well; `null`: nothing is left to deliver. */
    nextAttemptAt: time('next_attempt_at'),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.round, table.threshold] }),
    index('credit_alerts_due').on(table.nextAttemptAt).where(sql`next_attempt_at is not null`),
  ],
)

/** Where a person wants alerts sent. */
export const alertAddresses = pgTable('alert_addresses', {
  userId: userRef().primaryKey(),
  email: text().notNull(),
  /** `null` until the link that was mailed there has been opened: nothing else is sent before. */
  confirmedAt: time('confirmed_at'),
  createdAt: time('created_at').notNull(),
})

/** Every amount that an administrator granted beyond a plan. */
export const creditGrants = pgTable(
  'credit_grants',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: text('user_id').$type<UserId>().notNull(),
    amount: nanoUsd('amount').notNull(),
    /** Shown to the person. */
    message: text(),
    grantedBy: text('granted_by').$type<UserId | 'server'>().notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('credit_grants_user').on(table.userId, table.at)],
)

/** People who asked for more. One open request a person. */
export const creditRequests = pgTable(
  'credit_requests',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: userRef(),
    amount: nanoUsd('amount').notNull(),
    reason: text().notNull(),
    state: text().$type<'open' | 'approved' | 'denied' | 'withdrawn'>().notNull().default('open'),
    /** What was granted, which may be another amount. */
    granted: nanoUsd('granted'),
    /** The administrator's word to the person. */
    answer: text(),
    answeredBy: text('answered_by').$type<UserId>(),
    createdAt: time('created_at').notNull(),
    answeredAt: time('answered_at'),
  },
  (table) => [
    uniqueIndex('credit_requests_open').on(table.userId).where(sql`state = 'open'`),
    index('credit_requests_user').on(table.userId, table.id),
    index('credit_requests_state').on(table.state, table.createdAt),
  ],
)

/** People's own keys at a provider, sealed. */
export const ownKeys = pgTable(
  'own_keys',
  {
    userId: userRef(),
    provider: text().$type<AiProvider>().notNull(),
    keyVersion: integer('key_version').notNull(),
    iv: bytes('iv').notNull(),
    ciphertext: bytes('ciphertext').notNull(),
    /** The last 4 characters: all that is ever shown. */
    ending: text().notNull(),
    createdAt: time('created_at').notNull(),
    /** Since when the provider refuses it; `null`: it does not. */
    refusedAt: time('refused_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.provider] })],
)

/** What instances call the proxy with: hashes alone. After a rotation two are good, until the new one is in use. */
export const aiTokens = pgTable(
  'ai_tokens',
  {
    /** SHA-256, base64url. */
    hash: text().primaryKey(),
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id, { onDelete: 'cascade' }),
    generation: integer().notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [uniqueIndex('ai_tokens_instance').on(table.instanceId, table.generation)],
)

/** Prices that administrators edited: the newest edit of a model and day wins; rows are never changed. */
export const priceEdits = pgTable(
  'price_edits',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    provider: text().$type<AiProvider>().notNull(),
    model: text().notNull(),
    effectiveFrom: time('effective_from').notNull(),
    /** As `editedPriceSchema` has it; `null`: takes back the edits of this model and day. */
    price: jsonb().$type<unknown>(),
    note: text(),
    editedBy: text('edited_by').$type<UserId | 'server'>().notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('price_edits_model').on(table.provider, table.model, table.effectiveFrom)],
)
