/** Readiness: an instance is ready when its own health endpoint says so. */
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { HEALTH_PATH, healthSchema } from '@matrixos/shared'
import type { InstanceAddress } from '../ports/runtime.ts'

const FIRST_INTERVAL_MS = 10
const LONGEST_INTERVAL_MS = 250
const ATTEMPT_TIMEOUT_MS = 2_000
const LONGEST_BODY = 65_536

/** One attempt; any failure is `false`. */
export function isHealthy(address: InstanceAddress, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: address.host,
        port: address.gatewayPort,
        path: HEALTH_PATH,
        agent: false,
        timeout: ATTEMPT_TIMEOUT_MS,
        signal,
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
    sent.on('timeout', () => sent.destroy())
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
  for (
    let interval = FIRST_INTERVAL_MS;
    !signal.aborted;
    interval = Math.min(interval * 1.15, LONGEST_INTERVAL_MS)
  ) {
    if (await isHealthy(address, signal)) return true
    await delay(interval, undefined, { signal }).catch(() => undefined)
  }
  return false
}
