/** What authors' webhooks are told of the feed, in the transaction that makes it so. */
import type { UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import type { DbOrTx } from '../../db/database.ts'
import { feedItems, users } from '../../db/schema/index.ts'
import type { NewComment } from './comment-store.ts'
import type { NewItem } from './store.ts'

export interface FeedEvent {
  /** Whose webhooks hear of it. */
  userId: UserId
  type: `feed.${'posted' | 'commented'}`
  at: Date
  data: Record<string, unknown>
}

export type Tell = (tx: DbOrTx, events: readonly FeedEvent[]) => Promise<void>

export const tellNobody: Tell = async () => undefined

type Posted = Pick<
  NewItem,
  'id' | 'authorId' | 'actor' | 'kind' | 'text' | 'app' | 'visibility' | 'createdAt'
>

/** To whoever wrote it, or whose computer did. */
export const postedEvent = ({ id, authorId, createdAt, app = null, ...item }: Posted): FeedEvent => ({
  ...{ userId: authorId, type: 'feed.posted', at: createdAt },
  data: {
    item: { id, actor: item.actor, kind: item.kind, text: item.text, app, visibility: item.visibility },
  },
})

/** To whoever wrote what it is about, unless they answer themselves. */
export async function commentedEvents(tx: DbOrTx, comment: NewComment): Promise<FeedEvent[]> {
  const { id, itemId, authorId, text, createdAt: at } = comment
  const [item] = await tx
    .select({ userId: feedItems.authorId })
    .from(feedItems)
    .where(eq(feedItems.id, itemId))
  const [by] = await tx.select({ handle: users.handle }).from(users).where(eq(users.id, authorId))
  if (!item || !by || item.userId === authorId) return []
  const data = { itemId, comment: { id, by: by.handle, text } }
  return [{ userId: item.userId, type: 'feed.commented', at, data }]
}
