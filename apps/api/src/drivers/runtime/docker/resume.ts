/** Resume: one call to the engine, by the container's name. */
import type { ContainerKey } from '../../../ports/runtime.ts'
import { containerName } from './container-config.ts'
import type { DockerContext } from './context.ts'
import { reasonOf, statusOf } from './engine-error.ts'

const isNotPaused = (error: unknown): boolean =>
  statusOf(error) === 404 || /is not paused|is not running/.test(reasonOf(error))

export async function resumeInstance(
  context: DockerContext,
  key: ContainerKey & { handle: string },
  onAsked?: () => void,
): Promise<boolean> {
  await context.isolation.ensure()
  try {
    const resumed = context.engine.getContainer(containerName(context.settings, key)).unpause()
    onAsked?.()
    await resumed
    return true
  } catch (error) {
    if (isNotPaused(error)) return false
    throw error
  }
}
