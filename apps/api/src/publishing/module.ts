/** Wires the publishing of apps. */
import type { Hosts } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { Sessions } from '../auth/sessions/service.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import type { Env } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import type { Settings } from '../settings/service.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import { createOwnInstance } from './own-instance.ts'
import { createPictureRoutes } from './picture-routes.ts'
import { createPictureStore } from './picture-store.ts'
import { createPictures } from './pictures.ts'
import { createPreviewPictures } from './preview-pictures.ts'
import { createPublications } from './publications.ts'
import { createPublishing } from './service.ts'
import { createPublishingStore, type PublishingStoreOptions } from './store.ts'

export interface PublishingModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  notifications: Notifications
  settings: Pick<Settings, 'get' | 'onSwitched'>
  sessions: Pick<Sessions, 'current'>
  cache: InstanceCache
  limits: Pick<Limits, 'changes'>
  /** In the transaction that opens an app to anyone, or changes one that is. */
  onOpened: PublishingStoreOptions['onOpened']
  audit: Audit
  clock: Clock
  log: Log
}

/** With the time that a read takes, what nobody told of still ends within the promised 5 s. */
const RELOAD_MS = 4_000

export async function createPublishingModule(options: PublishingModuleOptions) {
  const { env, hosts, database, settings, sessions, limits, log } = options
  const store = createPublishingStore({ ...database, onOpened: options.onOpened })
  const pictureStore = createPictureStore(database)
  const publications = await createPublications({
    ...{ ...options, store },
    isAllowed: () => settings.get('publishing') === 'on',
    onSwitched: (listener) => settings.onSwitched('publishing', listener),
  })
  const loop = startLoop('publications', RELOAD_MS, log, publications.reload)
  const own = { ...options, publications, ownInstance: createOwnInstance(options) }
  return {
    publications,
    publishing: createPublishing({ ...own, store, most: env.PUBLICATIONS_PER_INSTANCE }),
    /** What anyone is shown at an app's host. */
    previewPicture: createPreviewPictures({ pictureStore, publications }),
    pictureRoutes: createPictureRoutes({
      pictures: createPictures({ ...own, pictureStore }),
      appOrigin: hosts.appOrigin,
      current: sessions.current,
      changes: limits.changes,
    }),
    async close(): Promise<void> {
      await loop.close()
      await publications.close()
    },
  }
}
