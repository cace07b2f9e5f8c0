/** Wires passes: their folder, how long they count, and the loop that ends them. */
import { join } from 'node:path'
import { PASS_FOLDER } from '@matrixos/shared'
import { type Env, toMs } from '../../env.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import { createPassFolder } from './folder.ts'
import { createPasses, PASS_TICK_MS, type PassesOptions } from './service.ts'

export interface PassesModuleOptions
  extends Omit<PassesOptions, 'folder' | 'platformSecret' | 'lifeMs' | 'mostInFlight'> {
  env: Pick<
    Env,
    'RUN_DIR' | 'PLATFORM_SECRET' | 'PASS_S' | 'IDLE_LIMIT_S' | 'PAUSE_AFTER_S' | 'IN_FLIGHT_PER_INSTANCE'
  >
  log: Log
}

/** A pass is over long before its instance may be paused or put to sleep for want of use. */
const lifeMsOf = ({ PASS_S, IDLE_LIMIT_S, PAUSE_AFTER_S }: PassesModuleOptions['env']): number =>
  Math.min(
    toMs(PASS_S),
    ...[IDLE_LIMIT_S, PAUSE_AFTER_S].flatMap((limit) => (limit === 'never' ? [] : [toMs(limit) / 4])),
  )

export function createPassesModule({ env, log, ...options }: PassesModuleOptions) {
  // What another run has left is taken away in any case.
  const made = createPassFolder(join(env.RUN_DIR, PASS_FOLDER), log)
  const folder = env.PASS_S === 0 ? null : made
  const passes = createPasses({
    ...options,
    folder,
    platformSecret: env.PLATFORM_SECRET,
    lifeMs: lifeMsOf(env),
    mostInFlight: env.IN_FLIGHT_PER_INSTANCE,
  })
  const loop = startLoop('passes', PASS_TICK_MS, log, async () => passes.sweep())
  return {
    passes,
    async close(): Promise<void> {
      await loop.close()
      passes.close()
    },
  }
}
