/** Changes the limits of a container without a restart. */
import { AppError } from '../../../errors.ts'
import type { ContainerKey, InstanceLimits } from '../../../ports/runtime.ts'
import type { ContainerInspectInfo } from './client.ts'
import type { DockerContext } from './context.ts'
import { reasonOf, statusOf } from './engine-error.ts'
import { findContainer } from './inspect.ts'
import { limitsConfig } from './limits-config.ts'
import { addressFrom } from './view.ts'

const hasLimits = ({ HostConfig }: ContainerInspectInfo, limits: InstanceLimits): boolean => {
  const has: Record<string, unknown> = { ...HostConfig }
  return Object.entries(limitsConfig(limits)).every(([name, value]) => has[name] === value)
}

/** The kernel gives no less memory than a program has, once it could take no more of it away. */
const isInUse = (error: unknown) =>
  /device or resource busy|memory usage|memory\.limit/i.test(reasonOf(error))

/** Costs no call where the container has them already. */
export async function fitLimits(
  { engine }: DockerContext,
  info: ContainerInspectInfo,
  limits: InstanceLimits,
): Promise<void> {
  if (hasLimits(info, limits)) return
  await engine
    .getContainer(info.Id)
    .update(limitsConfig(limits))
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return
      if (!isInUse(error)) throw error
      throw new AppError('conflict', 'It uses more memory than it is to have.', {
        cause: error,
        retryAfterS: 30,
      })
    })
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
