/** Start: one call to the engine in the common case, and recovery from what can get in its way. */
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../errors.ts'
import type { InstanceAddress, InstanceLimits, InstanceSpec } from '../../../ports/runtime.ts'
import type { Place } from './bridges.ts'
import { discardContainer } from './containers.ts'
import type { DockerContext } from './context.ts'
import { ensureContainer, type FittingContainer } from './create.ts'
import { disarmHomeOf } from './disarm.ts'
import { ignoring, reasonOf, statusOf } from './engine-error.ts'
import { restoreEtcFiles } from './etc-files.ts'
import { fitThawed } from './limits.ts'
import { needsResolver, writeResolver } from './resolver.ts'
import { addressFrom } from './view.ts'

type Obstacle = 'paused' | 'address-held' | 'stale-endpoint' | 'unusable'

/** What a failed start can be helped with; `null`: nothing. */
function obstacleOf(error: unknown): Obstacle | null {
  const reason = reasonOf(error)
  if (/paused/.test(reason)) return 'paused'
  if (/address already in use/i.test(reason)) return 'address-held'
  if (/endpoint with name .* already exists/.test(reason)) return 'stale-endpoint'
  // The container, or the network it was made for, was removed behind our back.
  if (statusOf(error) === 404 || /marked for removal|network .* not found|no configured subnet/.test(reason))
    return 'unusable'
  return null
}

/** What ended by itself is disarmed before it runs again: no stop may have seen it. */
async function bringUp(
  context: DockerContext,
  { id, info, status, labels }: FittingContainer,
  limits: InstanceLimits,
): Promise<void> {
  if (status === 'running' || status === 'restarting') return
  const container = context.engine.getContainer(id)
  if (status === 'paused') {
    await container.unpause()
    if (info) await fitThawed(context, info, limits)
    return
  }
  await disarmHomeOf(context, labels)
  await restoreEtcFiles(context.settings.stateDir, labels)
  await ignoring([304], container.start())
}

async function overcome(
  context: DockerContext,
  container: FittingContainer,
  slot: number,
  obstacle: Obstacle,
): Promise<void> {
  if (obstacle === 'stale-endpoint') await context.network.disconnect(container.id, slot)
  if (obstacle !== 'unusable') return
  context.network.forget()
  await discardContainer(context, container.id)
}

/** An address is free again moments after its holder stopped; a holder that stays is somebody else's container. */
export async function startInstance(context: DockerContext, spec: InstanceSpec): Promise<InstanceAddress> {
  await context.isolation.ensure()
  if (needsResolver(spec)) await writeResolver(context.settings.stateDir)
  const waits = context.settings.timing.startRetryMs
  for (let attempt = 0; ; attempt++) {
    const container = await ensureContainer(context, spec)
    const address = addressFrom(container.labels)
    try {
      await bringUp(context, container, spec.limits)
      return spec.isClosed ? { ...address, host: await chosenAddress(context, container) } : address
    } catch (error) {
      const obstacle = obstacleOf(error)
      const wait = waits[attempt]
      if (obstacle === null) throw error
      if (wait === undefined)
        throw obstacle === 'address-held'
          ? addressHeld(await context.network.placeOf(spec.slot), error)
          : error
      await overcome(context, container, spec.slot, obstacle)
      await delay(wait)
    }
  }
}

/** As the engine chose it. Throws `instance_unhealthy` for what ended at once: it has none. */
async function chosenAddress({ engine, network }: DockerContext, { id }: FittingContainer): Promise<string> {
  const { NetworkSettings, State } = await engine.getContainer(id).inspect()
  const { networkName } = network.closedPlace().bridge
  const address = NetworkSettings.Networks[networkName]?.IPAddress
  if (address) return address
  throw new AppError('instance_unhealthy', `It stopped while starting (exit code ${State.ExitCode}).`)
}

const addressHeld = ({ bridge, address }: Place, cause: unknown): AppError =>
  new AppError(
    'conflict',
    `The address ${address} is in use by another container: see "docker network inspect ${bridge.networkName}".`,
    { cause },
  )
