/** What the gate answers at the host of an app instead of the app: on its own, or to those who are not let in. */
import { APP_LAUNCH_PATH, type Hosts } from '@matrixos/shared'
import { setCookie } from '../http/cookies.ts'
import { sha256 } from '../keys.ts'
import { type CheckRequest, isFramed } from './check-request.ts'
import type { CheckResponse } from './check-response.ts'
import { knownNonce, returnPath } from './hand-off.ts'

export interface AppHandOffOptions {
  hosts: Hosts
  /** 43 characters of base64url. */
  nonce: () => string
}

/** The first step of the hand-off to an app's host: the instance's own host makes a ticket that fits this browser's nonce alone. */
export function toAppLaunch(
  check: CheckRequest,
  { handle, app }: { handle: string; app: string },
  { hosts, nonce }: AppHandOffOptions,
): CheckResponse {
  const secret = knownNonce(check.cookie) ?? nonce()
  const query = new URLSearchParams({ app, rt: returnPath(check.uri, 'app'), n: sha256(secret) })
  return {
    status: 302,
    headers: {
      location: `${hosts.instanceOrigin(handle)}${APP_LAUNCH_PATH}?${query}`,
      'set-cookie': setCookie('handOff', secret, { isFramed: isFramed(check) }),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  }
}
