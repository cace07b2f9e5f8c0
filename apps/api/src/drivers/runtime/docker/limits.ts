/** Changes the limits of a container without a restart. */
import { AppError } from '../../../errors.ts'
import type { ContainerKey, InstanceLimits } from '../../../ports/runtime.ts'
import type { ContainerInspectInfo, Engine } from './client.ts'
import type { DockerContext } from './context.ts'
import { reasonOf, statusOf } from './engine-error.ts'
import { findContainer } from './inspect.ts'
import { limitsConfig } from './limits-config.ts'
import { addressFrom, isActive } from './view.ts'

const hasLimits = ({ HostConfig }: ContainerInspectInfo, limits: InstanceLimits): boolean => {
  const has: Record<string, unknown> = { ...HostConfig }
  return Object.entries(limitsConfig(limits)).every(([name, value]) => has[name] === value)
}

/** The kernel gives no less memory than a program has, once it could take no more of it away. */
const isInUse = (error: unknown) =>
  /device or resource busy|memory usage|memory\.limit/i.test(reasonOf(error))

/**
 * runsc writes the ceiling of memory before that of memory and swap together, which the kernel refuses while the second is
 * lower: where both rise, the second goes first.
 */
async function updateContainer(
  engine: Engine,
  info: ContainerInspectInfo,
  limits: InstanceLimits,
): Promise<void> {
  const container = engine.getContainer(info.Id)
  const config = limitsConfig(limits)
  const { Runtime, MemorySwap = 0 } = info.HostConfig
  if (Runtime === 'runsc' && isActive(info.State.Status) && config.MemorySwap > MemorySwap)
    await container.update({ MemorySwap: config.MemorySwap })
  await container.update(config)
}

/** runsc changes nothing of what is paused. */
const isFrozen = ({ HostConfig, State }: ContainerInspectInfo): boolean =>
  HostConfig.Runtime === 'runsc' && State.Status === 'paused'

/** Costs no call where the container has them already. */
export async function fitLimits(
  { engine }: DockerContext,
  info: ContainerInspectInfo,
  limits: InstanceLimits,
): Promise<void> {
  if (hasLimits(info, limits)) return
  if (isFrozen(info))
    throw new AppError('conflict', 'It is paused, and gets its limits when it goes on.', { retryAfterS: 30 })
  await updateContainer(engine, info, limits).catch((error: unknown) => {
    if (statusOf(error) === 404) return
    if (!isInUse(error)) throw error
    throw new AppError('conflict', 'It uses more memory than it is to have.', {
      cause: error,
      retryAfterS: 30,
    })
  })
}

/** For what was paused when it was looked at, and goes on: what it could not be given then. It goes on without, if need be. */
export async function fitThawed(
  context: DockerContext,
  info: ContainerInspectInfo,
  limits: InstanceLimits,
): Promise<void> {
  if (!isFrozen(info)) return
  const now = { ...info, State: { ...info.State, Status: 'running', Paused: false } }
  await fitLimits(context, now, limits).catch(() => undefined)
}

export async function updateLimits(
  context: DockerContext,
  key: ContainerKey & { handle?: string },
  limits: InstanceLimits,
): Promise<void> {
  const info = await findContainer(context, key)
  if (!info) return
  await fitLimits(context, info, limits)
  const { host } = addressFrom(info.Config.Labels)
  if (host !== '') await context.bandwidth.fit(host, limits.bandwidthBytesPerS ?? null)
}
