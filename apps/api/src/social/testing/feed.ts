/** The feed alone, without limits, on the database and the clock of a test. */
import { hostsOf } from '@matrixos/shared'
import { createAudit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import { createFeedModule } from '../feed/module.ts'

const unlimited = {
  take: async () => undefined,
  check: async () => undefined,
  giveBack: async () => undefined,
}

export const openFeed = ({ database, clock }: { database: Database; clock: Clock }) =>
  createFeedModule({
    ...{ database, clock, hosts: hostsOf('https://example.org'), notifications: silentNotifications },
    limits: {
      feed: {
        ...{ posts: unlimited, instancePosts: unlimited, comments: unlimited },
        ...{ likes: unlimited, reports: unlimited },
      },
      social: { reads: unlimited },
    },
    onOpenApps: () => () => undefined,
    settings: { get: () => 'on' } as never,
    audit: createAudit({ db: database.db, clock }),
  })
