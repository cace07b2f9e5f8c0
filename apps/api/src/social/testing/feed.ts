/** The feed alone, without limits, on the database and the clock of a test. */
import { hostsOf } from '@matrixos/shared'
import { createAudit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { silentNotifications } from '../../db/testing/silent-notifications.ts'
import { createFeedModule } from '../feed/module.ts'
import { type Tell, tellNobody } from '../feed/told.ts'

const unlimited = {
  take: async () => undefined,
  check: async () => undefined,
  giveBack: async () => undefined,
}

interface OpenFeedOptions {
  database: Database
  clock: Clock
  tell?: Tell
}

export const openFeed = ({ database, clock, tell = tellNobody }: OpenFeedOptions) =>
  createFeedModule({
    ...{ database, clock, tell, hosts: hostsOf('https://example.org'), notifications: silentNotifications },
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
