/** Puts to sleep what nobody uses: no request, no open WebSocket or stream, for as long as the limit says. */
import type { InstanceId } from '@matrixos/shared'
import type { Log } from '../log.ts'
import type { InstanceMirror } from './mirror.ts'
import type { SleepStore } from './sleep-store.ts'
import type { InstanceRow } from './store.ts'
import type { Usage } from './usage.ts'

export interface SweeperOptions {
  store: Pick<SleepStore, 'checkIn' | 'saveUses' | 'markIdle' | 'unsigned' | 'sign' | 'reopen' | 'putToSleep'>
  mirror: Pick<InstanceMirror, 'apply' | 'take'>
  usage: Pick<Usage, 'unsaved' | 'saved' | 'isQuiet' | 'hasReport'>
  processId: string
  kick: (id: InstanceId) => void
  log: Log
  idleLimitMs: number
}

export function createSweeper(options: SweeperOptions) {
  const { store, mirror, usage, processId, kick, log, idleLimitMs } = options

  async function save(): Promise<void> {
    const uses = usage.unsaved()
    await store.saveUses(uses)
    usage.saved(uses)
  }

  const apply = (rows: InstanceRow[]) => rows.map((row) => mirror.apply(row))

  /** Signs what this process lets nobody into any more, once every use that it knew of is saved. */
  async function signClosing(): Promise<void> {
    const closing = await store.unsigned(processId)
    for (const row of closing) mirror.take(row)
    await save()
    await store.sign(
      processId,
      closing.filter(({ id }) => usage.isQuiet(id)),
    )
  }

  return {
    async sweep(): Promise<void> {
      await store.checkIn(processId)
      await save()
      // Only who hears from its edge may decide: what the edge does not say, nobody may assume.
      const decides = usage.hasReport()
      if (decides) apply(await store.markIdle(idleLimitMs))
      await signClosing()
      if (!decides) return
      apply(await store.reopen(idleLimitMs))
      for (const { id, handle } of apply(await store.putToSleep(idleLimitMs))) {
        log.info({ instance: id, handle }, 'idle: going to sleep')
        kick(id)
      }
    },
  }
}
