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

interface Announced {
  row: InstanceRow
  isCertain: boolean
}

export function createServing(cache: Pick<InstanceCache, 'get' | 'onChange'>) {
  const announced = new Map<InstanceId, Announced>()
  const told = { anyone: new Set<(change: Change) => void>(), careful: new Set<(change: Change) => void>() }

  /** Any change to the row since then counts for more. */
  function get(id: InstanceId, isCareful: boolean): InstanceRow | undefined {
    const row = cache.get(id)
    const soon = announced.get(id)
    const counts = soon?.row.version === row?.version && (soon?.isCertain || !isCareful)
    return soon && counts ? soon.row : row
  }

  const viewOf = (isCareful: boolean) => ({
    get: (id: InstanceId) => get(id, isCareful),
    onChange(listener: (change: Change) => void): () => void {
      const listeners = isCareful ? told.careful : told.anyone
      listeners.add(listener)
      const forget = cache.onChange(listener)
      return () => {
        listeners.delete(listener)
        forget()
      }
    },
  })

  return {
    /** Holds until what it returns is called. Not `isCertain`: it has not answered yet, and may never. */
    announce(id: InstanceId, address: InstanceAddress, { isCertain = true } = {}): () => void {
      const row = cache.get(id)
      if (row?.observed !== 'starting') return () => undefined
      const soon: Announced = { row: { ...row, observed: 'running', address }, isCertain }
      announced.set(id, soon)
      const change: Change = { row: soon.row, removed: false, added: false }
      for (const listener of told.anyone) listener(change)
      if (isCertain) for (const listener of told.careful) listener(change)
      return () => {
        if (announced.get(id) === soon) announced.delete(id)
      }
    },

    /** The cache as somebody sees it who only waits to be let in. */
    view: viewOf(false),
    /** The same for whom there is something better than to wait in vain: the page that shows progress. */
    carefulView: viewOf(true),
  }
}
