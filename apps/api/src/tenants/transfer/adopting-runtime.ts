/** A runtime that starts an instance with the home that was imported for it. */
import type { Clock } from '../../clock.ts'
import type { HomeTransfer } from '../../ports/home-transfer.ts'
import type { Runtime } from '../../ports/runtime.ts'

/**
 * What runs keeps the home that it was started with, so an import waits for the next start. A start asks for a file
 * first: hardly any has a home waiting, and a wake is not to cost a call of the engine more.
 */
export function withImports(
  runtime: Runtime,
  transfer: Pick<HomeTransfer, 'hasNext' | 'adopt'>,
  clock: Pick<Clock, 'now'>,
): Pick<Runtime, 'start'> {
  return {
    async start(spec) {
      if (await transfer.hasNext(spec)) {
        const status = (await runtime.inspect(spec))?.status
        if (status !== 'running' && status !== 'paused') await transfer.adopt(spec, new Date(clock.now()))
      }
      return await runtime.start(spec)
    },
  }
}
