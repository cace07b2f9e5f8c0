/** The SQL of reports, and of what administrators hide. */
import type { ReportsQuery } from '@matrixos/shared'
import { and, desc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
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
/** Where a page begins: after this one. */
export interface ListPlace {
  at: Date
  key: string
}

const SHOWN_REPORTS = 5

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
  const subject = sql<Subject>`coalesce(${feedReports.itemId}, ${feedReports.commentId})`
  // Milliseconds: a cursor holds no more.
  const lastAt = sql`date_trunc('milliseconds', max(${feedReports.at}))`.mapWith(feedReports.at)

  const before = (at: SQL, key: SQL, place: ListPlace | null) =>
    place ? sql`(${at}, ${key}) < (${place.at.toISOString()}::timestamptz, ${place.key})` : undefined

  /** What is reported and not decided, the last reported first. */
  const open = (place: ListPlace | null, most: number) =>
    db
      .select({ subject, at: lastAt })
      .from(feedReports)
      .where(isNull(feedReports.decidedAt))
      .groupBy(subject)
      .having(before(lastAt.getSQL(), subject.getSQL(), place))
      .orderBy(desc(lastAt), desc(subject))
      .limit(most)

  async function hidden(place: ListPlace | null, most: number) {
    const of = (table: typeof feedItems | typeof feedComments) => {
      const at = sql`date_trunc('milliseconds', ${table.hiddenAt})`.mapWith(feedItems.createdAt)
      return db
        .select({ subject: sql<Subject>`${table.id}`.as('subject'), at: at.as('at') })
        .from(table)
        .where(and(isNotNull(table.hiddenAt), before(at.getSQL(), sql`${table.id}`, place)))
    }
    return unionAll(of(feedItems), of(feedComments))
      .orderBy(sql`at desc`, sql`subject desc`)
      .limit(most)
  }

  async function reportsFor(subjects: Subject[]) {
    if (subjects.length === 0) return []
    const wanted = or(
      inArray(feedReports.itemId, subjects as ItemId[]),
      inArray(feedReports.commentId, subjects as CommentId[]),
    )
    const rank = sql<number>`row_number() over (partition by ${subject} order by ${feedReports.id})`
    const all = db
      .select({
        ...{ subject: subject.as('subject'), reason: feedReports.reason, note: feedReports.note },
        ...{ by: users.handle, at: feedReports.at, rank: rank.mapWith(Number).as('rank') },
        count: sql<number>`count(*) over (partition by ${subject})`.mapWith(Number).as('count'),
      })
      .from(feedReports)
      .innerJoin(users, eq(users.id, feedReports.reporterId))
      .where(and(isNull(feedReports.decidedAt), wanted))
      .as('ranked')
    return db.select().from(all).where(sql`${all.rank} <= ${SHOWN_REPORTS}`).orderBy(all.rank)
  }

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

    /** A page of subjects, the newest first. */
    subjects: (state: ReportsQuery['state'], place: ListPlace | null, most: number) =>
      state === 'open' ? open(place, most) : hidden(place, most),

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

    reportsFor,

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

    /** Things that nobody has decided about. */
    async openCount(): Promise<number> {
      const [row] = await db
        .select({ count: sql`count(distinct ${subject})`.mapWith(Number) })
        .from(feedReports)
        .where(isNull(feedReports.decidedAt))
      return row?.count ?? 0
    },
  }
}

export type ReportRow = Awaited<ReturnType<ModerationStore['reportsFor']>>[number]
