/** The operator's webhook: told of every alert, signed, so that it knows who speaks and when. */
import { createHmac } from 'node:crypto'
import { formatUsd } from '@matrixos/shared'
import type { AlertRow } from './store.ts'

export interface WebhookOptions {
  url: string
  /** What it is signed with: `npm run admin -- webhook-secret` prints it. */
  secret: string
  /** Milliseconds since 1970. */
  now: () => number
  timeoutMs?: number
}

export type PostAlert = (alert: AlertRow, handle: string | null) => Promise<void>

const TIMEOUT_MS = 10_000

/** The same for every attempt: whoever was told twice knows it by this. */
export const alertId = ({ userId, round, threshold }: AlertRow): string => `${userId}.${round}.${threshold}`

/** `t`: seconds since 1970. `v1`: HMAC-SHA256 of `t.BODY`, hexadecimal. */
function signature(secret: string, seconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${mac}`
}

/** Rejects unless the answer is 2xx. */
export function createWebhook({ url, secret, now, timeoutMs = TIMEOUT_MS }: WebhookOptions): PostAlert {
  return async (alert, handle) => {
    const body = JSON.stringify({
      ...{ id: alertId(alert), type: 'credits.threshold_reached', at: alert.at.toISOString() },
      ...{ user_id: alert.userId, handle, threshold: alert.threshold, round: alert.round },
      ...{ spent_usd: formatUsd(alert.spent), limit_usd: formatUsd(alert.limit) },
    })
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Matrix-OS',
        'x-matrixos-signature': signature(secret, Math.floor(now() / 1000), body),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`The webhook answered with ${response.status}.`)
  }
}
