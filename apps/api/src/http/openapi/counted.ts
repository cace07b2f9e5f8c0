/** Counts requests of a network, and tells each how many are left (`RateLimit`, draft-ietf-httpapi-ratelimit-headers-10). */
import type { MiddlewareHandler } from 'hono'
import type { ShownLimit } from '../../limits/shown-limit.ts'
import { networkOf } from '../network.ts'
import { clientAddress } from '../request.ts'
import { problemResponse } from './problem.ts'

export const RATE_LIMIT_HEADERS = ['ratelimit', 'ratelimit-policy'] as const

export const counted =
  (requests: ShownLimit): MiddlewareHandler =>
  async (context, next) => {
    const address = clientAddress(context.req.header('x-forwarded-for') ?? null)
    const { most, seconds, left, resetS, refusal } = await requests.take(networkOf(address))
    if (refusal) context.res = problemResponse(refusal)
    else await next()
    context.res.headers.set('ratelimit-policy', `"network";q=${most};w=${seconds}`)
    context.res.headers.set('ratelimit', `"network";r=${left};t=${resetS}`)
  }
