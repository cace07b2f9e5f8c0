/** What every domain may know of a request, whichever way it came in. */

export interface RequestInfo {
  headers: Headers
  /** The client's network address, as the edge saw it. */
  address: string
  userAgent: string
  /** Adds a `Set-Cookie` to the answer. */
  setCookie: (value: string) => void
}

/** The edge sets `X-Forwarded-For` anew, and only the edge reaches the api's sockets. */
export const clientAddress = (forwardedFor: string | null): string =>
  forwardedFor?.split(',', 1)[0]?.trim() || 'local'

export const requestInfo = (headers: Headers, setCookie: (value: string) => void): RequestInfo => ({
  headers,
  address: clientAddress(headers.get('x-forwarded-for')),
  userAgent: (headers.get('user-agent') ?? '').slice(0, 300),
  setCookie,
})
