/** The SQL that reads the feed: pages of items as one person sees them. */
import type { UserId } from '@matrixos/shared'
import { and, desc, eq, isNull, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Database } from '../../db/database.ts'
import type { ItemId } from '../../db/schema/feed.ts'
import {
  feedComments,
  feedItems,
  feedLikes,
  feedMentions,
  instances,
  profiles,
  publications,
  users,
} from '../../db/schema/index.ts'
import { isSeenBy, type Reader } from '../visibility.ts'
import { conditionOf, followed, mentioned, older, type PageOf, unmuted } from './lists.ts'
import { commentVisibleTo, isMetSeenBy, visibleTo } from './visibility.ts'

/** What is shown of whoever wrote something. */
export const AUTHOR = {
  handle: users.handle,
  displayName: users.displayName,
  avatarVersion: profiles.avatarVersion,
}

const met = alias(users, 'met')

export interface PageQuery {
  viewer: UserId | null
  of: PageOf
  before?: ItemId | undefined
  limit: number
}

/** The same, with placeholders for what differs between pages of one kind. */
interface PageShape {
  viewer: Reader | null
  of: PageOf<Reader>
  before: ItemId | Placeholder | undefined
  limit: number | Placeholder
}

const VIEWER = sql.placeholder('viewer')
const PERSON = sql.placeholder('person')
const BEFORE = sql.placeholder('before')
/** How many rows statements ask for: the first that is enough. */
const SIZES = [21, 51, 101]
/**
 * As text and not as a parameter: PostgreSQL then knows how little it looks for, and plans once for all values. Drizzle
 * takes what the types of `limit` do not name.
 */
const literal = (size: number) => sql.raw(String(size)) as unknown as Placeholder

const personOf = (of: PageOf): UserId | null =>
  of.scope === 'everyone' ? null : of.scope === 'person' ? of.authorId : of.viewer

function withPlaceholder({ scope }: PageOf): PageOf<Reader> {
  if (scope === 'everyone') return { scope }
  return scope === 'person' ? { scope, authorId: PERSON } : { scope, viewer: PERSON }
}

export type ItemRow = Awaited<ReturnType<FeedPages['page']>>[number]
export type FeedPages = ReturnType<typeof createFeedPages>

export function createFeedPages({ db }: Pick<Database, 'db'>) {
  /** Newest first. */
  const rows = (viewer: Reader | null, where: SQL | undefined, limit: number | Placeholder) =>
    db
      .select({
        item: feedItems,
        author: AUTHOR,
        met: { handle: met.handle, displayName: met.displayName },
        openTitle: publications.title,
        likes: db.$count(feedLikes, eq(feedLikes.itemId, feedItems.id)),
        comments: db.$count(
          feedComments,
          and(eq(feedComments.itemId, feedItems.id), commentVisibleTo(viewer)),
        ),
        isLiked: viewer
          ? sql<boolean>`(select true from ${feedLikes} where ${feedLikes.itemId} = ${feedItems.id} and ${feedLikes.userId} = ${viewer}) is not null`
          : sql<boolean>`false`,
      })
      .from(feedItems)
      .innerJoin(users, eq(users.id, feedItems.authorId))
      .leftJoin(profiles, eq(profiles.userId, users.id))
      .leftJoin(met, eq(met.id, feedItems.metUser))
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

  /** The ids of a page, in a subquery of `feed_items` alone: nothing is joined to what is not shown. */
  function idsOf({ viewer, of, before, limit }: PageShape): SQL {
    if (of.scope === 'following') return followed(of.viewer, before, limit)
    const wanted = conditionOf(db, viewer, of)
    const found = db
      .select({ id: feedItems.id })
      .from(feedItems)
      .where(and(wanted, visibleTo(viewer), older(before)))
      .orderBy(desc(feedItems.id))
      .limit(limit)
    return sql`${found}`
  }
  /** An array, and no join: each of its few rows is then looked up. */
  const isOneOf = (ids: SQL): SQL => sql`${feedItems.id} = any(array${ids})`

  const prepare = (shape: PageShape) =>
    rows(shape.viewer, and(isOneOf(idsOf(shape)), visibleTo(shape.viewer)), shape.limit).prepare('feed_page')
  /** By kind of page: building and reading such a statement takes longer than finding the rows. */
  const prepared = new Map<string, ReturnType<typeof prepare>>()

  function statement({ viewer, of, before, limit }: PageQuery) {
    const size = SIZES.find((each) => each >= limit) ?? limit
    const kind = `${of.scope} ${viewer !== null} ${before !== undefined} ${size}`
    let page = prepared.get(kind)
    if (!page) {
      const shape = { viewer: viewer && VIEWER, of: withPlaceholder(of), before: before && BEFORE }
      page = prepare({ ...shape, limit: literal(size) })
      prepared.set(kind, page)
    }
    return { page, values: { viewer, person: personOf(of), before } }
  }

  return {
    /** What a page asks the database; the same text for all of its kind. */
    statement,

    async page(query: PageQuery) {
      const { page, values } = statement(query)
      return (await page.execute(values)).slice(0, query.limit)
    },

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
          isMetSeenBy(userId),
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
            mentioned(db, viewer),
            sql`exists (select 1 from ${feedMentions} where ${feedMentions.itemId} = ${feedItems.id} and ${feedMentions.userId} = ${viewer} and ${fresh})`,
          ),
        )
        .limit(most)
      return (await found).length
    },

    /** The newest item of a list; `null`: it is empty. */
    async newest(viewer: UserId, of: PageOf): Promise<ItemId | null> {
      const found = db.select({ id: feedItems.id }).from(feedItems)
      return (await found.where(isOneOf(idsOf({ viewer, of, before: undefined, limit: 1 }))))[0]?.id ?? null
    },
  }
}
