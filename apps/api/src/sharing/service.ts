/** Sharing one's instance with others, and what others share. */
import {
  type Hosts,
  type InstanceId,
  isLeaving,
  normalizeHandle,
  type SharedInstanceView,
  type UserId,
  type ViewerView,
} from '@matrixos/shared'
import { authorize, noSuchInstance } from '../access/policy.ts'
import type { Caller } from '../access/principal.ts'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Tx } from '../db/database.ts'
import { AppError } from '../errors.ts'
import type { InstanceCache } from '../tenants/cache.ts'
import type { SharesCache } from './shares.ts'
import type { SharingStore } from './store.ts'

export interface SharingOptions {
  store: SharingStore
  shares: Pick<SharesCache, 'publish'>
  cache: Pick<InstanceCache, 'get' | 'reloadOne'>
  audit: Audit
  clock: Clock
  hosts: Hosts
  /** Viewers of one instance. */
  mostViewers: number
}

export type Sharing = ReturnType<typeof createSharing>

const tooMany = (most: number) =>
  new AppError('conflict', `A computer can have ${most} viewers at most. Remove one before you add another.`)

export function createSharing({ store, shares, cache, audit, clock, mostViewers }: SharingOptions) {
  async function ownInstance({ principal }: Caller, id: InstanceId) {
    // Another api process may have made it a moment ago.
    if (!cache.get(id)) await cache.reloadOne(id)
    const row = cache.get(id)
    if (!row) throw noSuchInstance()
    authorize(principal, 'instance:share', row, clock.now())
    return row
  }

  async function userOf(handle: string): Promise<UserId> {
    const id = await store.userByHandle(normalizeHandle(handle))
    if (!id) throw new AppError('not_found', `There is nobody called ${normalizeHandle(handle)} here.`)
    return id
  }

  const record =
    (
      { principal, request: { address } }: Caller,
      action: 'viewer_added' | 'viewer_removed' | 'viewer_left',
      instanceId: InstanceId,
      detail: Record<string, unknown>,
    ) =>
    (tx: Tx) =>
      audit.record({ actor: principal.userId, action, target: instanceId, address, detail }, tx)

  async function list(caller: Caller, instanceId: InstanceId): Promise<ViewerView[]> {
    await ownInstance(caller, instanceId)
    return (await store.named(instanceId)).map(({ viewer, handle, displayName }) => ({
      ...{ handle, displayName },
      canUseNotes: viewer.canUseNotes,
      since: viewer.createdAt.toISOString(),
    }))
  }

  async function remove(caller: Caller, instanceId: InstanceId, userId: UserId, isOwner: boolean) {
    const action = isOwner ? 'viewer_removed' : 'viewer_left'
    if (!(await store.remove(instanceId, userId, record(caller, action, instanceId, { viewer: userId }))))
      return
    await shares.publish(instanceId)
  }

  return {
    list,

    /** Also changes what somebody may do who is a viewer already. Throws `not_found`, `invalid_input`, `conflict`. */
    async add(caller: Caller, input: { instanceId: InstanceId; handle: string; canUseNotes: boolean }) {
      const { instanceId, canUseNotes } = input
      const row = await ownInstance(caller, instanceId)
      const userId = await userOf(input.handle)
      if (userId === row.userId) throw new AppError('invalid_input', 'This is your own computer.')
      const viewer = { instanceId, userId, canUseNotes, createdAt: new Date(clock.now()) }
      const note = record(caller, 'viewer_added', instanceId, { viewer: userId, canUseNotes })
      if (!(await store.put(viewer, mostViewers, note))) throw tooMany(mostViewers)
      await shares.publish(instanceId)
      return list(caller, instanceId)
    },

    async remove(caller: Caller, input: { instanceId: InstanceId; handle: string }) {
      await ownInstance(caller, input.instanceId)
      await remove(caller, input.instanceId, await userOf(input.handle), true)
      return list(caller, input.instanceId)
    },

    /** A viewer no longer wants to be one. */
    leave: (caller: Caller, instanceId: InstanceId) =>
      remove(caller, instanceId, caller.principal.userId, false),
  }
}

/** What others share with somebody; whatever is being deleted is not offered any more. */
export const createSharedWithMe =
  ({ store, cache, hosts }: Pick<SharingOptions, 'store' | 'cache' | 'hosts'>) =>
  async ({ principal }: Caller): Promise<SharedInstanceView[]> => {
    const found = await store.sharedWith(principal.userId)
    return found.flatMap(({ viewer, handle, displayName }) => {
      const row = cache.get(viewer.instanceId)
      if (!row || isLeaving(row.desired)) return []
      return {
        ...{ instanceId: row.id, handle, displayName, observed: row.observed },
        url: hosts.instanceOrigin(handle),
        canUseNotes: viewer.canUseNotes,
        since: viewer.createdAt.toISOString(),
      }
    })
  }
