/** Readiness: an instance is ready when its own health endpoint says so. */
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { HEALTH_PATH, healthSchema } from '@matrixos/shared'
import type { InstanceAddress } from '../../ports/runtime.ts'

const FIRST_INTERVAL_MS = 10
const LONGEST_INTERVAL_MS = 250
/** A packet lost while the network came up is sent again only after a second: a new attempt is sooner there. */
const FIRST_ATTEMPT_TIMEOUT_MS = 250
const LONGEST_ATTEMPT_TIMEOUT_MS = 5_000
const LONGEST_BODY = 65_536

/** One attempt; any failure is `false`. */
export function isHealthy(
  address: InstanceAddress,
  { signal, timeoutMs = LONGEST_ATTEMPT_TIMEOUT_MS }: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: address.host,
        port: address.gatewayPort,
        path: HEALTH_PATH,
        agent: false,
        signal: AbortSignal.any([AbortSignal.timeout(Math.ceil(timeoutMs)), ...(signal ? [signal] : [])]),
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          body += chunk
          if (body.length > LONGEST_BODY) response.destroy()
        })
        response.on('end', () => resolve(response.statusCode === 200 && saysOk(body)))
        response.on('close', () => resolve(false))
      },
    )
    sent.on('error', () => resolve(false))
    sent.end()
  })
}

function saysOk(body: string): boolean {
  try {
    return healthSchema.safeParse(JSON.parse(body)).success
  } catch {
    return false
  }
}

/** Asks every 10 ms at first, more slowly later; `false` when `signal` aborts before an answer. */
export async function untilHealthy(address: InstanceAddress, signal: AbortSignal): Promise<boolean> {
  let interval = FIRST_INTERVAL_MS
  // On a busy machine an answer may take longer than the first attempts wait for it.
  let timeoutMs = FIRST_ATTEMPT_TIMEOUT_MS
  while (!signal.aborted) {
    if (await isHealthy(address, { signal, timeoutMs })) return true
    await delay(interval, undefined, { signal }).catch(() => undefined)
    interval = Math.min(interval * 1.15, LONGEST_INTERVAL_MS)
    timeoutMs = Math.min(timeoutMs * 1.1, LONGEST_ATTEMPT_TIMEOUT_MS)
  }
  return false
}
