/** Tells pages that are open what is new: where the lists begin now, never what stands in them. */
import type { FeedNews, Id, UserId } from '@matrixos/shared'
import type { Notifications } from '../../db/notifications.ts'
import { createPace } from './pace.ts'
import type { FeedPages } from './pages.ts'

export interface FeedLiveOptions {
  pages: Pick<FeedPages, 'newest' | 'mentionsSince'>
  mentionsReadAt: (userId: UserId) => Promise<Date | null>
  notifications: Notifications
  /** Hears when anyone may open another app, or one less: the feed tells of those. The answer ends it. */
  onOpenApps: (listener: () => void) => () => void
}

export type FeedLive = Awaited<ReturnType<typeof createFeedLive>>

/** A figure beyond it says no more. */
const MOST_UNREAD = 99
/** Each look asks the database for each page that is open: a busy feed must not make that as often as it is written in. */
export const LOOK_EVERY_MS = 1_000

export async function createFeedLive({ pages, mentionsReadAt, notifications, onOpenApps }: FeedLiveOptions) {
  const waiting = new Set<() => void>()
  let changes = 0
  const { ask: changed, close } = createPace({
    everyMs: LOOK_EVERY_MS,
    run() {
      changes++
      for (const wake of waiting) wake()
    },
  })

  /** Resolves at the next change after the one that the caller has seen, or when the stream ends. */
  const changeAfter = (seen: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      if (signal.aborted || changes !== seen) return resolve()
      waiting.add(done)
      signal.addEventListener('abort', done)
    })

  const forget = onOpenApps(changed)
  const stop = await notifications.subscribe('feed', { onNotice: changed, onConnected: changed })

  const unread = async (viewer: UserId) =>
    pages.mentionsSince(viewer, await mentionsReadAt(viewer), MOST_UNREAD)

  const news = async (viewer: UserId): Promise<FeedNews> => ({
    everyone: await pages.newest(viewer, { scope: 'everyone' }),
    following: await pages.newest(viewer, { scope: 'following', viewer }),
    unreadMentions: await unread(viewer),
  })

  return {
    unread,
    /** Somebody has read their mentions: pages that are open here say so. */
    wasRead: changed,

    /** Call it once the database knows: something was posted, brought back, or taken away. */
    announce(id: Id<'itm'>): void {
      notifications.publish('feed', { itemId: id })
      changed()
    },

    /** How it stands now, and whenever that is different. A slow reader skips what has passed. */
    async *watch(viewer: UserId, signal: AbortSignal): AsyncGenerator<FeedNews> {
      let told = ''
      while (!signal.aborted) {
        const seen = changes
        const now = await news(viewer)
        const text = JSON.stringify(now)
        if (text !== told && !signal.aborted) yield now
        told = text
        await changeAfter(seen, signal)
      }
    },

    async close(): Promise<void> {
      forget()
      await stop()
      close()
    },
  }
}
