/** What the edge itself says to clients; all else they read comes from the platform or their instance. */

export const UNKNOWN_HOST = 'There is nothing at this address.\n'
export const UNAVAILABLE =
  'This is not available right now. It usually comes back within seconds: please try again.\n'
export const MALFORMED = 'This request is malformed.\n'
export const BAD_PROXY =
  'The proxy before this platform sent an X-Forwarded-For that does not end with an address.\n'
export const TOO_LARGE = 'This is more than the platform takes in one request.\n'
export const TOO_LONG = 'The address or the headers of this request are too long.\n'
export const TOO_SLOW = 'The request took too long to arrive. Please try again.\n'
export const TOO_MANY = 'Your network has too many requests open here. Please close some, and try again.\n'
export const BAD_ANSWER = 'This computer gave an answer that cannot be passed on.\n'
/** Seconds, for `Retry-After`. */
export const RETRY_AFTER_S = 2
export const TEXT_PLAIN = 'text/plain; charset=utf-8'
