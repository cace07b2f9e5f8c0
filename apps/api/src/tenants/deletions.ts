/** The end of an instance as its owner meets it: closed at once, had back within the grace, and gone after it. */
import { type InstanceId, type InstanceView, isLeaving } from '@matrixos/shared'
import type { Action } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import type { DbOrTx } from '../db/database.ts'
import { AppError } from '../errors.ts'
import type { InstanceCache } from './cache.ts'
import type { EventRecorder } from './events/recorder.ts'
import type { InstanceRow, TenantStore } from './store.ts'

export interface DeletionsOptions {
  store: Pick<TenantStore, 'requestDeletion' | 'undoDeletion' | 'deleteDue'>
  cache: Pick<InstanceCache, 'get' | 'reloadOne'>
  /** Throws what stands in the way. */
  rowFor: (principal: Principal, action: Action, id: InstanceId) => Promise<InstanceRow>
  accept: (row: InstanceRow) => InstanceRow
  touch: (id: InstanceId) => void
  note: EventRecorder['note']
  view: (row: InstanceRow) => InstanceView
  /** How long a deletion can be undone, in milliseconds; 0: not at all. */
  deletionGraceMs: number
}

/** Writes that it was asked for, in the transaction of the wish. */
type Record = (tx: DbOrTx) => Promise<void>

export function createDeletions(options: DeletionsOptions) {
  const { store, cache, rowFor, accept, touch, note, view, deletionGraceMs } = options
  return {
    /** Container, home and account go when the grace is over. `typedHandle` guards against a slip. */
    async delete(principal: Principal, id: InstanceId, typedHandle: string, record: Record): Promise<void> {
      const row = await rowFor(principal, 'instance:delete', id)
      if (typedHandle !== row.handle)
        throw new AppError('invalid_input', `Type your handle, ${row.handle}, to delete your computer.`)
      const written = await store.requestDeletion(row.id, deletionGraceMs, record)
      if (!written) return
      note(row.id, 'deletion_requested')
      accept(written)
    },

    /** Everything is as it was. Throws `conflict` once the grace is over. */
    async undoDeletion(principal: Principal, id: InstanceId, record: Record): Promise<InstanceView> {
      const row = await rowFor(principal, 'instance:keep', id)
      const written = await store.undoDeletion(row.id, record)
      if (written) {
        note(row.id, 'deletion_undone')
        touch(row.id)
        return view(accept(written))
      }
      await cache.reloadOne(row.id)
      const found = cache.get(row.id)
      if (!found || isLeaving(found.desired))
        throw new AppError('conflict', 'It is too late: this computer is being deleted.')
      return view(found)
    },

    /** Those whose grace is over go. */
    async deleteDue(): Promise<void> {
      for (const row of await store.deleteDue()) accept(row)
    },
  }
}
