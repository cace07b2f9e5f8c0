/** What a request may take, in both drivers. Answers may take as long, and be as large, as they like. */

export interface Limits {
  /** Milliseconds for a request's headers to arrive. */
  headersMs: number
  /** Milliseconds for the whole of a request to the platform itself; uploads to instances have none. */
  platformRequestMs: number
  /** Bytes of the body of a request to the platform itself. */
  platformBodyBytes: number
  /** Bytes of a request's cookies, to whatever host. Any page can set them for all of its registrable domain. */
  cookieBytes: number
}

export const LIMITS: Limits = {
  headersMs: 15_000,
  platformRequestMs: 30_000,
  platformBodyBytes: 1_048_576,
  cookieBytes: 524_288,
}
