/** Comments: the rules. Whoever does not see an item sees none of its comments, and writes none. */
import {
  type CommentInput,
  type CommentPage,
  type CommentsQuery,
  type CommentView,
  mentionsIn,
  newId,
  type UserId,
} from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { CommentId, ItemId } from '../../db/schema/feed.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { CommentStore } from './comment-store.ts'
import type { FeedLive } from './live.ts'
import { tooLate, UNDO_MS } from './service.ts'
import type { ViewComment } from './views.ts'

export interface CommentsOptions {
  store: CommentStore
  /** Throws `not_found` where the viewer may not see it. */
  itemFor: (viewer: UserId | null, id: ItemId) => Promise<unknown>
  live: Pick<FeedLive, 'announce'>
  viewOf: ViewComment
  /** Comments of one account. */
  limit: Pick<AttemptLimit, 'take'>
  clock: Clock
}

export type Comments = ReturnType<typeof createComments>

const noSuchComment = () =>
  new AppError('not_found', 'This comment does not exist, or you may not change it.')

export function createComments({ store, itemFor, live, viewOf, limit, clock }: CommentsOptions) {
  const now = () => new Date(clock.now())

  /** Throws `not_found`. */
  async function commentFor(viewer: UserId, id: CommentId) {
    const row = await store.byId(viewer, id)
    if (!row) throw noSuchComment()
    await itemFor(viewer, row.comment.itemId)
    return row
  }

  return {
    commentFor,

    async page(viewer: UserId | null, query: CommentsQuery): Promise<CommentPage> {
      const { itemId, cursor, limit: most } = query
      await itemFor(viewer, itemId)
      const found = await store.page(viewer, itemId, cursor, most + 1)
      const comments = found.slice(0, most).map((row) => viewOf(viewer, row))
      return { comments, nextCursor: found.length > most ? (comments.at(-1)?.id ?? null) : null }
    },

    async add(authorId: UserId, { itemId, text }: CommentInput): Promise<CommentView> {
      await itemFor(authorId, itemId)
      await limit.take(authorId)
      const id = newId('cmt', clock)
      await store.insert({ id, itemId, authorId, text, createdAt: now() }, mentionsIn(text))
      live.announce(itemId)
      return viewOf(authorId, await commentFor(authorId, id))
    },

    async remove(by: UserId, id: CommentId): Promise<void> {
      if (!(await store.remove(id, by, now()))) throw noSuchComment()
    },

    /** Throws `conflict` when it is too late, or somebody else deleted it. */
    async restore(by: UserId, id: CommentId): Promise<void> {
      if (!(await store.restore(id, by, new Date(clock.now() - UNDO_MS)))) throw tooLate()
    },
  }
}
