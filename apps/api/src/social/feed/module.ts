/** Wires the feed, and the moderation of it. */
import { type Hosts, instancePostSchema } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Notifications } from '../../db/notifications.ts'
import type { InstanceCalls } from '../../http/instance-calls.ts'
import type { Limits } from '../../limits/module.ts'
import type { Settings } from '../../settings/service.ts'
import { createReported } from '../moderation/reported.ts'
import { createReports } from '../moderation/reports.ts'
import { createModeration } from '../moderation/service.ts'
import { createModerationStore } from '../moderation/store.ts'
import { createCommentStore } from './comment-store.ts'
import { createComments } from './comments.ts'
import { createAppNews, createComputerPosts } from './computers.ts'
import { createFeedLive, type FeedLiveOptions } from './live.ts'
import { createMeetings } from './meetings.ts'
import { createFeedPages } from './pages.ts'
import { createFeed } from './service.ts'
import { createFeedStore } from './store.ts'
import { createSyndicationRoutes } from './syndication.ts'
import { type Tell, tellNobody } from './told.ts'
import { createAuthorView, createCommentView, createItemView } from './views.ts'
import { createWritten } from './written.ts'

export interface FeedModuleOptions {
  hosts: Hosts
  database: Database
  notifications: Notifications
  settings: Pick<Settings, 'get'>
  onOpenApps: FeedLiveOptions['onOpenApps']
  limits: Pick<Limits, 'feed'> & { social: Pick<Limits['social'], 'reads'> }
  /** People's webhooks; without it, nobody is told. */
  tell?: Tell
  audit: Audit
  clock: Clock
}

/** How long what somebody deleted can still be looked at by administrators, where it was reported, and is kept at all. */
const KEPT_MS = 7 * 86_400_000

/** What publishing tells of, in its own transactions: it is wired before the rest. */
export const createAppNewsOf = ({
  database,
  tell = tellNobody,
  clock,
}: Pick<FeedModuleOptions, 'database' | 'tell' | 'clock'>) =>
  createAppNews({ store: createFeedStore(database), tell, clock })

export async function createFeedModule(options: FeedModuleOptions) {
  const { hosts, database, notifications, settings, onOpenApps, limits, audit, clock } = options
  const { tell = tellNobody } = options
  const store = createFeedStore(database, tell)
  const pages = createFeedPages(database)
  const commentStore = createCommentStore(database, tell)
  const moderationStore = createModerationStore(database)
  const live = await createFeedLive({
    ...{ pages, notifications, onOpenApps },
    mentionsReadAt: async (userId) => (await store.settings(userId)).mentionsReadAt,
  })
  const authorOf = createAuthorView(hosts.apiOrigin)
  const viewOf = createItemView({
    authorOf,
    appUrl: hosts.instanceAppOrigin,
    isPublishingAllowed: () => settings.get('publishing') === 'on',
  })
  const { posts: postLimit, likes: likeLimit } = limits.feed
  const feed = createFeed({ store, pages, live, viewOf, postLimit, likeLimit, clock })
  const { itemFor } = feed
  const comments = createComments({
    ...{ store: commentStore, itemFor, live, limit: limits.feed.comments, clock },
    viewOf: createCommentView(authorOf),
  })
  const post = createComputerPosts({ ...database, store, live, limit: limits.feed.instancePosts, clock })
  const calls: InstanceCalls = {
    'POST /feed': (instanceId, body) => post(instanceId, instancePostSchema.parse(body)),
  }
  return {
    feed,
    comments,
    reports: createReports({
      ...{ store: moderationStore, itemFor, commentFor: comments.commentFor },
      ...{ limit: limits.feed.reports, clock },
    }),
    moderation: createModeration({
      store: moderationStore,
      reported: createReported(database),
      announce: live.announce,
      audit,
      clock,
    }),
    calls,
    meetings: { met: createMeetings({ store, tell, clock }), announce: live.announce },
    written: createWritten(database),
    /** Of `api.DOMAIN`. */
    publicRoutes: createSyndicationRoutes({ feed, hosts, readLimit: limits.social.reads }),
    async deleteOld(): Promise<void> {
      const before = new Date(clock.now() - KEPT_MS)
      await store.purge(before)
      await commentStore.purge(before)
    },
    close: live.close,
  }
}
