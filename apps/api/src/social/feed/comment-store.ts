/** The SQL of comments. */
import type { UserId } from '@matrixos/shared'
import { and, asc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database, Tx } from '../../db/database.ts'
import type { CommentId, ItemId } from '../../db/schema/feed.ts'
import { feedComments, feedItems, profiles, users } from '../../db/schema/index.ts'
import { AUTHOR } from './pages.ts'
import { noteMentions } from './store.ts'
import { commentedEvents, type Tell, tellNobody } from './told.ts'
import { commentVisibleTo } from './visibility.ts'

export type NewComment = typeof feedComments.$inferInsert
export type CommentStore = ReturnType<typeof createCommentStore>
export type CommentRow = Awaited<ReturnType<CommentStore['page']>>[number]

const BATCH = 1_000

export function createCommentStore({ db }: Pick<Database, 'db'>, tell: Tell = tellNobody) {
  const rows = () =>
    db
      .select({
        comment: feedComments,
        author: AUTHOR,
        itemAuthorId: feedItems.authorId,
      })
      .from(feedComments)
      .innerJoin(users, eq(users.id, feedComments.authorId))
      .leftJoin(profiles, eq(profiles.userId, users.id))
      .innerJoin(feedItems, eq(feedItems.id, feedComments.itemId))
      .$dynamic()

  return {
    /** Oldest first, of an item that the viewer sees. */
    page: (viewer: UserId | null, itemId: ItemId, after: CommentId | undefined, limit: number) =>
      rows()
        .where(
          and(
            eq(feedComments.itemId, itemId),
            commentVisibleTo(viewer),
            after ? gt(feedComments.id, after) : undefined,
          ),
        )
        .orderBy(asc(feedComments.id))
        .limit(limit),

    /** `undefined`: there is none that they may see; whether they see its item is another question. */
    async byId(viewer: UserId | null, id: CommentId) {
      const [row] = await rows().where(and(eq(feedComments.id, id), commentVisibleTo(viewer)))
      return row
    },

    insert: (comment: NewComment, handles: string[]): Promise<void> =>
      db.transaction(async (tx: Tx) => {
        await tx.insert(feedComments).values(comment)
        const { id: source, itemId, authorId, text, createdAt: at } = comment
        await noteMentions(tx, tell, { source, itemId, authorId, text, handles, at })
        await tell(tx, await commentedEvents(tx, comment))
      }),

    /** By whoever wrote it, or wrote what it is about. `false`: there is none. */
    async remove(id: CommentId, by: UserId, at: Date): Promise<boolean> {
      const theirItems = db.select({ id: feedItems.id }).from(feedItems).where(eq(feedItems.authorId, by))
      const mayRemove = or(eq(feedComments.authorId, by), inArray(feedComments.itemId, theirItems))
      const gone = await db
        .update(feedComments)
        .set({ deletedAt: at, deletedBy: by })
        .where(and(eq(feedComments.id, id), isNull(feedComments.deletedAt), mayRemove))
        .returning({ id: feedComments.id })
      return gone.length > 0
    },

    /** By whoever deleted it. `false`: they did not, since then. */
    async restore(id: CommentId, by: UserId, since: Date): Promise<boolean> {
      const back = await db
        .update(feedComments)
        .set({ deletedAt: null, deletedBy: null })
        .where(
          and(eq(feedComments.id, id), eq(feedComments.deletedBy, by), gt(feedComments.deletedAt, since)),
        )
        .returning({ id: feedComments.id })
      return back.length > 0
    },

    async purge(before: Date): Promise<void> {
      const isOpen = sql`exists (select 1 from feed_reports r where r.comment_id = ${feedComments.id} and r.decided_at is null)`
      const old = db
        .select({ id: feedComments.id })
        .from(feedComments)
        .where(and(lt(feedComments.deletedAt, before), sql`not ${isOpen}`))
        .limit(BATCH)
      await db.delete(feedComments).where(inArray(feedComments.id, old))
    },
  }
}
