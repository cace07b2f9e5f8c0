/** What people's webhooks are told of the feed, in the transaction that makes it so: nothing that its reader may not see. */
import type { UserId } from '@matrixos/shared'
import { and, eq, exists, inArray, ne, not } from 'drizzle-orm'
import type { DbOrTx } from '../../db/database.ts'
import type { CommentId, ItemId } from '../../db/schema/feed.ts'
import { feedComments, feedItems, users, webhooks } from '../../db/schema/index.ts'
import { isMutedBy, isSeenBy } from '../visibility.ts'
import type { NewComment } from './comment-store.ts'
import type { NewItem } from './store.ts'
import { commentVisibleTo, visibleTo } from './visibility.ts'

export interface FeedEvent {
  /** Whose webhooks hear of it. */
  userId: UserId
  type: `feed.${'posted' | 'commented' | 'liked' | 'mentioned' | 'followed'}`
  at: Date
  data: Record<string, unknown>
}

export type Tell = (tx: DbOrTx, events: readonly FeedEvent[]) => Promise<void>

export const tellNobody: Tell = async () => undefined

type Posted = Pick<
  NewItem,
  'id' | 'authorId' | 'actor' | 'kind' | 'text' | 'app' | 'metUser' | 'visibility' | 'createdAt'
>

async function handleOf(tx: DbOrTx, userId: UserId): Promise<string | null> {
  const found = tx.select({ handle: users.handle }).from(users)
  return (await found.where(eq(users.id, userId)))[0]?.handle ?? null
}

/** To whoever wrote it, or whose computer did. */
export async function postedEvent(tx: DbOrTx, { app = null, ...item }: Posted): Promise<FeedEvent> {
  const { id, actor, kind, text, visibility } = item
  const met = item.metUser ? await handleOf(tx, item.metUser) : null
  return {
    ...{ userId: item.authorId, type: 'feed.posted', at: item.createdAt },
    data: { item: { id, actor, kind, text, app, met, visibility } },
  }
}

/** Whoever did something; `undefined` for those who muted them. */
async function handleFor(tx: DbOrTx, by: UserId, reader: UserId): Promise<string | undefined> {
  const found = tx.select({ handle: users.handle }).from(users)
  return (await found.where(and(eq(users.id, by), not(isMutedBy(reader, users.id)))))[0]?.handle
}

async function authorOf(tx: DbOrTx, itemId: ItemId): Promise<UserId | undefined> {
  const found = tx.select({ userId: feedItems.authorId }).from(feedItems)
  return (await found.where(eq(feedItems.id, itemId)))[0]?.userId
}

/** To whoever wrote what it is about, unless they answer themselves. */
export async function commentedEvents(tx: DbOrTx, comment: NewComment): Promise<FeedEvent[]> {
  const { id, itemId, authorId, text, createdAt: at } = comment
  const userId = await authorOf(tx, itemId)
  if (!userId || userId === authorId) return []
  const by = await handleFor(tx, authorId, userId)
  return by ? [{ userId, type: 'feed.commented', at, data: { itemId, comment: { id, by, text } } }] : []
}

/** To whoever wrote it, unless it pleased themselves. */
export async function likedEvents(
  tx: DbOrTx,
  { itemId, userId: liker, at }: { itemId: ItemId; userId: UserId; at: Date },
): Promise<FeedEvent[]> {
  const userId = await authorOf(tx, itemId)
  if (!userId || userId === liker) return []
  const by = await handleFor(tx, liker, userId)
  return by ? [{ userId, type: 'feed.liked', at, data: { itemId, by } }] : []
}

export async function followedEvents(
  tx: DbOrTx,
  { follower, followee, at }: { follower: UserId; followee: UserId; at: Date },
): Promise<FeedEvent[]> {
  const by = await handleFor(tx, follower, followee)
  return by ? [{ userId: followee, type: 'feed.followed', at, data: { by } }] : []
}

export interface Mentioned {
  source: ItemId | CommentId
  itemId: ItemId
  authorId: UserId
  text: string
  at: Date
}

/** Whether somebody may read it, and would: what is hidden from them, or by somebody they muted, mentions nobody. */
async function reads(tx: DbOrTx, reader: UserId, { source, itemId, authorId }: Mentioned) {
  const comment = tx
    .select({ id: feedComments.id })
    .from(feedComments)
    .where(and(eq(feedComments.id, source as CommentId), commentVisibleTo(reader)))
  const isSeen = and(eq(users.id, authorId), isSeenBy(reader, users.id), not(isMutedBy(reader, users.id)))
  const author = tx.select({ id: users.id }).from(users).where(isSeen)
  const found = tx.select({ id: feedItems.id }).from(feedItems)
  const isRead = and(eq(feedItems.id, itemId), visibleTo(reader), exists(author))
  return (await found.where(source === itemId ? isRead : and(isRead, exists(comment)))).length > 0
}

/** To those of `people` who listen and may read it; whoever wrote an item is told of comments on it anyway. */
export async function mentionedEvents(
  tx: DbOrTx,
  mentioned: Mentioned,
  people: readonly UserId[],
): Promise<FeedEvent[]> {
  const { source, itemId, authorId, text, at } = mentioned
  if (people.length === 0) return []
  const itemAuthor = await authorOf(tx, itemId)
  const listening = await tx
    .selectDistinct({ userId: webhooks.userId })
    .from(webhooks)
    .where(and(inArray(webhooks.userId, [...people]), itemAuthor && ne(webhooks.userId, itemAuthor)))
  const events: FeedEvent[] = []
  for (const { userId } of listening) {
    if (!(await reads(tx, userId, mentioned))) continue
    const by = await handleFor(tx, authorId, userId)
    const commentId = source === itemId ? null : source
    if (by) events.push({ userId, type: 'feed.mentioned', at, data: { itemId, commentId, by, text } })
  }
  return events
}
