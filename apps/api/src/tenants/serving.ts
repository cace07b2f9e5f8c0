/**
 * What serves, a moment before its row says so: whoever waits is let in while the end of the start is still being written, or
 * while the engine thaws what serves as soon as it is thawed. The row is leased and wanted awake; should the write fail, it is running
 * all the same, and is found so.
 */
import type { InstanceId } from '@matrixos/shared'
import type { InstanceAddress } from '../ports/runtime.ts'
import type { Change, InstanceCache } from './cache.ts'
import type { InstanceRow } from './store.ts'

export type Serving = ReturnType<typeof createServing>

export function createServing(cache: Pick<InstanceCache, 'get' | 'onChange'>) {
  const announced = new Map<InstanceId, InstanceRow>()
  const listeners = new Set<(change: Change) => void>()

  /** Any change to the row since then counts for more. */
  function get(id: InstanceId): InstanceRow | undefined {
    const row = cache.get(id)
    const soon = announced.get(id)
    return soon && soon.version === row?.version ? soon : row
  }

  return {
    /** Holds until what it returns is called. */
    announce(id: InstanceId, address: InstanceAddress): () => void {
      const row = cache.get(id)
      if (row?.observed !== 'starting') return () => undefined
      const soon: InstanceRow = { ...row, observed: 'running', address }
      announced.set(id, soon)
      for (const listener of listeners) listener({ row: soon, removed: false, added: false })
      return () => {
        if (announced.get(id) === soon) announced.delete(id)
      }
    },

    /** The cache as somebody sees it who only waits to be let in. */
    view: {
      get,
      onChange(listener: (change: Change) => void): () => void {
        listeners.add(listener)
        const forget = cache.onChange(listener)
        return () => {
          listeners.delete(listener)
          forget()
        }
      },
    },
  }
}
