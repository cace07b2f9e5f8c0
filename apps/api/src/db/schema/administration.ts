/** What administrators set and read. */
import type { UserId } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { time } from './columns.ts'

/** Settings that are switched while the platform runs; what is absent has its default. */
export const settings = pgTable('settings', {
  name: text().primaryKey(),
  value: jsonb().$type<unknown>().notNull(),
  updatedAt: time('updated_at').notNull(),
  updatedBy: text('updated_by').$type<UserId | 'server'>().notNull(),
})

export const invites = pgTable('invites', {
  /** Shown to administrators again, so it rests in the clear. */
  code: text().primaryKey(),
  note: text().notNull(),
  maxUses: integer('max_uses').notNull(),
  uses: integer().notNull().default(0),
  createdBy: text('created_by').$type<UserId | 'server'>().notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at'),
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
    index('audit_log_actor').on(table.actor, table.id),
    index('audit_log_action').on(table.action, table.id),
    index('audit_log_refused').on(table.at).where(sql`action = 'login_refused'`),
  ],
)
