/** Removes the containers whose place another of the same instance has taken: their home stays, and is the other's. */
import type { InstanceId } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import type { Runtime, RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'

export interface RetireOptions {
  cache: Pick<InstanceCache, 'get' | 'reloadOne'>
  runtime: Pick<Runtime, 'remove'>
  log: Log
}

export function createRetire({ cache, runtime, log }: RetireOptions) {
  /** Of what runs `serving`: one that is older, while nobody acts on the instance. A newer one is being tried. */
  const isReplaced = ({ id, generation }: RuntimeInstance, serving: RuntimeInstance | undefined): boolean => {
    const row = cache.get(id)
    if (serving?.status !== 'running' || row?.observed !== 'running' || row.leaseOwner) return false
    return serving.generation === row.generation && generation < row.generation
  }

  /** `serving`: what the runtime shows, at the same moment, of the container that serves each instance. */
  return async (
    seen: RuntimeInstance[],
    serving: ReadonlyMap<InstanceId, RuntimeInstance>,
  ): Promise<void> => {
    for (const old of seen) {
      const { id, handle, generation } = old
      if (!isReplaced(old, serving.get(id))) continue
      // Another process may have gone back to it a moment ago.
      await cache.reloadOne(id)
      if (!isReplaced(old, serving.get(id))) continue
      log.info({ instance: id, handle, generation }, 'removing a container that another has replaced')
      await runtime
        .remove(id, { generation })
        .catch((error: unknown) => log.warn({ err: error, instance: id }, 'failed to remove a container'))
    }
  }
}
