/** Refuses requests that two servers in a row could interpret differently. */
import type { IncomingMessage } from 'node:http'
import type { Limits } from '../../policy/limits.ts'
import { MALFORMED } from '../../policy/texts.ts'
import { TOO_MANY_COOKIES, TOO_MANY_COOKIES_HEADERS } from '../../policy/too-many-cookies.ts'
import { hasBody } from './body.ts'
import { Refusal } from './refusal.ts'

/** Throws a Refusal. Node's parser has already refused what is not HTTP at all. */
export function refuseMalformed(request: IncomingMessage, webSocket: boolean): void {
  const { headers, headersDistinct, url = '' } = request
  const coding = headers['transfer-encoding']
  const malformed =
    // `http://other.host/…` and `*` name what no host here has.
    !url.startsWith('/') ||
    headersDistinct.host?.length !== 1 ||
    // Node takes the chunks apart, and no other coding.
    (coding !== undefined && coding.toLowerCase() !== 'chunked') ||
    // Nothing of it would be read: it would stay in the way of what comes after.
    (webSocket && hasBody(request))
  if (malformed) throw new Refusal(400, MALFORMED)
}

/** Throws a Refusal whose page clears the cookies. */
export function refuseManyCookies({ headers }: IncomingMessage, { cookieBytes }: Limits): void {
  if ((headers.cookie ?? '').length > cookieBytes)
    throw new Refusal(431, TOO_MANY_COOKIES, { headers: TOO_MANY_COOKIES_HEADERS })
}
