/** When instances want to be woken. What for, they alone know. */
import type { InstanceId, Timing } from '@matrixos/shared'
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { time } from './columns.ts'
import { instances } from './instances.ts'

export const schedules = pgTable(
  'schedules',
  {
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id, { onDelete: 'cascade' }),
    /** The instance's own name for it. */
    id: text().notNull(),
    timing: jsonb().$type<Timing>().notNull(),
    /** Stays until that run was handed over. `null`: it never runs, for the reason that `problem` says. */
    nextRunAt: time('next_run_at'),
    lastRunAt: time('last_run_at'),
    problem: text(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: time('next_attempt_at'),
    /** The api process that hands it over, and until when it may. */
    leaseOwner: text('lease_owner'),
    leaseUntil: time('lease_until'),
  },
  (table) => [
    primaryKey({ columns: [table.instanceId, table.id] }),
    index('schedules_next').on(table.nextRunAt),
  ],
)
