/** What the docker driver is told, and the defaults. */
import { resolve } from 'node:path'
import { CONTAINER_PREFIX, DEFAULT_SUBNET, NETWORK_NAME } from '@matrixos/shared'
import type { HomeStore } from '../../../ports/home-store.ts'
import type { Opening } from '../../../ports/runtime.ts'
import { BRIDGE_BITS } from './bridges.ts'
import type { FirewallMode } from './firewall/index.ts'

export interface DockerRuntimeOptions {
  /** Where the driver keeps files that it mounts into containers, as the engine's host sees it. */
  stateDir: string
  /** Homes belong to their store: it gives them to the image's user, and disarms what root may have left there. */
  homes: Pick<HomeStore, 'give' | 'disarm'>
  /** Keeps two platforms on one engine apart: each sees only containers that carry its own id. */
  platformId: string
  /** `unix:///path`, a bare path or `tcp://host:port`. Default: unix:///var/run/docker.sock */
  host?: string | undefined
  networkName?: string | undefined
  /** IPv4, /8 to /28. Default: 10.201.0.0/20 (4,052 slots on four bridges). */
  subnet?: string | undefined
  /** Of the part of each bridge, in a larger subnet. Default: 22 (a Linux bridge has at most 1,023 ports). */
  bridgeBits?: number | undefined
  containerPrefix?: string | undefined
  /** Who hardened images run as. Default: 10001 for a root api, else the api's own user, who then owns the homes. */
  user?: { uid: number; gid: number } | undefined
  /** What the kernel says of the bridge filter. Default: where Linux has it. */
  bridgeFilterFile?: string | undefined
  /** Who keeps the rules of what instances reach, and what they may reach here. Default: nobody. */
  firewall?: { mode: FirewallMode; openings: readonly Opening[] } | undefined
  /** Times in ms; tests shorten them. */
  timing?: Partial<DockerTiming> | undefined
}

export interface DockerTiming {
  /** A call whose answer is not complete after this time has failed. */
  callTimeoutMs: number
  /** How long an instance may be started without asking again whether instances are kept apart. */
  isolationMs: number
  /** An event stream is opened anew after this time: a dead connection looks like a quiet engine. */
  eventStreamMs: number
  /** Waits before another try to start, while an address is still held. */
  startRetryMs: readonly number[]
  /** First and longest wait before the event stream is opened again. */
  reconnectMs: readonly [number, number]
}

export interface DockerSettings {
  stateDir: string
  homes: Pick<HomeStore, 'give' | 'disarm'>
  platformId: string
  host: string
  networkName: string
  subnet: string
  bridgeBits: number
  containerPrefix: string
  user: { uid: number; gid: number }
  bridgeFilterFile: string
  firewall: { mode: FirewallMode; openings: readonly Opening[] }
  timing: DockerTiming
}

const HARDENED_USER = { uid: 10_001, gid: 10_001 }

const TIMING: DockerTiming = {
  callTimeoutMs: 60_000,
  isolationMs: 10_000,
  eventStreamMs: 600_000,
  startRetryMs: [25, 50, 100, 200, 400, 800],
  reconnectMs: [100, 5_000],
}

export function dockerSettings(options: DockerRuntimeOptions): DockerSettings {
  const uid = process.getuid?.() ?? 0
  const own = uid === 0 ? HARDENED_USER : { uid, gid: process.getgid?.() ?? uid }
  return {
    stateDir: resolve(options.stateDir),
    homes: options.homes,
    platformId: options.platformId,
    host: options.host || 'unix:///var/run/docker.sock',
    networkName: options.networkName ?? NETWORK_NAME,
    subnet: options.subnet ?? DEFAULT_SUBNET,
    bridgeBits: options.bridgeBits ?? BRIDGE_BITS,
    containerPrefix: options.containerPrefix ?? CONTAINER_PREFIX,
    user: options.user ?? own,
    bridgeFilterFile: options.bridgeFilterFile ?? '/proc/sys/net/bridge/bridge-nf-call-iptables',
    firewall: options.firewall ?? { mode: 'off', openings: [] },
    timing: { ...TIMING, ...options.timing },
  }
}
