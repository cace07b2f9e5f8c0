/** Plans, what computers use of the machine, and which process sees to what only one may see to. */
import type { InstanceId, Plan, PlanTerms, UserId } from '@matrixos/shared'
import { bigint, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { time } from './columns.ts'
import { instances } from './instances.ts'

/** What it leaves out of its terms follows the server's settings. */
export const plans = pgTable('plans', {
  key: text().$type<Plan>().primaryKey(),
  title: text().notNull(),
  /** Read with `planTermsSchema`: another version may have written it. */
  terms: jsonb().$type<PlanTerms>().notNull(),
  updatedAt: time('updated_at'),
  updatedBy: text('updated_by').$type<UserId>(),
})

/** One look at a computer that is up. Kept for a day. */
export const usageSamples = pgTable(
  'usage_samples',
  {
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id, { onDelete: 'cascade' }),
    at: time('at').notNull(),
    /** Since the look before: how long that was, and CPU time and bytes in it. */
    overMs: bigint('over_ms', { mode: 'number' }).notNull(),
    cpuMs: bigint('cpu_ms', { mode: 'number' }).notNull(),
    receivedBytes: bigint('received_bytes', { mode: 'number' }).notNull(),
    sentBytes: bigint('sent_bytes', { mode: 'number' }).notNull(),
    /** At that moment. */
    memoryBytes: bigint('memory_bytes', { mode: 'number' }).notNull(),
    /** `null`: not measured so far. */
    diskBytes: bigint('disk_bytes', { mode: 'number' }),
  },
  (table) => [primaryKey({ columns: [table.instanceId, table.at] }), index('usage_samples_at').on(table.at)],
)

/** By the database's clock. A process that dies leaves a lease that runs out. */
export const jobLeases = pgTable('job_leases', {
  name: text().primaryKey(),
  owner: text().notNull(),
  until: time('until').notNull(),
})

/** What a self-test of isolation found open, until one finds it closed; no row: nothing. */
export const wallFailures = pgTable('wall_failures', {
  walls: text().primaryKey(),
  /** For the operator. */
  failure: text().notNull(),
})
