/** Tells an engine outage from an instance's own failure, and notices when the engine is back. */
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '@matrixos/shared'
import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Runtime } from '../../ports/runtime.ts'

const POLL_MS = 500

export interface EngineWatchOptions {
  runtime: Pick<Runtime, 'inspect'>
  /** Of no instance: looking for it costs the engine least. */
  probeId: InstanceId
  /** Called each time the engine is back. */
  onReturn: () => Promise<void>
  log: Log
}

export type EngineWatch = ReturnType<typeof createEngineWatch>

export function createEngineWatch({ runtime, probeId, onReturn, log }: EngineWatchOptions) {
  const over = new AbortController()
  let isWatching = false

  const answers = (): Promise<boolean> =>
    runtime.inspect({ id: probeId, generation: 1 }).then(
      () => true,
      (error: unknown) => !(error instanceof AppError && error.code === 'engine_down'),
    )

  async function untilBack(): Promise<void> {
    isWatching = true
    log.error('container engine not responding; instances wait for it')
    do {
      await delay(POLL_MS, undefined, { signal: over.signal }).catch(() => undefined)
    } while (!over.signal.aborted && !(await answers()))
    isWatching = false
    if (over.signal.aborted) return
    log.info('container engine responding again')
    await onReturn().catch((error: unknown) => log.warn({ err: error }, 'failed to notify waiting instances'))
  }

  return {
    /** Asked after a call failed with `engine_down`; from `true` on, the engine is watched until it is back. */
    async isAway(): Promise<boolean> {
      if (isWatching) return true
      if (over.signal.aborted || (await answers())) return false
      if (!isWatching) void untilBack()
      return true
    },
    close: () => over.abort(),
  }
}
