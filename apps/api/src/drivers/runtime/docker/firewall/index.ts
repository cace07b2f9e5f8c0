/** Keeps the table that says what instances may reach: laid before the first one runs, compared again and again. */
import type { AppError } from '../../../../errors.ts'
import type { FirewallState, Opening } from '../../../../ports/runtime.ts'
import { isolationBroken } from '../engine-error.ts'
import type { Nft } from './nft.ts'
import { METADATA_RANGE, renderRules, tableOf, withoutElements } from './render.ts'

/** `auto`: `api` where it can; else nobody, which the log and the administrators are told. */
export type FirewallMode = 'auto' | 'api' | 'host' | 'off'

/** What it needs of nft. */
export type FirewallNft = Omit<Nft, 'element'>

export interface FirewallOptions {
  mode: FirewallMode
  networkName: string
  /** What instances may reach of this machine and of private networks: the AI proxy, the homeserver. */
  openings: readonly Opening[]
  nft: FirewallNft
}

export interface Firewall {
  state(): FirewallState
  /** Whether it is to lay the table, also where it could not so far: a busy machine must not leave it open for good. */
  isToKeep(): boolean
  /**
   * Lays the table for these interfaces, and for the one of the closed network, or puts it right; resolves with whether it did. Throws `isolation_broken` where
   * it should be there and cannot.
   */
  ensure(bridges: readonly string[], closedBridge?: string | null): Promise<boolean>
  /** Whether the kernel has the rule against metadata services; `null`: nobody keeps the table, or it cannot be read. */
  closesMetadata(): Promise<boolean | null>
}

const SWITCHED_OFF = 'INSTANCE_FIREWALL is off.'
const UNCOUNTED =
  'This kernel does not count connections (nft_connlimit): one computer can use up those of this machine.'
const NO_RIGHT = 'The api does not run as root, or nft is not installed.'

export function createFirewall({ mode, networkName, openings, nft }: FirewallOptions): Firewall {
  const table = tableOf(networkName)
  let state = firstState(mode, nft)
  /** What was laid, and how the kernel spells it: its own words are all that can be compared. */
  let laid: { rules: string; listed: string } | null = null
  let countsFlows = true
  let underWay: Promise<unknown> = Promise.resolve()

  const read = async () => {
    const listed = await nft.read(table)
    return listed === null ? null : withoutElements(listed)
  }

  async function lay(bridges: readonly string[], closedBridge: string | null): Promise<boolean> {
    const all = closedBridge === null ? bridges : [...bridges, closedBridge]
    const absent = all.find((name) => !nft.hasInterface(name))
    if (absent !== undefined) {
      throw new Error(`There is no interface ${absent} here: the api is in another network than the engine.`)
    }
    const wanted = { table, bridges, closedBridge, openings, nameServers: await nft.nameServers() }
    const rules = renderRules({ ...wanted, countsFlows })
    if (laid?.rules === rules && (await read()) === laid.listed) return false
    try {
      await nft.apply(rules)
    } catch (error) {
      if (!countsFlows || !isMissingInKernel(error)) throw error
      // The walls matter more than what they count.
      await nft.apply(renderRules({ ...wanted, countsFlows: false }))
      countsFlows = false
      return await lay(bridges, closedBridge)
    }
    const listed = await read()
    if (listed === null) throw new Error(`nft accepted the table ${table}, but it is not there.`)
    laid = { rules, listed }
    state = { by: 'api', why: countsFlows ? null : UNCOUNTED }
    return true
  }

  async function layOrSay(bridges: readonly string[], closedBridge: string | null): Promise<boolean> {
    try {
      return await lay(bridges, closedBridge)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      // What once was there is not given up because it has gone.
      if (mode === 'auto' && laid === null) {
        state = { by: 'nobody', why }
        return false
      }
      throw broken(why, error)
    }
  }

  const isToKeep = () => state.by === 'api' || (mode === 'auto' && nft.isUsable())

  return {
    state: () => state,
    isToKeep,
    async ensure(bridges, closedBridge = null) {
      if (!isToKeep()) return false
      // One after another: two replacements at once could each read the other's.
      const mine = underWay.catch(() => undefined).then(() => layOrSay(bridges, closedBridge))
      underWay = mine
      return await mine
    },
    closesMetadata: async () => {
      if (state.by === 'nobody' || !nft.isUsable()) return null
      // What could not be read, such as on a busy machine, is not open for that.
      const rules = await nft.read(table).catch(() => undefined)
      if (rules === undefined) return null
      // Where the host keeps it, the table may have another name.
      return rules === null ? (state.by === 'api' ? false : null) : rules.includes(METADATA_RANGE)
    },
  }
}

const isMissingInKernel = (error: unknown): boolean =>
  error instanceof Error && /No such file or directory|not supported/i.test(error.message)

function firstState(mode: FirewallMode, nft: FirewallNft): FirewallState {
  if (mode === 'host') return { by: 'host', why: null }
  if (mode === 'off') return { by: 'nobody', why: SWITCHED_OFF }
  return mode === 'api' || nft.isUsable() ? { by: 'api', why: null } : { by: 'nobody', why: NO_RIGHT }
}

const broken = (why: string, cause: unknown): AppError =>
  isolationBroken(
    `The table of the instances' firewall cannot be kept: ${why} Run the api as root with nft, or lay the table with deploy/host/instance-network.sh and set INSTANCE_FIREWALL=host.`,
    cause,
  )
