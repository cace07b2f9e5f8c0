/** Push messages (RFC 8030) between a page, its computer, and the push service of its browser. */
import * as z from 'zod/mini'
import { isPublicHost } from './public-address.ts'

const LONGEST_ENDPOINT = 1_000
const base64url = (longest: number) => z.string().check(z.regex(/^[\w-]+={0,2}$/), z.maxLength(longest))

/** As the browser's `PushSubscription` says it. */
export const pushSubscription = z.object({
  endpoint: z.string().check(z.maxLength(LONGEST_ENDPOINT), z.refine(isPushService)),
  keys: z.object({ p256dh: base64url(200), auth: base64url(64) }),
})
export type PushSubscriber = z.infer<typeof pushSubscription>

export const pushEnd = z.object({ endpoint: z.string().check(z.maxLength(LONGEST_ENDPOINT)) })

export const pushFile = z.object({
  vapid: z.object({ publicKey: base64url(200), privateKey: base64url(100) }),
  subscribers: z.array(pushSubscription),
  /** The last threshold of the AI credits that was told, in percent. */
  toldAlert: z.nullable(z.literal([80, 100])),
})
export type PushFile = z.infer<typeof pushFile>

/** `GET /api/push`. */
export interface PushOffer {
  /** For `applicationServerKey`. */
  publicKey: string
}

/** What a notification says. `path`: where a click on it leads, on this computer. */
export interface PushMessage {
  title: string
  body: string
  /** A newer one of the same tag takes the place of the older. */
  tag: string
  path: string
}

/** Push services speak HTTPS on its own port; a user name in the address, or another port, is none of theirs. */
function isPushService(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, port, username, password, hostname } = new URL(endpoint)
  const isPlain = port === '' && username === '' && password === ''
  return protocol === 'https:' && isPlain && isPublicHost(hostname)
}
