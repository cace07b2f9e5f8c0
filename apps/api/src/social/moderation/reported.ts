/** The SQL that lists what was reported or hidden. */
import type { ReportsQuery } from '@matrixos/shared'
import { and, desc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Database } from '../../db/database.ts'
import type { CommentId, ItemId } from '../../db/schema/feed.ts'
import { feedComments, feedItems, feedReports, users } from '../../db/schema/index.ts'

type Subject = ItemId | CommentId
export type Reported = ReturnType<typeof createReported>
export type ReportRow = Awaited<ReturnType<Reported['reportsFor']>>[number]

/** Where a page begins: after this one. */
export interface ListPlace {
  at: Date
  key: string
}

const SHOWN_REPORTS = 5

export function createReported({ db }: Pick<Database, 'db'>) {
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
    return unionAll(of(feedItems), of(feedComments)).orderBy(sql`at desc`, sql`subject desc`).limit(most)
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
    /** A page of subjects, the newest first. */
    subjects: (state: ReportsQuery['state'], place: ListPlace | null, most: number) =>
      state === 'open' ? open(place, most) : hidden(place, most),

    /** What nobody has decided yet, the first few of each subject. */
    reportsFor,

    /** Subjects that nobody has decided about. */
    async openCount(): Promise<number> {
      const [row] = await db
        .select({ count: sql`count(distinct ${subject})`.mapWith(Number) })
        .from(feedReports)
        .where(isNull(feedReports.decidedAt))
      return row?.count ?? 0
    },
  }
}
