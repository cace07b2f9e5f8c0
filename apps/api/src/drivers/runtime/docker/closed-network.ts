/**
 * The network of what is only tried. The engine lets nothing out of it, and none of its containers reach each other; that
 * they do not reach this machine either is the firewall's part.
 */
import type { Engine, NetworkInspectInfo } from './client.ts'
import { ignoring, isolationBroken } from './engine-error.ts'
import type { Firewall } from './firewall/index.ts'
import { PLATFORM_LABEL } from './labels.ts'

export const ICC_OPTION = 'com.docker.network.bridge.enable_icc'

export interface ClosedNetworkOptions {
  engine: Engine
  name: string
  platformId: string
  /** All that are there. */
  survey: () => Promise<NetworkInspectInfo[]>
  /** Removes one that is another platform's, and that no container needs; else throws `conflict` with `whose`. */
  takeOver: (engine: Engine, name: string, whose: string) => Promise<unknown>
  /** Lays the table for what is there now. */
  guard: () => Promise<void>
  firewall: Pick<Firewall, 'state'>
}

/** The engine chooses its addresses. Throws `conflict`, `isolation_broken`. */
export async function ensureClosedNetwork(options: ClosedNetworkOptions): Promise<void> {
  const { engine, name, platformId, survey, takeOver, guard, firewall } = options
  const found = (await survey()).find(({ Name }) => Name === name)
  const remedy = `Remove it: docker network rm ${name}`
  if (found && !found.Internal) throw isolationBroken(`The network ${name} is not internal. ${remedy}`)
  const owner = found?.Labels?.[PLATFORM_LABEL]
  if (found && owner !== platformId) await takeOver(engine, name, `another platform's (${owner}). ${remedy}`)
  const make = () =>
    engine.createNetwork({
      ...{ Name: name, Driver: 'bridge', CheckDuplicate: true, Internal: true },
      ...{ Options: { [ICC_OPTION]: 'false' }, Labels: { [PLATFORM_LABEL]: platformId } },
    })
  // Another replica of the api may have been faster.
  if (owner !== platformId) await ignoring([409], make())
  await guard()
  if (firewall.state().by === 'api') return
  throw isolationBroken('The api does not keep the firewall: what is closed would reach this machine.')
}
