/** A runtime that sees to homes: an instance starts with its files in place, and with what was imported for it. */
import type { Clock } from '../../clock.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import type { HomeTransfer } from '../../ports/home-transfer.ts'
import type { Runtime } from '../../ports/runtime.ts'

export interface RuntimeHomes extends Pick<HomeStore, 'attach'> {
  transfer: Pick<HomeTransfer, 'hasNext' | 'adopt'>
}

/**
 * What runs keeps the home that it was started with, so an import waits for the next start. A start asks for a file
 * first: hardly any has a home waiting, and a wake is not to cost a call of the engine more.
 */
export function withHomes(
  runtime: Pick<Runtime, 'inspect' | 'start'>,
  { transfer, attach }: RuntimeHomes,
  clock: Pick<Clock, 'now'>,
): Pick<Runtime, 'start'> {
  return {
    async start(spec) {
      if (await transfer.hasNext(spec)) {
        const status = (await runtime.inspect(spec))?.status
        if (status !== 'running' && status !== 'paused') await transfer.adopt(spec, new Date(clock.now()))
      }
      await attach(spec, spec.storage)
      return await runtime.start(spec)
    },
  }
}
