/** Puts to sleep what nobody uses: no request, no open WebSocket or stream, for as long as its plan says. */
import type { InstanceId } from '@matrixos/shared'
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../cache.ts'
import type { Policies } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import type { SleepStore } from './store.ts'
import type { Usage } from './usage.ts'

export interface SweeperOptions {
  store: Omit<SleepStore, 'checkOut' | 'checkOutAll'>
  cache: Pick<InstanceCache, 'publish' | 'upsert'>
  usage: Pick<Usage, 'unsaved' | 'saved' | 'isQuiet' | 'hasReport'>
  processId: string
  enqueue: (id: InstanceId) => void
  log: Log
  policies: Pick<Policies, 'descents' | 'roomDescents'>
}

export function createSweeper(options: SweeperOptions) {
  const { store, cache, usage, processId, enqueue, log, policies } = options

  async function save(): Promise<void> {
    const uses = usage.unsaved()
    await store.saveUses(uses)
    usage.saved(uses)
  }

  const apply = (rows: InstanceRow[]) => rows.map((row) => cache.publish(row))

  /** Signs what this process lets nobody into any more, once every use that it knew of is saved. */
  async function signClosing(): Promise<void> {
    const closing = await store.unsigned(processId)
    for (const row of closing) cache.upsert(row)
    await save()
    await store.sign(
      processId,
      closing.filter(({ id }) => usage.isQuiet(id)),
    )
  }

  /** Only a process that hears from its edge may decide: nobody may assume what the edge does not say. */
  async function decide(): Promise<void> {
    apply(await store.reopen())
    for (const { id, handle, desired } of apply(await store.putToSleep())) {
      log.info({ instance: id, handle, tier: desired }, 'idle: putting to sleep')
      enqueue(id)
    }
  }

  return {
    async sweep(): Promise<void> {
      await store.checkIn(processId)
      await save()
      const decides = usage.hasReport()
      if (decides) {
        apply(await store.takeBackUses())
        await store.setDeadlines(policies.descents)
        apply(await store.markDue(policies.descents))
      }
      await signClosing()
      if (decides) await decide()
    },

    /** Begins to put up to `count` instances in memory to sleep that nobody uses right now: the paused, then the longest idle. */
    async makeRoom(count: number): Promise<void> {
      if (!usage.hasReport()) return
      await save()
      apply(await store.markLongestIdle(policies.roomDescents, count))
      await signClosing()
      await decide()
    },
  }
}
