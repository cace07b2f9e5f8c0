/** Whether instances are isolated right now: checked with the engine before they start, and while they run. */
import { readFile } from 'node:fs/promises'
import type { Engine } from './client.ts'
import { isolationBroken } from './engine-error.ts'
import type { Network } from './network.ts'
import type { DockerSettings } from './options.ts'
import type { Verdict } from './self-test/index.ts'

/** Engines from here on load the bridge filter themselves, and no longer say whether it is on. */
const ENGINE_WITH_OWN_FILTER = 28

export interface Isolation {
  /** Asks the engine, at once. Throws `isolation_broken`, or `engine_down` when it cannot be known. */
  verify(): Promise<void>
  /** The same, but free where `verify` succeeded within the last few seconds. */
  ensure(): Promise<void>
}

/** `now`: a clock that only goes forward, ms. */
export function createIsolation(options: {
  engine: Engine
  network: Network
  settings: DockerSettings
  /** What the last self-test found. */
  verdict: Readonly<Verdict>
  now: () => number
}): Isolation {
  const { engine, network, settings, verdict, now } = options
  let verifiedAt = Number.NEGATIVE_INFINITY
  let underWay: Promise<void> | null = null

  /** Without the bridge filter, `enable_icc=false` is accepted and does nothing: instances would reach each other. */
  async function verifyFilter(): Promise<void> {
    const { ServerVersion, BridgeNfIptables } = await engine.info()
    const saysItself = Number.parseInt(String(ServerVersion), 10) < ENGINE_WITH_OWN_FILTER
    // Later ones of those that say it looked when they started: what has changed since, only the kernel tells.
    const isOff = (saysItself && BridgeNfIptables === false) || (await isFilterOff(settings.bridgeFilterFile))
    if (!isOff) return
    throw isolationBroken(
      'The bridge filter is off. On the host, run: modprobe br_netfilter && sysctl -w net.bridge.bridge-nf-call-iptables=1',
    )
  }

  async function ask(): Promise<void> {
    // From before the call: what changes while the engine answers is not proved by the answer.
    const askedAt = now()
    try {
      await Promise.all([verifyFilter(), network.verifyIsolation()])
      if (verdict.failure !== null) throw isolationBroken(verdict.failure)
      verifiedAt = askedAt
    } catch (error) {
      verifiedAt = Number.NEGATIVE_INFINITY
      throw error
    }
  }

  function verify(): Promise<void> {
    underWay ??= ask().finally(() => {
      underWay = null
    })
    return underWay
  }

  return {
    verify,
    ensure: async () => {
      if (verdict.failure !== null || now() - verifiedAt > settings.timing.isolationMs) await verify()
    },
  }
}

/** Of this machine's own network, which is the engine's too unless the api runs in a container. Absent: not known. */
async function isFilterOff(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trim() === '0'
}
