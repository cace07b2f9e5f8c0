/** The SQL that reads the feed: pages of items as one person sees them. */
import type { UserId } from '@matrixos/shared'
import { and, desc, eq, inArray, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import type { ItemId } from '../../db/schema/feed.ts'
import {
  feedComments,
  feedItems,
  feedLikes,
  feedMentions,
  follows,
  instances,
  profiles,
  publications,
  users,
} from '../../db/schema/index.ts'
import { isMutedBy, isSeenBy } from '../visibility.ts'
import { commentVisibleTo, isForAll, stands, visibleTo } from './visibility.ts'

/** What is shown of whoever wrote something. */
export const AUTHOR = {
  handle: users.handle,
  displayName: users.displayName,
  avatarVersion: profiles.avatarVersion,
}

/** Whose items, and from where on. */
export type PageOf =
  | { scope: 'everyone' }
  | { scope: 'following' | 'mentions'; viewer: UserId }
  | { scope: 'person'; authorId: UserId }

export interface PageQuery {
  viewer: UserId | null
  of: PageOf
  before?: ItemId | undefined
  limit: number
}

export type ItemRow = Awaited<ReturnType<FeedPages['page']>>[number]
export type FeedPages = ReturnType<typeof createFeedPages>

export function createFeedPages({ db }: Pick<Database, 'db'>) {
  const older = (before: ItemId | undefined) => (before ? lt(feedItems.id, before) : undefined)

  /** Newest first. Joins are made for the few rows of the page alone. */
  const rows = (viewer: UserId | null, where: SQL | undefined, limit: number) =>
    db
      .select({
        item: feedItems,
        author: AUTHOR,
        openTitle: publications.title,
        likes: db.$count(feedLikes, eq(feedLikes.itemId, feedItems.id)),
        comments: db.$count(
          feedComments,
          and(eq(feedComments.itemId, feedItems.id), commentVisibleTo(viewer)),
        ),
        isLiked: viewer
          ? sql<boolean>`exists (select 1 from ${feedLikes} where ${feedLikes.itemId} = ${feedItems.id} and ${feedLikes.userId} = ${viewer})`
          : sql<boolean>`false`,
      })
      .from(feedItems)
      .innerJoin(users, eq(users.id, feedItems.authorId))
      .leftJoin(profiles, eq(profiles.userId, users.id))
      .leftJoin(instances, eq(instances.userId, feedItems.authorId))
      .leftJoin(
        publications,
        and(
          eq(publications.instanceId, instances.id),
          eq(publications.app, feedItems.app),
          sql`${publications.mode} = 'public' and ${publications.publishedAt} is not null`,
        ),
      )
      .where(where)
      .orderBy(desc(feedItems.id))
      .limit(limit)

  const unmuted = (viewer: UserId | null) => (viewer ? not(isMutedBy(viewer, feedItems.authorId)) : undefined)

  /**
   * The newest of each author, by their own index: however much others write, and however little these do. Who the authors
   * are is settled before any of their items is looked at.
   */
  function followed(viewer: UserId, before: ItemId | undefined, limit: number): SQL {
    const { follower, followee } = follows
    const read = and(eq(follower, viewer), isSeenBy(viewer, followee), not(isMutedBy(viewer, followee)))
    const open = sql`(authors.is_own or (${feedItems.hiddenAt} is null and ${feedItems.visibility} <> 'private'))`
    return sql`${feedItems.id} in (
      select latest.id from (
        select ${followee}, false from ${follows} where ${read} union all select ${viewer}, true
      ) as authors (id, is_own) cross join lateral (
        select ${feedItems.id} as id from ${feedItems}
        where ${feedItems.authorId} = authors.id and ${and(stands, open, older(before))}
        order by ${feedItems.id} desc limit ${limit}
      ) as latest order by latest.id desc limit ${limit})`
  }

  /** By an item, or by a comment on it that is still seen. */
  const mentioned = (viewer: UserId): SQL => {
    const comments = db
      .select({ one: sql`1` })
      .from(feedComments)
      .where(and(sql`${feedComments.id} = ${feedMentions.source}`, commentVisibleTo(viewer)))
    const sources = db
      .select({ itemId: feedMentions.itemId })
      .from(feedMentions)
      .where(
        and(
          eq(feedMentions.userId, viewer),
          or(sql`${feedMentions.source} = ${feedMentions.itemId}`, sql`exists ${comments}`),
        ),
      )
    return inArray(feedItems.id, sources)
  }

  function matches({ viewer, of, before, limit }: PageQuery): SQL | undefined {
    const visible = visibleTo(viewer)
    switch (of.scope) {
      case 'everyone':
        return and(isForAll, visible, unmuted(viewer), older(before))
      case 'following':
        return and(visible, followed(of.viewer, before, limit))
      case 'mentions':
        return and(visible, unmuted(viewer), mentioned(of.viewer), older(before))
      case 'person':
        return and(eq(feedItems.authorId, of.authorId), visible, older(before))
    }
  }

  return {
    page: (query: PageQuery) => rows(query.viewer, matches(query), query.limit),

    /** `undefined`: nobody has this handle whom the viewer sees. */
    async authorOf(viewer: UserId | null, handle: string): Promise<UserId | undefined> {
      const found = db.select({ id: users.id }).from(users)
      return (await found.where(and(eq(users.handle, handle), isSeenBy(viewer, users.id))))[0]?.id
    },

    /** `undefined`: there is none that this viewer may see. */
    async byId(viewer: UserId | null, id: ItemId) {
      const [row] = await rows(viewer, and(eq(feedItems.id, id), visibleTo(viewer)), 1)
      return row
    },

    /** What their computer would like to post. */
    asked: (userId: UserId, limit: number) =>
      rows(
        userId,
        and(
          eq(feedItems.authorId, userId),
          sql`${feedItems.askedAt} is not null`,
          isNull(feedItems.deletedAt),
        ),
        limit,
      ),

    /** Items with a mention since then; stops counting at `most`. */
    async mentionsSince(viewer: UserId, since: Date | null, most: number): Promise<number> {
      const fresh = since ? sql`${feedMentions.at} > ${since.toISOString()}::timestamptz` : sql`true`
      const found = db
        .select({ id: feedItems.id })
        .from(feedItems)
        .where(
          and(
            visibleTo(viewer),
            unmuted(viewer),
            mentioned(viewer),
            sql`exists (select 1 from ${feedMentions} where ${feedMentions.itemId} = ${feedItems.id} and ${feedMentions.userId} = ${viewer} and ${fresh})`,
          ),
        )
        .limit(most)
      return (await found).length
    },

    /** The newest item of a list; `null`: it is empty. */
    async newest(viewer: UserId, of: PageOf): Promise<ItemId | null> {
      const where = matches({ viewer, of, limit: 1 })
      const found = db.select({ id: feedItems.id }).from(feedItems).where(where)
      return (await found.orderBy(desc(feedItems.id)).limit(1))[0]?.id ?? null
    },
  }
}
