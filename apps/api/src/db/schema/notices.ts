/** What owners are told before something happens to their computer, each once. */
import type { InstanceId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { time } from './columns.ts'
import { instances } from './instances.ts'

export const lifeNotices = pgTable(
  'life_notices',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id, { onDelete: 'cascade' }),
    kind: text().$type<'archive' | 'deletion'>().notNull(),
    /** How long before; 0: as soon as it was asked for. */
    days: integer().notNull(),
    /** Of which stretch without use, or which deletion: its last use, or its end. Who comes back begins another. */
    period: time('period').notNull(),
    /** When it happens. */
    dueAt: time('due_at').notNull(),
    at: time('at').notNull(),
    attempts: integer().notNull().default(0),
    /** Claims a delivery for one api process as well; `null`: nothing is left to deliver. */
    nextAttemptAt: time('next_attempt_at'),
  },
  (table) => [
    uniqueIndex('life_notices_once').on(table.instanceId, table.kind, table.days, table.period),
    index('life_notices_due').on(table.nextAttemptAt).where(sql`next_attempt_at is not null`),
  ],
)
