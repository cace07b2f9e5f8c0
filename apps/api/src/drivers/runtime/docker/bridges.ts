/** How the instances' addresses are spread over bridges: a Linux bridge has 1,023 ports at most. Pure. */
import { AppError } from '../../../errors.ts'
import { parse, slotAddress, slotCount, toAddress } from './subnet.ts'

/** Of one bridge: 1,013 slots. */
export const BRIDGE_BITS = 22
/** More than one machine has room for; the rest of a larger subnet is left alone. */
const MAX_BRIDGES = 16

/** A network of the engine, which has a bridge of its own. */
export interface Bridge {
  networkName: string
  subnet: string
}

export interface BridgeOptions extends Bridge {
  /** Of each bridge's part, where the subnet is larger. */
  bridgeBits: number
}

/** Where a container is on the instances' networks. */
export interface Place {
  bridge: Bridge
  /** Empty: the engine chooses one at each start. */
  address: string
}

/** Of what is only tried: the engine chooses the addresses. */
export const closedBridgeOf = ({ networkName }: Pick<Bridge, 'networkName'>): Bridge => ({
  networkName: `${networkName}-closed`,
  subnet: '',
})

/** In the order of slots. The first has the network's own name. */
export function bridgesOf({ networkName, subnet, bridgeBits }: BridgeOptions): Bridge[] {
  const { base, size } = parse(subnet)
  const part = 2 ** (32 - bridgeBits)
  if (size <= part) return [{ networkName, subnet }]
  return Array.from({ length: Math.min(size / part, MAX_BRIDGES) }, (_, at) => ({
    networkName: at === 0 ? networkName : `${networkName}-${at + 1}`,
    subnet: `${toAddress(base + at * part)}/${bridgeBits}`,
  }))
}

export const slotsOf = (bridges: readonly Bridge[]): number =>
  bridges.reduce((sum, { subnet }) => sum + slotCount(subnet), 0)

/** Fixed for each slot. Throws `conflict` when there is no such slot. */
export function placeOf(bridges: readonly Bridge[], slot: number): Place {
  let left = slot
  for (const bridge of bridges) {
    const count = slotCount(bridge.subnet)
    if (!(left >= count)) return { bridge, address: slotAddress(bridge.subnet, left) }
    left -= count
  }
  const forOperator = `The networks ${bridges.map(({ subnet }) => subnet).join(', ')} are full: they have no slot ${slot}. Configure a larger subnet.`
  throw new AppError('conflict', 'There is no room for another computer on this server right now.', {
    cause: new Error(forOperator),
  })
}
