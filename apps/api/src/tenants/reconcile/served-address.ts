/** Where an instance is served from: its gateway, and its shell where there is one. */
import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceAddress } from '../../ports/runtime.ts'
import { untilHealthy } from './probe.ts'

const INTERVAL_MS = 50
/** A machine that refuses says so at once; one that is busy accepts within this time. */
const CONNECT_TIMEOUT_MS = 1_000
const ATTEMPT_TIMEOUT_MS = 5_000

interface Place {
  host: string
  port: number
}

const isListening = ({ host, port }: Place): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS })
    const end = (outcome: boolean) => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })

/** Any answer will do: a shell has no health page of its own. */
const answers = ({ host, port }: Place, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)])
    const sent = request({ host, port, path: '/', agent: false, signal: limit }, (response) => {
      response.destroy()
      resolve(true)
    })
    sent.on('error', () => resolve(false))
    sent.end()
  })

/** As it is now, for a gateway that answers: a shell that nobody declared counts if something listens there. */
export async function servedAddress(address: InstanceAddress): Promise<InstanceAddress> {
  const { shellIsAssumed, ...served } = address
  if (!shellIsAssumed || served.shellPort === null) return served
  const found = await isListening({ host: served.host, port: served.shellPort })
  return found ? served : { ...served, shellPort: null }
}

/** Resolves when gateway and shell answer; `null` when `signal` aborts before. */
export async function untilReady(
  address: InstanceAddress,
  signal: AbortSignal,
): Promise<InstanceAddress | null> {
  if (!(await untilHealthy(address, signal))) return null
  const served = await servedAddress(address)
  const { host, gatewayPort, shellPort } = served
  if (shellPort === null || shellPort === gatewayPort) return served
  while (!signal.aborted) {
    if (await answers({ host, port: shellPort }, signal)) return served
    await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined)
  }
  return null
}
