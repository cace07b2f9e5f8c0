/** Who may see which item: once as a condition of SQL, once as a function that the tests hold it against. */
import type { FeedVisibility } from '@matrixos/shared'
import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import { feedComments, feedItems } from '../../db/schema/index.ts'
import { isFollowedBy, isSeenBy, maySee, type Reader, type Sight } from '../visibility.ts'

// Not as parameters: a plan that is made once for all values would not find the partial indexes.
const isPublic = sql`${feedItems.visibility} = 'public'`
const isForFollowers = sql`${feedItems.visibility} = 'followers'`

/** An app that is told of is seen for as long as anyone may open it. */
// Not `exists`: see `social/visibility.ts`.
const isStillThere = sql`(${feedItems.kind} <> 'app_published' or (
  select true from publications p join instances n on n.id = p.instance_id
  where n.user_id = ${feedItems.authorId} and p.app = ${feedItems.app}
    and p.mode = 'public' and p.published_at is not null limit 1) is not null)`

/** Somebody else is named in it: it is for those who see them, and for as long as the author does. */
// `is not null` of a case: the planner takes that for nearly always true, also while it knows nothing of a column that is new.
export const isMetSeenBy = (viewer: Reader | null): SQL =>
  sql`(case when ${feedItems.metUser} is null then true
    when ${isSeenBy(viewer, feedItems.metUser)} and ${isSeenBy(feedItems.authorId, feedItems.metUser)} then true
    end) is not null`

/** Of what stands: neither deleted, nor still to be agreed to. */
export const stands = and(isNull(feedItems.askedAt), isNull(feedItems.deletedAt), isStillThere)

/** What anyone may see whom the author does not hide from. */
export const isForAll = and(isPublic, isNull(feedItems.hiddenAt))

/** `null`: somebody without an account. */
export function visibleTo(viewer: Reader | null): SQL | undefined {
  const readers = viewer
    ? or(isPublic, and(isForFollowers, isFollowedBy(viewer, feedItems.authorId)))
    : isPublic
  const byOthers = and(isNull(feedItems.hiddenAt), readers, isSeenBy(viewer, feedItems.authorId))
  return and(stands, isMetSeenBy(viewer), viewer ? or(eq(feedItems.authorId, viewer), byOthers) : byOthers)
}

/** Of a comment on an item that the viewer sees. */
export function commentVisibleTo(viewer: Reader | null): SQL | undefined {
  const byOthers = and(isNull(feedComments.hiddenAt), isSeenBy(viewer, feedComments.authorId))
  return and(
    isNull(feedComments.deletedAt),
    viewer ? or(eq(feedComments.authorId, viewer), byOthers) : byOthers,
  )
}

/** An item, and who its author and its viewer are to each other. */
export interface Situation {
  visibility: FeedVisibility
  isHidden: boolean
  isAsked: boolean
  isDeleted: boolean
  /** Whoever it names, to its reader and to its author. */
  named?: { reader: Sight; author: Sight }
  /** Whether the viewer follows the author. */
  isFollower: boolean
  sight: Sight
}

/** The rule in words of its own: `visibleTo` has to agree with it. */
export function isVisible(item: Situation): boolean {
  if (item.isDeleted || item.isAsked) return false
  if (item.named && !(maySee(item.named.reader) && maySee(item.named.author))) return false
  if (item.sight.viewer === item.sight.person) return true
  if (item.isHidden || !maySee(item.sight)) return false
  if (item.visibility === 'followers') return item.sight.viewer !== null && item.isFollower
  return item.visibility === 'public'
}
