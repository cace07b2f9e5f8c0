/**
 * The instances table in memory: what the gate, the sweeper and the subscriptions read, and the place to wait for a
 * change. Every writer applies the row it got back; other api processes learn of it by a notification.
 */
import type { InstanceId, UserId } from '@matrixos/shared'
import type { Notifications } from '../db/notifications.ts'
import type { Log } from '../log.ts'
import type { InstanceRow, TenantStore } from './store.ts'

/** Of more rows than this that have changed at once, such as after an outage of the engine, the table is read once. */
const MOST_READ_SINGLY = 20

export type Change = { row: InstanceRow; removed: boolean; added: boolean }
export type InstanceCache = Awaited<ReturnType<typeof createInstanceCache>>

export interface InstanceCacheOptions {
  store: Pick<TenantStore, 'all' | 'byId'>
  notifications: Notifications
  log: Log
}

export async function createInstanceCache({ store, notifications, log }: InstanceCacheOptions) {
  const byId = new Map<InstanceId, InstanceRow>()
  const byHandle = new Map<string, InstanceRow>()
  const byUser = new Map<UserId, InstanceRow>()
  let running = 0
  const listeners = new Set<(change: Change) => void>()

  const emit = (change: Change) => {
    for (const listener of listeners) listener(change)
  }
  const warn = (error: unknown) => log.warn({ err: error }, 'failed to read a change; the resync will')
  const tell = (id: InstanceId) => notifications.publish('instances', { id })

  function put(row: InstanceRow, known: InstanceRow | undefined): void {
    running += Number(row.observed === 'running') - Number(known?.observed === 'running')
    byId.set(row.id, row)
    byHandle.set(row.handle, row)
    byUser.set(row.userId, row)
  }

  /** Older rows than the one known are ignored, so the order of arrival does not matter. */
  function upsert(row: InstanceRow): boolean {
    const known = byId.get(row.id)
    if (known && known.version >= row.version) {
      // A use is saved without a new version: nobody waits for it.
      if (known.version === row.version && row.lastUsedAt > known.lastUsedAt) put(row, known)
      return false
    }
    put(row, known)
    emit({ row, removed: false, added: !known })
    return true
  }

  function evictLocally(id: InstanceId): void {
    const row = byId.get(id)
    if (!row) return
    byId.delete(id)
    if (byHandle.get(row.handle)?.id === id) byHandle.delete(row.handle)
    if (byUser.get(row.userId)?.id === id) byUser.delete(row.userId)
    running -= Number(row.observed === 'running')
    emit({ row, removed: true, added: false })
  }

  async function refresh(id: InstanceId): Promise<void> {
    const row = await store.byId(id)
    if (row) upsert(row)
    else evictLocally(id)
  }

  async function reload(): Promise<void> {
    // Only what was known before: a row made while this reads is not in the answer, and is there all the same.
    const known = [...byId.keys()]
    const rows = await store.all()
    const present = new Set(rows.map((row) => row.id))
    for (const id of known) if (!present.has(id)) evictLocally(id)
    for (const row of rows) upsert(row)
  }

  const changed = new Set<InstanceId>()
  let isReading = false

  /** One round at a time: however many notices come, requests do not queue behind them at the database. */
  async function readChanged(): Promise<void> {
    if (isReading) return
    isReading = true
    while (changed.size > 0) {
      const ids = [...changed]
      changed.clear()
      const reads = ids.length > MOST_READ_SINGLY ? [reload()] : ids.map(refresh)
      await Promise.all(reads.map((read) => read.catch(warn)))
    }
    isReading = false
  }

  const stop = await notifications.subscribe('instances', {
    onNotice({ id }) {
      changed.add(id)
      void readChanged()
    },
    onConnected: () => void reload().catch(warn),
  })
  await reload()

  return {
    get: (id: InstanceId) => byId.get(id),
    ofHandle: (handle: string) => byHandle.get(handle),
    ofUser: (userId: UserId) => byUser.get(userId),
    all: () => byId.values(),
    counts: () => ({ running, instances: byId.size }),
    reload,
    reloadOne: refresh,
    /** Takes a row that was read. */
    upsert,
    /** Takes a row this process has just written, and tells the others. Passes the row through. */
    publish<R extends InstanceRow | null>(row: R): R {
      if (row) {
        upsert(row)
        tell(row.id)
      }
      return row
    },
    evict(id: InstanceId): void {
      evictLocally(id)
      tell(id)
    },
    onChange(listener: (change: Change) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: stop,
  }
}
