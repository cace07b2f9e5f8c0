/** Which apps are published, and how, in memory, for the gate. */
import type { Hosts, InstanceId } from '@matrixos/shared'
import { PLATFORM_PATH, PREVIEW_PICTURE } from '@matrixos/shared'
import type { Publication } from '../access/policy.ts'
import type { Notifications } from '../db/notifications.ts'
import { createRowsByInstance } from '../db/rows-by-instance.ts'
import type { Log } from '../log.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { PublicationRow, PublishingStore } from './store.ts'

export interface PublicationsOptions {
  store: Pick<PublishingStore, 'all' | 'ofInstance'>
  notifications: Notifications
  /** Whether the platform lets people publish, and visitors in. */
  isAllowed: () => boolean
  /** Hears when that may have changed; the answer ends it. */
  onSwitched: (listener: () => void) => () => void
  /** Its handles: links name them. */
  cache: Pick<InstanceCache, 'get'>
  hosts: Hosts
  log: Log
}

/** Visitors of an app may no longer do what they could. */
export type Withdrawn = (instanceId: InstanceId, app: string) => void

/** Which apps of an instance anyone may open is not what it was. */
export type OpenAppsChanged = () => void

export type PublicationsCache = Awaited<ReturnType<typeof createPublications>>

type Apps = Map<string, PublicationRow>

/** Whether somebody who was let in before might not be now, or may spend less. */
const isLess = (before: PublicationRow, now: PublicationRow | undefined): boolean =>
  !now || (before.mode === 'public' && now.mode !== 'public') || now.visitorCredit < before.visitorCredit

const openApps = (apps: Apps | undefined): string =>
  [...(apps?.values() ?? [])]
    .filter(({ mode }) => mode === 'public')
    .map(({ app }) => app)
    .sort()
    .join()

export async function createPublications(options: PublicationsOptions) {
  const { isAllowed, onSwitched, cache, hosts } = options
  const listeners = new Set<Withdrawn>()
  const tell: Withdrawn = (instanceId, app) => {
    for (const listener of listeners) listener(instanceId, app)
  }
  const watchers = new Set<OpenAppsChanged>()
  const rows = await createRowsByInstance({
    ...options,
    topic: 'publications',
    known: (found: PublicationRow[]): Apps => new Map(found.map((row) => [row.app, row])),
    onRead(instanceId, before, now) {
      for (const [app, row] of before ?? []) if (isLess(row, now?.get(app))) tell(instanceId, app)
      if (openApps(before) !== openApps(now)) for (const watcher of watchers) watcher()
    },
  })
  const forget = onSwitched(() => {
    if (isAllowed()) return
    for (const [instanceId, apps] of rows.all()) for (const app of apps.keys()) tell(instanceId, app)
  })

  function publicationOf({ instanceId, app, ...row }: PublicationRow): Publication {
    const { mode, title, description, visitorCredit, pictureVersion } = row
    const handle = cache.get(instanceId)?.handle
    const pictureUrl =
      handle && pictureVersion
        ? `${hosts.instanceAppOrigin(handle, app)}${PLATFORM_PATH}${PREVIEW_PICTURE}?v=${pictureVersion}`
        : null
    return { mode, visitorCreditNano: visitorCredit, preview: { title, description, pictureUrl } }
  }

  return {
    isAllowed,

    /** `undefined`: it is not published, or the platform allows none. */
    of(instanceId: InstanceId, app: string): Publication | undefined {
      const row = isAllowed() ? rows.of(instanceId)?.get(app) : undefined
      return row && publicationOf(row)
    },

    onWithdrawn(listener: Withdrawn): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Once the database knows, whichever process changed it. */
    onOpenApps(watcher: OpenAppsChanged): () => void {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },

    publish: rows.publish,
    reload: rows.reload,
    async close(): Promise<void> {
      forget()
      await rows.close()
    },
  }
}
