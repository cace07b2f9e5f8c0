/**
 * A table's rows by their instance, in memory, for the gate. Other api processes hear of a change by a notification, and
 * read all of it every few seconds in case one was lost.
 */
import type { InstanceId } from '@matrixos/shared'
import type { Log } from '../log.ts'
import type { Notice, Notifications, Topic } from './notifications.ts'

type TopicOfInstances = { [T in Topic]: Notice<T> extends { instanceId: InstanceId } ? T : never }[Topic]

export interface RowsByInstanceOptions<Row, Known> {
  topic: TopicOfInstances
  store: {
    all: () => Promise<Row[]>
    ofInstance: (instanceId: InstanceId) => Promise<Row[]>
  }
  notifications: Notifications
  log: Log
  /** What is kept of an instance's rows; there is one at least. */
  known: (rows: Row[]) => Known
  /** After each read of them. `undefined`: it has none. */
  onRead: (instanceId: InstanceId, before: Known | undefined, now: Known | undefined) => void
}

export async function createRowsByInstance<Row extends { instanceId: InstanceId }, Known>(
  options: RowsByInstanceOptions<Row, Known>,
) {
  const { topic, store, notifications, log, known, onRead } = options
  const kept = new Map<InstanceId, Known>()
  /** Numbers what is read here, of one instance or of all: a late answer undoes none that was asked for after it. */
  let reads = 0
  let reloadedAt = 0
  const readAt = new Map<InstanceId, number>()
  const warn = (error: unknown) => log.warn({ err: error, topic }, 'failed to read what has changed')

  function put(instanceId: InstanceId, rows: Row[]): void {
    const before = kept.get(instanceId)
    const now = rows.length > 0 ? known(rows) : undefined
    if (now === undefined) kept.delete(instanceId)
    else kept.set(instanceId, now)
    onRead(instanceId, before, now)
  }

  async function refresh(instanceId: InstanceId): Promise<void> {
    const read = ++reads
    const rows = await store.ofInstance(instanceId)
    if (Math.max(reloadedAt, readAt.get(instanceId) ?? 0) > read) return
    readAt.set(instanceId, read)
    put(instanceId, rows)
  }

  async function reload(): Promise<void> {
    const read = ++reads
    const rows = await store.all()
    if (reloadedAt > read) return
    reloadedAt = read
    const byInstance = Map.groupBy(rows, ({ instanceId }) => instanceId)
    for (const instanceId of new Set([...kept.keys(), ...byInstance.keys()]))
      if ((readAt.get(instanceId) ?? 0) < read) put(instanceId, byInstance.get(instanceId) ?? [])
    for (const [instanceId, at] of readAt) if (at < read) readAt.delete(instanceId)
  }

  const stop = await notifications.subscribe(topic, {
    onNotice: ({ instanceId }) => void refresh(instanceId).catch(warn),
    onConnected: () => void reload().catch(warn),
  })
  await reload()

  return {
    of: (instanceId: InstanceId) => kept.get(instanceId),
    all: (): Iterable<[InstanceId, Known]> => kept,

    /** Call it once the database knows. */
    async publish(instanceId: InstanceId): Promise<void> {
      notifications.publish(topic, { instanceId })
      await refresh(instanceId)
    },

    reload,
    close: stop,
  }
}
