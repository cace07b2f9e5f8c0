/** The counters of limits. */
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { time } from './columns.ts'

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
