/** Stop and remove. */
import { type InstanceId, STOP_GRACE_S } from '@matrixos/shared'
import type { ContainerInfo } from './client.ts'
import { discardContainer, listContainers } from './containers.ts'
import type { DockerContext } from './context.ts'
import { disarmHomeOf } from './disarm.ts'
import { ignoring } from './engine-error.ts'
import { removeEtcFiles } from './etc-files.ts'
import { isActive } from './view.ts'

/** Signals reach a paused container only once it is unpaused. */
async function end(context: DockerContext, row: ContainerInfo, graceS: number): Promise<void> {
  const container = context.patientEngine(graceS * 1000).getContainer(row.Id)
  if (row.State === 'paused') await ignoring([404, 409, 500], container.unpause())
  await ignoring([304, 404], container.stop({ t: graceS }))
}

/** The home is disarmed also when the container had ended before: by itself, or in a stop that was interrupted. */
export async function stopInstance(
  context: DockerContext,
  id: InstanceId,
  { graceS = STOP_GRACE_S, ...which }: { graceS?: number; generation?: number } = {},
): Promise<void> {
  for (const row of await listContainers(context, { id, ...which })) {
    if (isActive(row.State)) await end(context, row, graceS)
    await disarmHomeOf(context, row.Labels)
  }
}

/** What was kept for containers goes last, and also where the containers are gone already: that removal was cut off. */
export async function removeInstance(
  context: DockerContext,
  id: InstanceId,
  which: { generation?: number } = {},
): Promise<void> {
  for (const row of await listContainers(context, { id, ...which })) await discardContainer(context, row.Id)
  await removeEtcFiles(context.settings.stateDir, { id, ...which })
}
