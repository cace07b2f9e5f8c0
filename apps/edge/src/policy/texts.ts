/** What the edge itself says to clients; everything else comes from the platform or their instance. */
import { NOTHING_HERE } from '@matrixos/shared'

export const UNKNOWN_HOST = `${NOTHING_HERE}\n`
export const UNAVAILABLE = 'Temporarily unavailable. Please try again in a few seconds.\n'
export const MALFORMED = 'This request is malformed.\n'
export const BAD_PROXY =
  'The proxy in front of this platform sent an X-Forwarded-For header that does not end with an address.\n'
export const TOO_LARGE = 'This request is too large.\n'
export const TOO_LONG = 'The address or the headers of this request are too long.\n'
export const TOO_SLOW = 'The request took too long to arrive. Please try again.\n'
export const TOO_MANY = 'Your network has too many requests open here. Close some and try again.\n'
export const TOO_MANY_GUESTS =
  'Too many people are using this app right now. Please try again in a few seconds.\n'
export const BAD_ANSWER = 'This computer sent a response that cannot be passed on.\n'
/** Seconds, for `Retry-After`. */
export const RETRY_AFTER_S = 2
export const TEXT_PLAIN = 'text/plain; charset=utf-8'
