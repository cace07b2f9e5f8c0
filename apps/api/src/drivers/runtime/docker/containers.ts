/** Finds and removes containers. */
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../errors.ts'
import type { ContainerKey, InstanceSpec } from '../../../ports/runtime.ts'
import type { ContainerInfo, ContainerInspectInfo } from './client.ts'
import { containerName } from './container-config.ts'
import type { DockerContext } from './context.ts'
import { ignoring, reasonOf, statusOf } from './engine-error.ts'
import { INSTANCE_LABEL, PLATFORM_LABEL } from './labels.ts'
import { keyOf } from './view.ts'

const REMOVAL_POLLS = 200
const REMOVAL_POLL_MS = 50

/** By name or id; `null` when there is none. */
export async function inspectContainer(
  { engine }: DockerContext,
  key: string,
): Promise<ContainerInspectInfo | null> {
  return await engine
    .getContainer(key)
    .inspect()
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return null
      throw error
    })
}

/** This platform's containers: of one instance if named, and of one of its generations if that is. */
export async function listContainers(
  { engine, settings }: DockerContext,
  { id, generation }: Partial<ContainerKey> = {},
): Promise<ContainerInfo[]> {
  const label = [`${PLATFORM_LABEL}=${settings.platformId}`]
  if (id !== undefined) label.push(`${INSTANCE_LABEL}=${id}`)
  const rows = await engine.listContainers({ all: true, filters: { label } })
  // Containers of the first generation need not have the label that says so.
  return generation === undefined
    ? rows
    : rows.filter(({ Labels }) => keyOf(Labels)?.generation === generation)
}

/** Whether labels are those of this platform's container of this generation. */
export const isOwn = (
  { settings }: DockerContext,
  labels: Readonly<Record<string, string>>,
  { id, generation }: ContainerKey,
): boolean => {
  const key = keyOf(labels)
  return labels[PLATFORM_LABEL] === settings.platformId && key?.id === id && key.generation === generation
}

/** The container under the generation's name, if it is this instance's. Throws `conflict` when it is not. */
export async function containerOf(
  context: DockerContext,
  spec: InstanceSpec,
): Promise<ContainerInspectInfo | null> {
  const { platformId } = context.settings
  const name = containerName(context.settings, spec)
  const found = await inspectContainer(context, name)
  if (found === null) return null
  if (isOwn(context, found.Config.Labels, spec)) return found
  const { [PLATFORM_LABEL]: platform, [INSTANCE_LABEL]: instance } = found.Config.Labels
  const whose =
    platform === platformId ? `is another instance's (${instance})` : 'was not made by this platform'
  throw new AppError('conflict', `The container ${name} ${whose}. Remove or rename it: docker rm ${name}`)
}

/** Removes a container for good, and waits until its name is free. Its home stays. */
export async function discardContainer(context: DockerContext, key: string): Promise<void> {
  const container = context.engine.getContainer(key)
  const info = await inspectContainer(context, key)
  if (info === null) return
  // gVisor's runtime leaves an orphan when a paused container is removed by force.
  if (info.State.Paused) await ignoring([304, 404, 409, 500], container.unpause())
  try {
    await container.remove({ force: true, v: true })
  } catch (error) {
    const underWay = statusOf(error) === 409 && /already in progress/.test(reasonOf(error))
    if (statusOf(error) !== 404 && !underWay) throw error
  }
  for (let poll = 0; poll < REMOVAL_POLLS; poll++) {
    if ((await inspectContainer(context, info.Id)) === null) return
    await delay(REMOVAL_POLL_MS)
  }
  throw new AppError(
    'engine_down',
    `The Docker Engine has not removed the container ${info.Name.slice(1)} yet.`,
    {
      retryAfterS: 5,
    },
  )
}
