/** Wires people among people: profiles, follows, search. */
import type { Hosts } from '@matrixos/shared'
import type { Publications } from '../access/policy.ts'
import type { Sessions } from '../auth/sessions/service.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Env } from '../env.ts'
import type { Limits } from '../limits/module.ts'
import type { Tell } from './feed/told.ts'
import { createFollowLists } from './follows/lists.ts'
import { createFollows } from './follows/service.ts'
import { createFollowsStore } from './follows/store.ts'
import { createOwnRecord } from './own-record.ts'
import { createPeople } from './people.ts'
import { createSharedApps } from './profiles/apps.ts'
import {
  createOwnAvatarRoutes,
  createPublicPictureRoutes,
  type PublicPicturesOptions,
} from './profiles/picture-routes.ts'
import { createProfiles } from './profiles/service.ts'
import { createProfileStore } from './profiles/store.ts'
import { createNewestPeople } from './search/newest.ts'
import { createSearch } from './search/service.ts'
import { createSearchStore } from './search/store.ts'

export interface SocialModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  publications: Publications
  previewPicture: PublicPicturesOptions['previewPicture']
  sessions: Pick<Sessions, 'current'>
  limits: Pick<Limits, 'social'>
  /** People's webhooks. */
  tell: Tell
  clock: Clock
}

export function createSocialModule(options: SocialModuleOptions) {
  const { env, hosts, database, publications, previewPicture, sessions, limits, tell, clock } = options
  const people = createPeople(database)
  const lists = createFollowLists(database)
  const store = createProfileStore(database)
  const sharedApps = createSharedApps({ db: database.db, publications, hosts })
  const { appOrigin, apiOrigin } = hosts
  return {
    parts: {
      ...{ people, sharedApps },
      profiles: createProfiles({ store, people, lists, apps: sharedApps, hosts, clock }),
      follows: createFollows({
        ...{ store: createFollowsStore(database, tell), lists, people, hosts, clock },
        limit: limits.social.follows,
        ...{ mostFollows: env.FOLLOWS_PER_ACCOUNT, mostBlocks: env.BLOCKS_PER_ACCOUNT },
      }),
      search: createSearch({ store: createSearchStore(database), hosts }),
      newestPeople: createNewestPeople({ people, hosts }),
      socialReads: limits.social.reads,
    },
    /** For exports. */
    recordOf: createOwnRecord(database),
    /** Of `app.DOMAIN`. */
    ownRoutes: createOwnAvatarRoutes({
      ...{ store, appOrigin, apiOrigin, current: sessions.current, clock },
      limit: limits.social.avatars,
    }),
    /** Of `api.DOMAIN`. */
    publicRoutes: createPublicPictureRoutes({ store, apps: sharedApps, previewPicture }),
  }
}
