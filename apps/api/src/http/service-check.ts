/** Whose call it is on the private socket: the platform's parts share one token there. */
import { timingSafeEqual } from 'node:crypto'
import { CALLER_HEADER } from '@matrixos/shared'
import { sha256 } from '../keys.ts'

export interface ServiceCheck {
  /** One of the platform's own parts, for itself. */
  isService: (headers: Headers) => boolean
  /** One of them that passes on what an instance tells: it may do no more than that, whatever the address. */
  isInstanceCall: (headers: Headers) => boolean
}

/** Digests are compared, so that neither length nor content shows in the time it takes. */
export function createServiceCheck(token: string): ServiceCheck {
  const expected = Buffer.from(sha256(`Bearer ${token}`))
  const isKnown = (headers: Headers) =>
    timingSafeEqual(Buffer.from(sha256(headers.get('authorization') ?? '')), expected)
  return {
    isService: (headers) => !headers.has(CALLER_HEADER) && isKnown(headers),
    isInstanceCall: (headers) => headers.has(CALLER_HEADER) && isKnown(headers),
  }
}
