/** The SQL that writes reports and what administrators decide about them. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database, DbOrTx, Tx } from '../../db/database.ts'
import type { CommentId, ItemId } from '../../db/schema/feed.ts'
import { feedComments, feedItems, feedReports, users } from '../../db/schema/index.ts'
import { isItem } from './reports.ts'

export type Subject = ItemId | CommentId
export type ModerationStore = ReturnType<typeof createModerationStore>
/** An item or a comment, whatever became of it. */
export type ReportedThing = Pick<
  typeof feedItems.$inferSelect,
  'text' | 'createdAt' | 'hiddenAt' | 'deletedAt' | 'authorId' | 'visibility'
> & { author: Pick<typeof users.$inferSelect, 'handle' | 'displayName' | 'suspendedAt'>; itemId: ItemId }

const author = { handle: users.handle, displayName: users.displayName, suspendedAt: users.suspendedAt }
const { visibility, createdAt, hiddenAt, deletedAt, authorId } = feedItems
// What computers tell of apps may have no words of its own.
const itemText = sql<string>`coalesce(nullif(${feedItems.text}, ''), ${feedItems.appTitle}, '')`
const ofItem = {
  ...{ author, itemId: feedItems.id, text: itemText, visibility, createdAt, hiddenAt, deletedAt, authorId },
}
const ofComment = {
  ...{ author, itemId: feedComments.itemId, text: feedComments.text, visibility },
  ...{ createdAt: feedComments.createdAt, hiddenAt: feedComments.hiddenAt },
  ...{ deletedAt: feedComments.deletedAt, authorId: feedComments.authorId },
}

const reportsOf = (subject: Subject) =>
  isItem(subject) ? eq(feedReports.itemId, subject) : eq(feedReports.commentId, subject)

export function createModerationStore({ db }: Pick<Database, 'db'>) {
  return {
    async report(
      subject: Subject,
      report: Pick<typeof feedReports.$inferInsert, 'reporterId' | 'reason' | 'note' | 'at'>,
    ): Promise<void> {
      const about = isItem(subject) ? { itemId: subject } : { commentId: subject }
      const column = isItem(subject) ? feedReports.itemId : feedReports.commentId
      await db
        .insert(feedReports)
        .values({ ...about, ...report })
        // What was decided stays decided: nobody has an administrator look at the same thing again and again.
        .onConflictDoUpdate({
          target: [column, feedReports.reporterId],
          set: { reason: report.reason, note: report.note },
        })
    },

    /** What was reported, whatever became of it. */
    async thing(subject: Subject): Promise<ReportedThing | undefined> {
      if (isItem(subject)) {
        const items = db.select(ofItem).from(feedItems).innerJoin(users, eq(users.id, feedItems.authorId))
        return (await items.where(eq(feedItems.id, subject)))[0]
      }
      const comments = db
        .select(ofComment)
        .from(feedComments)
        .innerJoin(feedItems, eq(feedItems.id, feedComments.itemId))
        .innerJoin(users, eq(users.id, feedComments.authorId))
      return (await comments.where(eq(feedComments.id, subject)))[0]
    },

    /** Hides or shows it, and answers what was reported of it. `false`: it is gone. */
    decide: (
      subject: Subject,
      { hiddenAt, at }: { hiddenAt?: Date | null; at: Date },
      note: (tx: DbOrTx) => Promise<void>,
    ): Promise<boolean> =>
      db.transaction(async (tx: Tx) => {
        const table = isItem(subject) ? feedItems : feedComments
        const found = await tx.select({ id: table.id }).from(table).where(eq(table.id, subject)).for('update')
        if (found.length === 0) return false
        if (hiddenAt !== undefined) await tx.update(table).set({ hiddenAt }).where(eq(table.id, subject))
        await tx
          .update(feedReports)
          .set({ decidedAt: at })
          .where(and(reportsOf(subject), isNull(feedReports.decidedAt)))
        await note(tx)
        return true
      }),
  }
}
