/** The instances' network: a bridge on which they cannot reach each other. */
import { AppError } from '../../../errors.ts'
import type { Engine, NetworkInspectInfo } from './client.ts'
import { isolationBroken, reasonOf, statusOf } from './engine-error.ts'
import type { Firewall } from './firewall/index.ts'
import { PLATFORM_LABEL } from './labels.ts'
import type { DockerSettings } from './options.ts'
import { dynamicRange, gatewayAddress } from './subnet.ts'

const ICC_OPTION = 'com.docker.network.bridge.enable_icc'
const NAME_OPTION = 'com.docker.network.bridge.name'

export interface Network {
  /** Makes it, or proves that the one that is there fits. Throws `conflict`, `isolation_broken`. Remembered after the first success. */
  ensure(): Promise<void>
  /** Throws `isolation_broken` when the network as it is now lets instances reach each other, or more than they may. Absent is fine. */
  verifyIsolation(): Promise<void>
  /** The host's address on it; `null` where there is none. */
  gateway(): Promise<string | null>
  /** Asks the engine anew next time: somebody removed it. */
  forget(): void
  /** Frees the name of a container that the engine lost track of. */
  disconnect(container: string): Promise<void>
}

export function createNetwork(engine: Engine, settings: DockerSettings, firewall: Firewall): Network {
  const { networkName, subnet, platformId } = settings
  let ensured: Promise<void> | null = null

  const remedy = `Remove it ("docker network rm ${networkName}") or set DOCKER_NETWORK, DOCKER_SUBNET and DOCKER_CONTAINER_PREFIX.`

  /** As it is now, or `null`. The engine's rule against traffic between containers covers IPv4 alone. */
  async function inspectIsolated(): Promise<NetworkInspectInfo | null> {
    const info = await engine
      .getNetwork(networkName)
      .inspect()
      .catch((error: unknown) => {
        if (statusOf(error) === 404) return null
        throw error
      })
    if (info === null) return null
    if (info.Driver !== 'bridge' || info.EnableIPv6 || info.Options?.[ICC_OPTION] !== 'false') {
      throw isolationBroken(`The network ${networkName} lets instances reach each other. ${remedy}`)
    }
    return info
  }

  /** Whether there is one; throws `isolation_broken`, or `conflict` when it has other addresses or another owner. */
  async function verify(): Promise<boolean> {
    const info = await inspectIsolated()
    if (info === null) return false
    if (info.IPAM?.Config?.[0]?.Subnet !== subnet) {
      throw new AppError(
        'conflict',
        `The network ${networkName} does not use the subnet ${subnet}. ${remedy}`,
      )
    }
    const owner = info.Labels?.[PLATFORM_LABEL]
    if (owner !== undefined && owner !== platformId)
      return await takeOver(`another platform's (${owner}). ${remedy}`)
    return true
  }

  /** A platform whose data folder is gone leaves its network behind: if no container needs it, it is made anew. */
  async function takeOver(whose: string): Promise<false> {
    const filters = { network: [networkName] }
    const users = await engine.listContainers({ all: true, filters })
    if (users.length > 0) {
      throw new AppError(
        'conflict',
        `The network ${networkName}, with ${users.length} containers, is ${whose}`,
      )
    }
    await engine.getNetwork(networkName).remove()
    return false
  }

  /** What instances may reach is settled before the first one has an address. */
  async function guard(): Promise<void> {
    const info = await inspectIsolated()
    if (info && firewall.state().by === 'api') await firewall.ensure(bridgeOf(info))
  }

  async function make(): Promise<void> {
    await makeNetwork()
    if (firewall.state().by === 'api') await guard()
  }

  async function makeNetwork(): Promise<void> {
    if (await verify()) return
    try {
      await engine.createNetwork({
        Name: networkName,
        Driver: 'bridge',
        CheckDuplicate: true,
        IPAM: { Driver: 'default', Config: [{ Subnet: subnet, IPRange: dynamicRange(subnet) }] },
        Options: { [ICC_OPTION]: 'false' },
        Labels: { [PLATFORM_LABEL]: platformId },
      })
    } catch (error) {
      // Another replica of the api may have been faster.
      if (statusOf(error) !== null && (await verify())) return
      if (/overlap/.test(reasonOf(error))) {
        throw new AppError('conflict', `The subnet ${subnet} is in use on this machine. Choose another.`, {
          cause: error,
        })
      }
      throw error
    }
  }

  function ensure(): Promise<void> {
    ensured ??= make().catch((error: unknown) => {
      ensured = null
      throw error
    })
    return ensured
  }

  return {
    ensure,
    verifyIsolation: guard,
    gateway: async () => gatewayOf(await inspectIsolated()),
    forget: () => {
      ensured = null
    },
    disconnect: async (container) => {
      await engine.getNetwork(networkName).disconnect({ Container: container, Force: true })
    },
  }
}

/** The engine names it only where it was told one. */
const gatewayOf = (info: NetworkInspectInfo | null): string | null => {
  const [config] = info?.IPAM?.Config ?? []
  return config?.Gateway ?? (config?.Subnet === undefined ? null : gatewayAddress(config.Subnet))
}

/** The interface, which the engine names by the network's id unless it was told a name. */
const bridgeOf = ({ Id, Options }: NetworkInspectInfo): string =>
  Options?.[NAME_OPTION] ?? `br-${Id.slice(0, 12)}`
