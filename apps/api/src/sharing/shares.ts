/**
 * Who may see whose instance, in memory, for the gate. Other api processes hear of a change by a notification, and read
 * all of it every few seconds in case one was lost.
 */
import type { InstanceId, UserId } from '@matrixos/shared'
import type { Notifications } from '../db/notifications.ts'
import type { Log } from '../log.ts'
import type { SharingStore, Viewer } from './store.ts'

export interface SharesOptions {
  store: Pick<SharingStore, 'all' | 'ofInstance'>
  notifications: Notifications
  log: Log
}

/** Somebody may no longer do what they could. */
export type Revoked = (instanceId: InstanceId, userId: UserId) => void

type Grants = Map<UserId, { canUseNotes: boolean }>

export type SharesCache = Awaited<ReturnType<typeof createShares>>

const grantsOf = (rows: Viewer[]): Grants =>
  new Map(rows.map(({ userId, canUseNotes }) => [userId, { canUseNotes }]))

export async function createShares({ store, notifications, log }: SharesOptions) {
  const shares = new Map<InstanceId, Grants>()
  const listeners = new Set<Revoked>()
  /** Numbers what is read here, of one instance or of all: a late answer undoes none that was asked for after it. */
  let reads = 0
  let reloadedAt = 0
  const readAt = new Map<InstanceId, number>()
  const warn = (error: unknown) => log.warn({ err: error }, 'failed to read who shares an instance')

  function put(instanceId: InstanceId, next: Grants): void {
    const before = shares.get(instanceId)
    if (next.size > 0) shares.set(instanceId, next)
    else shares.delete(instanceId)
    for (const [userId, { canUseNotes }] of before ?? []) {
      const now = next.get(userId)
      if (!now || (canUseNotes && !now.canUseNotes))
        for (const listener of listeners) listener(instanceId, userId)
    }
  }

  async function refresh(instanceId: InstanceId): Promise<void> {
    const read = ++reads
    const rows = await store.ofInstance(instanceId)
    if (Math.max(reloadedAt, readAt.get(instanceId) ?? 0) > read) return
    readAt.set(instanceId, read)
    put(instanceId, grantsOf(rows))
  }

  async function reload(): Promise<void> {
    const read = ++reads
    const rows = await store.all()
    if (reloadedAt > read) return
    reloadedAt = read
    const byInstance = Map.groupBy(rows, ({ instanceId }) => instanceId)
    for (const instanceId of new Set([...shares.keys(), ...byInstance.keys()]))
      if ((readAt.get(instanceId) ?? 0) < read) put(instanceId, grantsOf(byInstance.get(instanceId) ?? []))
    for (const [instanceId, at] of readAt) if (at < read) readAt.delete(instanceId)
  }

  const stop = await notifications.subscribe('shares', {
    onNotice: ({ instanceId }) => void refresh(instanceId).catch(warn),
    onConnected: () => void reload().catch(warn),
  })
  await reload()

  return {
    of: (instanceId: InstanceId, userId: UserId) => shares.get(instanceId)?.get(userId),

    /** The instances that somebody may see. */
    instancesOf: (userId: UserId): InstanceId[] =>
      [...shares].filter(([, grants]) => grants.has(userId)).map(([id]) => id),

    /** Call it once the database knows. */
    async publish(instanceId: InstanceId): Promise<void> {
      notifications.publish('shares', { instanceId })
      await refresh(instanceId)
    },

    onRevoked(listener: Revoked): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    reload,
    close: stop,
  }
}
