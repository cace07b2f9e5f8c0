/** All that somebody wrote, for their export: also what is private, hidden, or waits for their leave. */
import type { UserId } from '@matrixos/shared'
import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { feedComments, feedItems, users } from '../../db/schema/index.ts'

/** `cursor`: `nextCursor` of the page before. */
interface Range {
  cursor?: string | undefined
  limit: number
}

const pageOf = <Row extends { id: string }>(rows: Row[], limit: number) => ({
  items: rows.slice(0, limit),
  nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
})

export const createWritten = ({ db }: Pick<Database, 'db'>) => ({
  async posts(userId: UserId, { cursor, limit }: Range) {
    const { id, actor, kind, text, app, visibility, createdAt } = feedItems
    const met = users.handle
    const older = cursor ? lt(id, cursor as `itm_${string}`) : undefined
    const rows = await db
      .select({ id, actor, kind, text, app, met, visibility, createdAt })
      .from(feedItems)
      .leftJoin(users, eq(users.id, feedItems.metUser))
      .where(and(eq(feedItems.authorId, userId), isNull(feedItems.deletedAt), older))
      .orderBy(desc(id))
      .limit(limit + 1)
    return pageOf(rows, limit)
  },

  async comments(userId: UserId, { cursor, limit }: Range) {
    const { id, itemId, text, createdAt } = feedComments
    const older = cursor ? lt(id, cursor as `cmt_${string}`) : undefined
    const rows = await db
      .select({ id, itemId, text, createdAt })
      .from(feedComments)
      .where(and(eq(feedComments.authorId, userId), isNull(feedComments.deletedAt), older))
      .orderBy(desc(id))
      .limit(limit + 1)
    return pageOf(rows, limit)
  },
})
