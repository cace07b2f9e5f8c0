/** The feed as people read it and write in it: the rules. */
import {
  FEED_UNDO_MINUTES,
  type FeedItemView,
  type FeedNews,
  type FeedPage,
  type FeedQuery,
  type FeedSettings,
  type FeedState,
  mentionsIn,
  newId,
  normalizeHandle,
  type PostInput,
  type UserId,
} from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { ItemId } from '../../db/schema/feed.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { PageOf } from './lists.ts'
import type { FeedLive } from './live.ts'
import type { FeedPages, ItemRow } from './pages.ts'
import { type FeedStore, MOST_ASKED } from './store.ts'

export interface FeedOptions {
  store: FeedStore
  pages: FeedPages
  live: FeedLive
  viewOf: (viewer: UserId | null, row: ItemRow) => FeedItemView
  /** Posts of one account. */
  postLimit: Pick<AttemptLimit, 'take'>
  /** Likes of one account. */
  likeLimit: Pick<AttemptLimit, 'take'>
  clock: Clock
}

export type Feed = ReturnType<typeof createFeed>

export const UNDO_MS = FEED_UNDO_MINUTES * 60_000

/** What does not exist and what somebody may not see are answered alike. */
const noSuchItem = () => new AppError('not_found', 'This post does not exist, or you may not see it.')
const noSuchPerson = () => new AppError('not_found', 'Nobody has this handle.')
export const tooLate = () => new AppError('conflict', 'This cannot be undone any more.')

export function createFeed({ store, pages, live, viewOf, postLimit, likeLimit, clock }: FeedOptions) {
  const now = () => new Date(clock.now())

  async function pageOf(viewer: UserId | null, { scope, handle }: FeedQuery): Promise<PageOf | null> {
    if (scope === 'everyone') return { scope }
    if (scope === 'person') {
      const authorId = await pages.authorOf(viewer, normalizeHandle(handle ?? ''))
      if (!authorId) throw noSuchPerson()
      return { scope, authorId }
    }
    // Whoever has no account follows nobody.
    return viewer ? { scope, viewer } : null
  }

  /** Throws `not_found`. */
  async function itemFor(viewer: UserId | null, id: ItemId): Promise<FeedItemView> {
    const row = await pages.byId(viewer, id)
    if (!row) throw noSuchItem()
    return viewOf(viewer, row)
  }

  return {
    itemFor,

    /** `viewer`: `null` for somebody without an account. Throws `not_found` where nobody has the handle. */
    async page(viewer: UserId | null, query: FeedQuery): Promise<FeedPage> {
      const of = await pageOf(viewer, query)
      if (!of) return { items: [], nextCursor: null }
      const { cursor, limit } = query
      const found = await pages.page({ viewer, of, before: cursor, limit: limit + 1 })
      const items = found.slice(0, limit).map((row) => viewOf(viewer, row))
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },

    async post(authorId: UserId, { text, visibility }: PostInput): Promise<FeedItemView> {
      await postLimit.take(authorId)
      const id = newId('itm', clock)
      const kind = { actor: 'human', kind: 'post' } as const
      await store.insert({ id, authorId, ...kind, text, visibility, createdAt: now() }, mentionsIn(text))
      live.announce(id)
      return itemFor(authorId, id)
    },

    /** One's own. For a while it can be brought back. */
    async remove(authorId: UserId, id: ItemId): Promise<void> {
      if (!(await store.remove(id, authorId, now()))) throw noSuchItem()
      live.announce(id)
    },

    /** Throws `conflict` when it is too late. */
    async restore(authorId: UserId, id: ItemId): Promise<FeedItemView> {
      if (!(await store.restore(id, authorId, new Date(clock.now() - UNDO_MS)))) throw tooLate()
      live.announce(id)
      return itemFor(authorId, id)
    },

    async like(userId: UserId, id: ItemId, isLiked: boolean): Promise<FeedItemView> {
      await itemFor(userId, id)
      if (isLiked) await likeLimit.take(userId)
      await (isLiked ? store.like(id, userId, now()) : store.unlike(id, userId))
      return itemFor(userId, id)
    },

    async state(userId: UserId): Promise<FeedState> {
      const asked = await pages.asked(userId, MOST_ASKED)
      return {
        unreadMentions: await live.unread(userId),
        asked: asked.map((row) => viewOf(userId, row)),
      }
    },

    async markMentionsRead(userId: UserId): Promise<void> {
      await store.set(userId, { mentionsReadAt: now() })
      live.wasRead()
    },

    /** Lets out what one's computer asked to post. */
    async approve(authorId: UserId, id: ItemId): Promise<FeedItemView> {
      const next = { id: newId('itm', clock), at: now(), handles: mentionsIn }
      if (!(await store.approve(id, authorId, next))) throw noSuchItem()
      live.announce(next.id)
      return itemFor(authorId, next.id)
    },

    async settings(userId: UserId): Promise<FeedSettings> {
      const { milestones, posts } = await store.settings(userId)
      return { milestones, posts }
    },

    async change(userId: UserId, settings: FeedSettings): Promise<FeedSettings> {
      await store.set(userId, settings)
      return settings
    },

    watch: (userId: UserId, signal: AbortSignal): AsyncGenerator<FeedNews> => live.watch(userId, signal),
  }
}
