/** Who may see whose instance, in memory, for the gate. */
import type { InstanceId, UserId } from '@matrixos/shared'
import type { Notifications } from '../db/notifications.ts'
import { createRowsByInstance } from '../db/rows-by-instance.ts'
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

export async function createShares(options: SharesOptions) {
  const listeners = new Set<Revoked>()
  const rows = await createRowsByInstance({
    ...options,
    topic: 'shares',
    known: grantsOf,
    onRead(instanceId, before, now) {
      for (const [userId, { canUseNotes }] of before ?? []) {
        const grant = now?.get(userId)
        if (!grant || (canUseNotes && !grant.canUseNotes))
          for (const listener of listeners) listener(instanceId, userId)
      }
    },
  })

  return {
    of: (instanceId: InstanceId, userId: UserId) => rows.of(instanceId)?.get(userId),

    /** The instances that somebody may see. */
    instancesOf: (userId: UserId): InstanceId[] =>
      [...rows.all()].filter(([, grants]) => grants.has(userId)).map(([id]) => id),

    onRevoked(listener: Revoked): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    publish: rows.publish,
    reload: rows.reload,
    close: rows.close,
  }
}
