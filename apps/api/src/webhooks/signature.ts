/** Deliveries as Standard Webhooks has them signed (standardwebhooks.com), so that receivers use a library they have. */
import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

export const newSecret = (random: (bytes: number) => Uint8Array): string =>
  `${PREFIX}${Buffer.from(random(SECRET_BYTES)).toString('base64')}`

/** `nowS`: seconds since 1970. It is signed too: what somebody recorded is refused a few minutes later. */
export function signedHeaders(
  secret: string,
  { id, nowS, body }: { id: string; nowS: number; body: string },
) {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${nowS}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(nowS), 'webhook-signature': `v1,${mac}` }
}
