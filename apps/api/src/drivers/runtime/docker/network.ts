/** The instances' networks: bridges on which they cannot reach each other. The first is there from the start, others once a slot needs them. */
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../../errors.ts'
import { type Bridge, bridgesOf, closedBridgeOf, type Place, placeOf } from './bridges.ts'
import type { Engine, NetworkInspectInfo } from './client.ts'
import { ensureClosedNetwork, ICC_OPTION } from './closed-network.ts'
import { ignoring, isolationBroken, reasonOf, statusOf } from './engine-error.ts'
import type { Firewall } from './firewall/index.ts'
import { PLATFORM_LABEL } from './labels.ts'
import type { DockerSettings } from './options.ts'
import { dynamicRange } from './subnet.ts'

const NAME_OPTION = 'com.docker.network.bridge.name'

export interface Network {
  /** Makes the slot's network, or proves that the one that is there fits. Throws `conflict`, `isolation_broken`. Remembered after the first success. */
  ensure(slot: number): Promise<Place>
  /** Where the slot's container belongs. Throws `conflict` when there is no such slot. */
  placeOf(slot: number): Promise<Place>
  /** In the order of slots. Throws as `verifyIsolation` does. */
  existing(): Promise<Bridge[]>
  /** Makes the network on which nothing is reached, or proves that it is one. Throws `conflict`, `isolation_broken`. */
  ensureClosed(): Promise<Place>
  closedPlace(): Place
  /** Throws `isolation_broken` when one of the networks as they are now lets instances reach each other, or more than they may. Absent is fine. */
  verifyIsolation(): Promise<void>
  /** Asks the engine anew next time: somebody removed one. */
  forget(): void
  /** Frees the name of a container that the engine lost track of. */
  disconnect(container: string, slot: number): Promise<void>
}

export function createNetwork(engine: Engine, settings: DockerSettings, firewall: Firewall): Network {
  const { networkName, subnet, platformId } = settings
  const parts = bridgesOf(settings)
  const closed = closedBridgeOf(settings)
  const closedPlace: Place = { bridge: closed, address: '' }
  const names = new Set([...parts, closed].map((bridge) => bridge.networkName))
  /** As last seen at the engine; `null`: not yet. */
  let bridges: readonly Bridge[] | null = null
  const ensured = new Map<string, Promise<void>>()
  let guarded: Promise<void> = Promise.resolve()

  /** All that are there now. One with the whole subnet is from before there were several: it serves all slots while it lasts. */
  async function survey(): Promise<NetworkInspectInfo[]> {
    const like = await engine.listNetworks({ filters: { name: [networkName] } })
    const own = like.filter(({ Name }) => names.has(Name))
    for (const info of own) verifyApart(info)
    bridges = own.some((info) => subnetOf(info) === subnet) ? [{ networkName, subnet }] : parts
    return own
  }

  async function place(slot: number): Promise<Place> {
    if (bridges === null) await survey()
    return placeOf(bridges ?? parts, slot)
  }

  /** Whether there is one; throws `isolation_broken`, or `conflict` when it has other addresses or another owner. */
  async function verify(bridge: Bridge): Promise<boolean> {
    const info = (await survey()).find(({ Name }) => Name === bridge.networkName)
    if (!info) return false
    if (subnetOf(info) !== bridge.subnet) {
      const text = `The network ${info.Name} does not use the subnet ${bridge.subnet}. ${remedy(info.Name)}`
      throw new AppError('conflict', text)
    }
    const owner = info.Labels?.[PLATFORM_LABEL]
    if (owner === undefined || owner === platformId) return true
    return await takeOver(engine, info.Name, `another platform's (${owner}). ${remedy(info.Name)}`)
  }

  /** The engine removes no network that somebody is on: what sleeps is made anew on its part with its next start. */
  async function splitUp(): Promise<void> {
    if (parts.length === 1) return
    const old = (await survey()).find((info) => subnetOf(info) === subnet)
    if (old?.Labels?.[PLATFORM_LABEL] !== platformId) return
    await ignoring([403, 404, 409], engine.getNetwork(old.Id).remove())
    await survey()
  }

  /** What instances may reach is settled before the first one has an address. */
  async function guard(): Promise<void> {
    let infos = await survey()
    while (infos.length > 0 && firewall.isToKeep()) {
      const seen = interfacesOf(infos, closed)
      if (seen.open.length === 0 || !(await firewall.ensure(seen.open, seen.closed))) return
      // Another api may have made one meanwhile: it must not be missing from what was laid.
      infos = await survey()
      if (isDeepStrictEqual(interfacesOf(infos, closed), seen)) return
    }
  }

  /** One after the other: what was seen first must not be laid last. */
  function guardInTurn(): Promise<void> {
    guarded = guarded.catch(() => undefined).then(guard)
    return guarded
  }

  async function make(slot: number): Promise<void> {
    await splitUp()
    const { bridge } = await place(slot)
    await makeNetwork(bridge)
    if (firewall.isToKeep()) await guardInTurn()
    // Nobody would lay the table again for one that is made later.
    if (firewall.state().by === 'host') for (const other of bridges ?? parts) await makeNetwork(other)
  }

  async function makeNetwork(bridge: Bridge): Promise<void> {
    if (await verify(bridge)) return
    try {
      await engine.createNetwork({
        Name: bridge.networkName,
        Driver: 'bridge',
        CheckDuplicate: true,
        IPAM: {
          Driver: 'default',
          Config: [{ Subnet: bridge.subnet, IPRange: dynamicRange(bridge.subnet) }],
        },
        Options: { [ICC_OPTION]: 'false' },
        Labels: { [PLATFORM_LABEL]: platformId },
      })
    } catch (error) {
      // Another replica of the api may have been faster.
      if (statusOf(error) !== null && (await verify(bridge))) return
      if (/overlap/.test(reasonOf(error))) {
        const text = `The subnet ${bridge.subnet} is in use on this machine. Choose another.`
        throw new AppError('conflict', text, { cause: error })
      }
      throw error
    }
  }

  async function ensure(slot: number): Promise<Place> {
    const { bridge } = await place(slot)
    const name = bridge.networkName
    const making =
      ensured.get(name) ??
      make(slot).catch((error: unknown) => {
        ensured.delete(name)
        throw error
      })
    ensured.set(name, making)
    await making
    const now = await place(slot)
    if (now.bridge.networkName === name) return now
    // It was split up, and the slot's part is another.
    ensured.delete(name)
    return await ensure(slot)
  }

  return {
    ensure,
    async ensureClosed() {
      await ensure(0)
      const { networkName: name } = closed
      await ensureClosedNetwork({ engine, name, platformId, survey, takeOver, guard: guardInTurn, firewall })
      return closedPlace
    },
    closedPlace: () => closedPlace,
    placeOf: place,
    existing: async () => {
      const names = new Set((await survey()).map(({ Name }) => Name))
      return (bridges ?? parts).filter(({ networkName }) => names.has(networkName))
    },
    verifyIsolation: guardInTurn,
    forget: () => {
      ensured.clear()
      bridges = null
    },
    disconnect: async (container, slot) => {
      const { bridge } = await place(slot)
      await engine.getNetwork(bridge.networkName).disconnect({ Container: container, Force: true })
    },
  }
}

/** A platform whose data folder is gone leaves its network behind: if no container needs it, it is made anew. */
async function takeOver(engine: Engine, name: string, whose: string): Promise<false> {
  const users = await engine.listContainers({ all: true, filters: { network: [name] } })
  if (users.length > 0) {
    throw new AppError('conflict', `The network ${name}, with ${users.length} containers, is ${whose}`)
  }
  await engine.getNetwork(name).remove()
  return false
}

const remedy = (name: string): string =>
  `Remove it ("docker network rm ${name}") or set DOCKER_NETWORK, DOCKER_SUBNET and DOCKER_CONTAINER_PREFIX.`

/** The engine's rule against traffic between containers covers IPv4 alone. */
function verifyApart({ Name, Driver, EnableIPv6, Options }: NetworkInspectInfo): void {
  if (Driver === 'bridge' && !EnableIPv6 && Options?.[ICC_OPTION] === 'false') return
  throw isolationBroken(`The network ${Name} lets instances reach each other. ${remedy(Name)}`)
}

/** Of those that are there. */
function interfacesOf(infos: readonly NetworkInspectInfo[], { networkName }: Bridge) {
  const of = (isWanted: (info: NetworkInspectInfo) => boolean) =>
    infos.filter(isWanted).map(interfaceOf).sort()
  const [closed = null] = of(({ Name }) => Name === networkName)
  return { open: of(({ Name }) => Name !== networkName), closed }
}

const subnetOf = ({ IPAM }: NetworkInspectInfo): string | undefined => IPAM?.Config?.[0]?.Subnet

/** Which the engine names by the network's id unless it was told a name. */
const interfaceOf = ({ Id, Options }: NetworkInspectInfo): string =>
  Options?.[NAME_OPTION] ?? `br-${Id.slice(0, 12)}`
