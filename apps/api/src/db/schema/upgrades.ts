/** Upgrades of many instances to another image, and how far each instance is. */
import type { InstanceId, RolloutKind, RolloutState, RolloutStep, TrialState, UserId } from '@matrixos/shared'
import { bigint, boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { time } from './columns.ts'
import { instances } from './instances.ts'

export const rollouts = pgTable('rollouts', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  kind: text().$type<RolloutKind>().notNull(),
  image: text().notNull(),
  /** What instances were made of when it began. */
  imageBefore: text('image_before').notNull(),
  /** What the environment said then: a later word of the operator counts more than this. */
  imageSet: text('image_set').notNull(),
  state: text().$type<RolloutState>().notNull(),
  reason: text(),
  /** Names the container that tries the image, which is no instance's. */
  trialId: text('trial_id').$type<InstanceId>().notNull(),
  trial: text().$type<TrialState>().notNull(),
  /** How long the image took to be ready then. */
  trialMs: integer('trial_ms'),
  /** Whether it runs where it reaches nothing: then it can be tried with copies of homes. */
  runsClosed: boolean('runs_closed').notNull().default(false),
  atOnce: integer('at_once').notNull(),
  mostFailures: integer('most_failures').notNull(),
  patienceS: integer('patience_s').notNull(),
  startedBy: text('started_by').$type<UserId>().notNull(),
  startedAt: time('started_at').notNull(),
  endedAt: time('ended_at'),
  /** The api process that drives it, and until when it may. */
  leaseOwner: text('lease_owner'),
  leaseUntil: time('lease_until'),
})

export const rolloutInstances = pgTable(
  'rollout_instances',
  {
    rolloutId: bigint('rollout_id', { mode: 'number' })
      .notNull()
      .references(() => rollouts.id, { onDelete: 'cascade' }),
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id, { onDelete: 'cascade' }),
    fromImage: text('from_image').notNull(),
    toImage: text('to_image').notNull(),
    step: text().$type<RolloutStep>().notNull(),
    /** Why it did not run with it. */
    message: text(),
    changedAt: time('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.rolloutId, table.instanceId] }),
    index('rollout_instances_step').on(table.rolloutId, table.step),
    index('rollout_instances_instance').on(table.instanceId),
  ],
)

/**
 * Copies of homes, each with a container, that are there or are to be removed: whoever drives the upgrade clears what a dead
 * process has left. They outlive the computers that they were made of, which may be deleted meanwhile.
 */
export const rehearsals = pgTable('rehearsals', {
  id: text().$type<InstanceId>().primaryKey(),
  begunAt: time('begun_at').notNull(),
})
