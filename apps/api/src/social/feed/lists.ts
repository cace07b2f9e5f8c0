/** Which items a list of the feed has, as conditions and subqueries. */
import type { UserId } from '@matrixos/shared'
import { and, eq, inArray, lt, not, or, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import type { ItemId } from '../../db/schema/feed.ts'
import { feedComments, feedItems, feedMentions, follows } from '../../db/schema/index.ts'
import { isMutedBy, isSeenBy, type Reader } from '../visibility.ts'
import { commentVisibleTo, isForAll, isMetSeenBy, stands } from './visibility.ts'

/** Whose items, and from where on. */
export type PageOf<Person = UserId> =
  | { scope: 'everyone' }
  | { scope: 'following'; viewer: Person }
  | { scope: 'mentions'; viewer: Person }
  | { scope: 'person'; authorId: Person }

type Of = PageOf<Reader>
type Before = ItemId | Placeholder | undefined

export const older = (before: Before) => (before ? lt(feedItems.id, before) : undefined)

export const unmuted = (viewer: Reader | null) =>
  viewer ? not(isMutedBy(viewer, feedItems.authorId)) : undefined

/**
 * The newest of each author, by their own index: however much others write, and however little these do. Who the authors
 * are is settled before any of their items is looked at.
 */
export function followed(viewer: Reader, before: Before, limit: number | Placeholder): SQL {
  const { follower, followee } = follows
  const read = and(eq(follower, viewer), isSeenBy(viewer, followee), not(isMutedBy(viewer, followee)))
  const open = sql`(authors.is_own or (${feedItems.hiddenAt} is null and ${feedItems.visibility} <> 'private'))`
  return sql`(
    select latest.id from (
      select ${followee}, false from ${follows} where ${read} union all select ${viewer}, true
    ) as authors (id, is_own) cross join lateral (
      select ${feedItems.id} as id from ${feedItems}
      where ${feedItems.authorId} = authors.id and ${and(stands, isMetSeenBy(viewer), open, older(before))}
      order by ${feedItems.id} desc limit ${limit}
    ) as latest order by latest.id desc limit ${limit})`
}

/** By an item, or by a comment on it that is still seen. */
export const mentioned = (db: Database['db'], viewer: Reader): SQL => {
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

export function conditionOf(
  db: Database['db'],
  viewer: Reader | null,
  of: Exclude<Of, { scope: 'following' }>,
): SQL | undefined {
  switch (of.scope) {
    case 'everyone':
      return and(isForAll, unmuted(viewer))
    case 'mentions':
      return and(mentioned(db, of.viewer), unmuted(viewer))
    case 'person':
      return eq(feedItems.authorId, of.authorId)
  }
}
