/**
 * Limits how much instances send and receive: by their addresses, which stay theirs over a restart. The kernel's table is
 * the memory, since another process of the api may have changed it.
 */
import type { Nft } from '../firewall/nft.ts'
import { chainOf, ratesTableOf, renderChange, SENT } from './render.ts'

export interface BandwidthOptions {
  networkName: string
  /** Whether this process is in the engine's network, with the right to change its rules. */
  isHere: () => boolean
  nft: Pick<Nft, 'apply' | 'element'>
}

export interface Bandwidth {
  isUsable(): boolean
  /** `null`: no limit. Does nothing where it is so already, or where this process cannot. */
  fit(address: string, bytesPerS: number | null): Promise<void>
}

export function createBandwidth({ networkName, isHere, nft }: BandwidthOptions): Bandwidth {
  const table = ratesTableOf(networkName)
  let underWay: Promise<void> = Promise.resolve()

  async function change(address: string, bytesPerS: number | null): Promise<void> {
    const found = await nft.element({ table, map: SENT, key: address })
    if (found === null && bytesPerS === null) return
    if (bytesPerS !== null && found?.endsWith(` ${chainOf(SENT, bytesPerS)}`)) return
    await nft.apply(renderChange(table, address, { had: found !== null, wanted: bytesPerS }))
  }

  return {
    isUsable: isHere,
    fit(address, bytesPerS) {
      if (!isHere()) return Promise.resolve()
      // One after another: what an address has is read, and then changed.
      const mine = underWay.then(() => change(address, bytesPerS))
      underWay = mine.catch(() => undefined)
      return mine
    },
  }
}
