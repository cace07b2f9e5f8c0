/** Waiting for an instance to reach a state, by the cache's changes. */
import type { InstanceId } from '@matrixos/shared'
import type { InstanceCache } from './cache.ts'
import type { InstanceRow } from './store.ts'

/**
 * Resolves with the row as soon as `when` accepts it; with `null` when `signal` aborts or the instance is removed.
 */
export function waitForRow(
  cache: Pick<InstanceCache, 'get' | 'onChange'>,
  id: InstanceId,
  when: (row: InstanceRow) => boolean,
  signal: AbortSignal,
): Promise<InstanceRow | null> {
  return new Promise((resolve) => {
    const end = (row: InstanceRow | null) => {
      forget()
      signal.removeEventListener('abort', abort)
      resolve(row)
    }
    const abort = () => end(null)
    const forget = cache.onChange((change) => {
      if (change.row.id !== id) return
      if (change.removed) end(null)
      else if (when(change.row)) end(change.row)
    })
    signal.addEventListener('abort', abort)
    const row = cache.get(id)
    if (signal.aborted || !row) end(null)
    else if (when(row)) end(row)
  })
}

/**
 * The row now and after each change, newest only: a slow reader skips what has passed. Ends when it is removed. A change may bring an
 * older version, after a crash of the database.
 */
export async function* watchRow(
  cache: Pick<InstanceCache, 'get' | 'onChange'>,
  id: InstanceId,
  signal: AbortSignal,
): AsyncGenerator<InstanceRow> {
  let shown = -1
  while (!signal.aborted) {
    const row = await waitForRow(cache, id, (candidate) => candidate.version !== shown, signal)
    if (!row) return
    shown = row.version
    yield row
  }
}
