/** Pause: frozen in one call, its memory given back after it. */
import type { ContainerKey } from '../../../ports/runtime.ts'
import { listContainers } from './containers.ts'
import type { DockerContext } from './context.ts'
import { reasonOf, statusOf } from './engine-error.ts'

/** What does not run, or is frozen already. */
const isNothingToDo = (error: unknown): boolean =>
  statusOf(error) === 404 || /is not running|already paused/.test(reasonOf(error))

export async function pauseInstance(context: DockerContext, key: ContainerKey): Promise<void> {
  for (const { Id, State } of await listContainers(context, key)) {
    if (State !== 'running') continue
    await context.engine
      .getContainer(Id)
      .pause()
      .catch((error: unknown) => {
        if (!isNothingToDo(error)) throw error
      })
    // Nobody waits for it: a visitor who comes now is let in at once.
    void context.reclaim(Id)
  }
}
