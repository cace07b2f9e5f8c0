/** Instances, what happened to them, who else may see them, and the api processes that act on them. */
import type {
  Desired,
  DiskLevel,
  ErrorBody,
  ExportState,
  HomeManifest,
  ImportState,
  InstanceEventKind,
  InstanceId,
  Observed,
  Plan,
  SleepTier,
  Step,
  UserId,
} from '@matrixos/shared'
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
import type { InstanceAddress } from '../../ports/runtime.ts'
import { handles, userRef } from './accounts.ts'
import { time } from './columns.ts'

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
    /** The container that serves: raised to let a new one stand beside the old. */
    generation: integer().notNull().default(1),
    /**
     * The image and the container that it had before its last upgrade, for as long as that may still be taken back: until
     * the next one has run for a while. `null`: there is nothing to go back to.
     */
    formerImage: text('former_image'),
    formerGeneration: integer('former_generation'),
    /** How long the start after an upgrade may take while somebody may be waiting for it, in milliseconds. `null`: as any. */
    startLimitMs: integer('start_limit_ms'),
    /** Set with its owner's suspension: nobody opens or wakes it. */
    isSuspended: boolean('is_suspended').notNull().default(false),
    /** Raised to revoke the instance's token. 0: made when the token came from the handle alone. */
    tokenGeneration: integer('token_generation').notNull().default(0),
    /** Of the token for AI calls that its next start is given; see `ai_tokens`. */
    aiTokenGeneration: integer('ai_token_generation').notNull().default(1),
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
    /** How full its home was when it was last measured; `null`: there is room, or nobody knows. */
    diskLevel: text('disk_level').$type<DiskLevel>(),
    /** Since when it is held to its share of the CPU, and when that last ended. */
    throttledAt: time('throttled_at'),
    throttleEndedAt: time('throttle_ended_at'),
    createdAt: time('created_at').notNull(),
    /** While it is leaving: when it is deleted for good, by the database's clock. */
    deletionDueAt: time('deletion_due_at'),
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

const instanceRef = () =>
  text('instance_id')
    .$type<InstanceId>()
    .notNull()
    .references(() => instances.id, { onDelete: 'cascade' })

/** Whom an owner lets see their instance. */
export const viewers = pgTable(
  'viewers',
  {
    instanceId: instanceRef(),
    userId: userRef(),
    /** Whether they may also read and write the note pad. */
    canUseNotes: boolean('can_use_notes').notNull().default(false),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.instanceId, table.userId] }),
    index('viewers_user').on(table.userId),
  ],
)

/** What happened to an instance, for its timeline and for the platform's figures. */
export const instanceEvents = pgTable(
  'instance_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    instanceId: instanceRef(),
    at: time('at').notNull(),
    kind: text().$type<InstanceEventKind>().notNull(),
    /** How long it took, where that is known: a wake from the request to the healthy instance. */
    durationMs: integer('duration_ms'),
    /** For a failure, its code. */
    detail: text(),
  },
  (table) => [
    index('instance_events_instance').on(table.instanceId, table.id),
    index('instance_events_kind').on(table.kind, table.at),
  ],
)

/** The last import of each home: under way in one api process, and asked for in any. */
export const homeImports = pgTable('home_imports', {
  instanceId: instanceRef().primaryKey(),
  uploadId: text('upload_id').notNull(),
  status: text().$type<ImportState['status']>().notNull(),
  /** Of the archive. */
  doneBytes: bigint('done_bytes', { mode: 'number' }).notNull().default(0),
  totalBytes: bigint('total_bytes', { mode: 'number' }).notNull(),
  message: text(),
  manifest: jsonb().$type<HomeManifest>(),
  /** Who asked for it, for the audit log. */
  who: jsonb().$type<{ actor: UserId | 'server'; address: string }>(),
  /** The process that unpacks says again and again that it still does, by the database's clock. */
  seenAt: time('seen_at').notNull(),
})

/** The one export that each home may have: on its way, or a file that is kept for a day. */
export const homeExports = pgTable('home_exports', {
  instanceId: instanceRef().primaryKey(),
  exportId: text('export_id').notNull(),
  status: text().$type<ExportState['status']>().notNull(),
  doneBytes: bigint('done_bytes', { mode: 'number' }).notNull().default(0),
  totalBytes: bigint('total_bytes', { mode: 'number' }),
  /** Of the file. */
  sizeBytes: bigint('size_bytes', { mode: 'number' }),
  message: text(),
  /** The process that packs says again and again that it still does, by the database's clock. */
  seenAt: time('seen_at').notNull(),
  /** By the database's clock. */
  keptUntil: time('kept_until'),
})

/** Api processes that run. One that is silent for a while counts as dead, and is waited for no longer. */
export const processes = pgTable('processes', {
  id: text().primaryKey(),
  seenAt: time('seen_at').notNull(),
})
