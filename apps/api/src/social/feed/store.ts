/** The SQL that changes the feed. */
import { FEED_SETTINGS_DEFAULT, type FeedSettings, type UserId } from '@matrixos/shared'
import { and, eq, gt, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Database, DbOrTx, Tx } from '../../db/database.ts'
import type { ItemId } from '../../db/schema/feed.ts'
import { feedItems, feedLikes, feedMentions, feedSettings, users } from '../../db/schema/index.ts'
import { likedEvents, type Mentioned, mentionedEvents, postedEvent, type Tell, tellNobody } from './told.ts'
import { isMetSeenBy } from './visibility.ts'

export type NewItem = typeof feedItems.$inferInsert
export type FeedStore = ReturnType<typeof createFeedStore>

/** Rows that one statement deletes: it must end long before the database's limit. */
const BATCH = 1_000

/** What one computer can ask its owner about at a time. */
export const MOST_ASKED = 20

/** Whoever mentions themselves is told nothing. */
export async function noteMentions(
  tx: DbOrTx,
  tell: Tell,
  { handles, ...mentioned }: Mentioned & { handles: string[] },
): Promise<void> {
  const { source, itemId, authorId, at } = mentioned
  if (handles.length === 0) return
  const people = await tx
    .select({ userId: users.id })
    .from(users)
    .where(and(inArray(users.handle, handles), ne(users.id, authorId)))
  if (people.length === 0) return
  await tx
    .insert(feedMentions)
    .values(people.map(({ userId }) => ({ source, itemId, userId, at })))
    .onConflictDoNothing()
  const told = people.map(({ userId }) => userId)
  await tell(tx, await mentionedEvents(tx, mentioned, told))
}

export function createFeedStore({ db }: Pick<Database, 'db'>, tell: Tell = tellNobody) {
  const byAuthor = (id: ItemId, authorId: UserId) =>
    and(eq(feedItems.id, id), eq(feedItems.authorId, authorId))

  return {
    /** With the mentions in it, unless its author is still to be asked. */
    insert: (item: NewItem, handles: string[]): Promise<void> =>
      db.transaction(async (tx: Tx) => {
        await tx.insert(feedItems).values(item)
        const { id, authorId, text, createdAt: at } = item
        if (item.askedAt) return
        await noteMentions(tx, tell, { source: id, itemId: id, authorId, text, handles, at })
        await tell(tx, [await postedEvent(tx, item)])
      }),

    /** `false`: there is none, or it is deleted already. */
    async remove(id: ItemId, authorId: UserId, at: Date): Promise<boolean> {
      const gone = await db
        .update(feedItems)
        .set({ deletedAt: at })
        .where(and(byAuthor(id, authorId), isNull(feedItems.deletedAt)))
        .returning({ id: feedItems.id })
      return gone.length > 0
    },

    /** `false`: it was not deleted since then. */
    async restore(id: ItemId, authorId: UserId, since: Date): Promise<boolean> {
      const back = await db
        .update(feedItems)
        .set({ deletedAt: null })
        .where(and(byAuthor(id, authorId), gt(feedItems.deletedAt, since)))
        .returning({ id: feedItems.id })
      return back.length > 0
    },

    like: (itemId: ItemId, userId: UserId, at: Date): Promise<void> =>
      db.transaction(async (tx: Tx) => {
        const like = { itemId, userId, at }
        const fresh = await tx.insert(feedLikes).values(like).onConflictDoNothing().returning()
        if (fresh.length > 0) await tell(tx, await likedEvents(tx, like))
      }),

    async unlike(itemId: ItemId, userId: UserId): Promise<void> {
      await db.delete(feedLikes).where(and(eq(feedLikes.itemId, itemId), eq(feedLikes.userId, userId)))
    },

    /**
     * What a computer asked to post goes out, as something of this moment: under its next id. Of two who agree at once, one
     * does. `false`: there is none.
     */
    approve: (
      id: ItemId,
      authorId: UserId,
      next: { id: ItemId; at: Date; handles: (text: string) => string[] },
    ) =>
      db.transaction(async (tx: Tx): Promise<boolean> => {
        const [item] = await tx
          .update(feedItems)
          .set({ askedAt: null, id: next.id, createdAt: next.at })
          .where(
            and(
              byAuthor(id, authorId),
              ...[isNotNull(feedItems.askedAt), isNull(feedItems.deletedAt), isMetSeenBy(authorId)],
            ),
          )
          .returning()
        if (!item) return false
        const handles = next.handles(item.text)
        const { id: source, text } = item
        await noteMentions(tx, tell, { source, itemId: source, authorId, text, handles, at: next.at })
        await tell(tx, [await postedEvent(tx, item)])
        return true
      }),

    /** What somebody's computer waits for leave to post. */
    askedOf: (authorId: UserId, from: DbOrTx = db): Promise<number> =>
      from.$count(
        feedItems,
        and(eq(feedItems.authorId, authorId), isNotNull(feedItems.askedAt), isNull(feedItems.deletedAt)),
      ),

    async settings(
      userId: UserId,
      from: DbOrTx = db,
    ): Promise<FeedSettings & { mentionsReadAt: Date | null }> {
      const [row] = await from.select().from(feedSettings).where(eq(feedSettings.userId, userId))
      return row ?? { ...FEED_SETTINGS_DEFAULT, mentionsReadAt: null }
    },

    async set(userId: UserId, set: Partial<FeedSettings & { mentionsReadAt: Date }>): Promise<void> {
      await db
        .insert(feedSettings)
        .values({ userId, ...FEED_SETTINGS_DEFAULT, ...set })
        .onConflictDoUpdate({ target: feedSettings.userId, set })
    },

    /** For good: what was deleted before then, and was not reported or is decided. */
    async purge(before: Date): Promise<void> {
      const isOpen = sql`exists (select 1 from feed_reports r where r.item_id = ${feedItems.id} and r.decided_at is null)`
      const old = db
        .select({ id: feedItems.id })
        .from(feedItems)
        .where(and(lt(feedItems.deletedAt, before), sql`not ${isOpen}`))
        .limit(BATCH)
      await db.delete(feedItems).where(inArray(feedItems.id, old))
    },
  }
}
