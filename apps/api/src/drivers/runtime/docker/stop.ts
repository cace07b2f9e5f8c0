/** Stop and remove. */
import { type InstanceId, STOP_GRACE_S } from '@matrixos/shared'
import { disarmHome, removeHome } from '../home.ts'
import { discardContainer, listContainers } from './containers.ts'
import type { DockerContext } from './context.ts'
import { ignoring } from './engine-error.ts'
import { HANDLE_LABEL } from './labels.ts'
import { traitsOf } from './traits.ts'
import { isActive } from './view.ts'

/** Signals reach a paused container only once it is unpaused. */
export async function stopInstance(
  context: DockerContext,
  id: InstanceId,
  { graceS = STOP_GRACE_S }: { graceS?: number } = {},
): Promise<void> {
  const { settings } = context
  for (const row of await listContainers(context, id)) {
    if (!isActive(row.State)) continue
    const container = context.patientEngine(graceS * 1000).getContainer(row.Id)
    if (row.State === 'paused') await ignoring([404, 409, 500], container.unpause())
    await ignoring([304, 404], container.stop({ t: graceS }))
    // Whoever has no root cannot be given setuid files of root's; an api without root could not take them away.
    if (!traitsOf(row.Labels).hardened && settings.canChown) {
      await disarmHome(settings.instancesDir, row.Labels[HANDLE_LABEL] ?? '')
    }
  }
}

export async function removeInstance(context: DockerContext, id: InstanceId, handle: string): Promise<void> {
  for (const row of await listContainers(context, id)) await discardContainer(context, row.Id)
  await removeHome({ instancesDir: context.settings.instancesDir, handle, id })
}
