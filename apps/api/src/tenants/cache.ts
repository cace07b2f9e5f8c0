/**
 * The instances table in memory: what the gate, the sweeper and the subscriptions read, and the place to wait for a
 * change. Every writer applies the row it got back; other api processes learn of it by a notification.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type InstanceId, isLeaving, type UserId } from '@matrixos/shared'
import type { Notifications } from '../db/notifications.ts'
import type { Log } from '../log.ts'
import { retryDelayMs } from './reconcile/backoff.ts'
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

/** A use is saved without a new version: nobody waits for it. */
const isOtherwiseSame = (row: InstanceRow, { lastUsedAt, ...known }: InstanceRow): boolean =>
  isDeepStrictEqual({ ...row, lastUsedAt }, { ...known, lastUsedAt })

/** Runs it until it succeeds, with longer and longer pauses. */
async function untilDone(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let failures = 1; !signal.aborted; failures++) {
    await delay(retryDelayMs(failures), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const isDone = await work().then(
      () => true,
      () => false,
    )
    if (isDone) return
  }
}

export async function createInstanceCache({ store, notifications, log }: InstanceCacheOptions) {
  const byId = new Map<InstanceId, InstanceRow>()
  const byHandle = new Map<string, InstanceRow>()
  const byUser = new Map<UserId, InstanceRow>()
  let running = 0
  /** Whose owner wants it deleted: there until all of it is gone, and nobody's any more. */
  let leaving = 0
  const listeners = new Set<(change: Change) => void>()

  const emit = (change: Change) => {
    for (const listener of listeners) listener(change)
  }
  const closed = new AbortController()
  const tell = (id: InstanceId) => notifications.publish('instances', { id })

  function count(row: InstanceRow | undefined, by: 1 | -1): void {
    if (row?.observed === 'running') running += by
    if (row && isLeaving(row.desired)) leaving += by
  }

  function put(row: InstanceRow, known: InstanceRow | undefined): void {
    count(known, -1)
    count(row, 1)
    byId.set(row.id, row)
    byHandle.set(row.handle, row)
    byUser.set(row.userId, row)
  }

  /**
   * As a read shows it that began when `known` was known. What was learnt meanwhile may be newer; of what was not, the
   * read is right, also where it is older: a crash of the database takes writes back that it had not synced (`unsynced`).
   */
  function takeRead(row: InstanceRow, known: InstanceRow | undefined): void {
    if (!known || byId.get(row.id) !== known) return void upsert(row)
    if (!isOtherwiseSame(row, known)) {
      put(row, known)
      emit({ row, removed: false, added: false })
    } else if (row.lastUsedAt > known.lastUsedAt) put(row, known)
  }

  /** Of rows that this process has written: older ones than the one known are ignored, so their order does not matter. */
  function upsert(row: InstanceRow): boolean {
    const known = byId.get(row.id)
    if (known && known.version >= row.version) {
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
    count(row, -1)
    emit({ row, removed: true, added: false })
  }

  async function refresh(id: InstanceId): Promise<void> {
    const known = byId.get(id)
    const row = await store.byId(id)
    if (row) takeRead(row, known)
    else evictLocally(id)
  }

  async function reload(): Promise<void> {
    // Only what was known before: a row made while this reads is not in the answer, and is there all the same.
    const known = new Map(byId)
    const rows = await store.all()
    const present = new Set(rows.map((row) => row.id))
    for (const id of known.keys()) if (!present.has(id)) evictLocally(id)
    for (const row of rows) takeRead(row, known.get(row.id))
  }

  let isRepairing = false

  /** What was not read when it was said, nobody says again: read all of it, as soon as that is possible. */
  async function repair(error: unknown): Promise<void> {
    log.warn({ err: error }, 'failed to read a change; reading everything again')
    if (isRepairing) return
    isRepairing = true
    await untilDone(reload, closed.signal)
    isRepairing = false
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
      await Promise.all(reads.map((read) => read.catch((error: unknown) => void repair(error))))
    }
    isReading = false
  }

  const stop = await notifications.subscribe('instances', {
    onNotice({ id }) {
      changed.add(id)
      void readChanged()
    },
    onConnected: () => void reload().catch(repair),
  })
  await reload()

  return {
    get: (id: InstanceId) => byId.get(id),
    ofHandle: (handle: string) => byHandle.get(handle),
    ofUser: (userId: UserId) => byUser.get(userId),
    all: () => byId.values(),
    counts: () => ({ running, instances: byId.size - leaving }),
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
    close(): Promise<void> {
      closed.abort()
      return stop()
    },
  }
}
