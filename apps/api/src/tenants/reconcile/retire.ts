/** Removes the containers that another of the same instance stands for: their home stays, and is the other's. */
import type { InstanceId } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import type { Runtime, RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceCache } from '../cache.ts'
import type { Container } from '../slots.ts'

export interface RetireOptions {
  cache: Pick<InstanceCache, 'get' | 'reloadOne'>
  runtime: Pick<Runtime, 'remove'>
  /** Of a container that is gone. */
  freeSlot: (container: Container) => Promise<void>
  /** Of containers that another stands for, whether or not they are there. */
  supersededSlots: () => Promise<Container[]>
  log: Log
}

export function createRetire({ cache, runtime, freeSlot, supersededSlots, log }: RetireOptions) {
  /**
   * Of what runs `serving`, while nobody acts on the instance: one that it has replaced, or that it came back for. The one
   * before an upgrade stays until nobody needs to go back to it.
   */
  const isReplaced = ({ id, generation }: RuntimeInstance, serving: RuntimeInstance | undefined): boolean => {
    const row = cache.get(id)
    if (serving?.status !== 'running' || row?.observed !== 'running' || row.leaseOwner) return false
    return (
      serving.generation === row.generation && ![row.generation, row.formerGeneration].includes(generation)
    )
  }

  /** What was killed between a removal and its slot has left the slot alone. */
  async function freeLeft(seen: RuntimeInstance[]): Promise<void> {
    const isThere = ({ instanceId, generation }: Container) =>
      seen.some((found) => found.id === instanceId && found.generation === generation)
    for (const container of await supersededSlots()) if (!isThere(container)) await freeSlot(container)
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
        .then(() => freeSlot({ instanceId: id, generation }))
        .catch((error: unknown) => log.warn({ err: error, instance: id }, 'failed to remove a container'))
    }
    await freeLeft(seen).catch((error: unknown) =>
      log.warn({ err: error }, 'failed to free a slot; trying again'),
    )
  }
}
