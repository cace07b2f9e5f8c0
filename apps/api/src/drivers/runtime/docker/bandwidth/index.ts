/**
 * Limits how much instances send and receive: by their addresses, which stay theirs over a restart. The kernel's table is
 * the memory, since another process of the api may have changed it.
 */
import type { Nft } from '../firewall/nft.ts'
import { chainOf, isWhole, ratesTableOf, renderChange, SENT } from './render.ts'

export interface BandwidthOptions {
  networkName: string
  /** Whether this process is in the engine's network, with the right to change its rules. */
  isHere: () => boolean
  nft: Pick<Nft, 'apply' | 'element' | 'read'>
}

export interface Bandwidth {
  isUsable(): boolean
  /** `null`: no limit. Does nothing where it is so already, or where this process cannot. */
  fit(address: string, bytesPerS: number | null): Promise<void>
  /** Whether the table is there, and does what it should; what is left of a broken one is taken away. */
  isKept(): Promise<boolean>
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

  async function look(): Promise<boolean> {
    const listed = await nft.read(table)
    if (listed !== null && isWhole(listed)) return true
    // Whole or gone: an address that is still in a map would pass for one that has its limit.
    if (listed !== null) await nft.apply(`delete table inet ${table}\n`)
    return false
  }

  /** One after another: what an address has is read, and then changed. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = underWay.then(work)
    underWay = mine.then(
      () => undefined,
      () => undefined,
    )
    return mine
  }

  return {
    isUsable: isHere,
    isKept: async () => !isHere() || (await inTurn(look)),
    fit(address, bytesPerS) {
      return isHere() ? inTurn(() => change(address, bytesPerS)) : Promise.resolve()
    },
  }
}
