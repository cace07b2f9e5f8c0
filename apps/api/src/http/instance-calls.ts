/**
 * What instances tell the platform. The AI proxy, which they reach, has checked whose token a call carries, and passes it
 * on to the private socket with the name of its instance.
 */
import { CALLER_HEADER, INSTANCE_API, type InstanceId, idSchema, NOTHING_HERE } from '@matrixos/shared'
import { Hono } from 'hono'
import { z } from 'zod'
import { AppError, toAppError } from '../errors.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Log } from '../log.ts'
import { isStorable } from './storable.ts'

/** By method and path below `INSTANCE_API`. Bodies are JSON, unchecked. */
export type InstanceCalls = Record<string, (instanceId: InstanceId, body: unknown) => Promise<object>>

export interface InstanceCallsOptions {
  calls: InstanceCalls
  isService: (headers: Headers) => boolean
  /** Of one instance, whatever it calls. */
  limit: Pick<AttemptLimit, 'take'>
  log: Log
}

const instanceId = idSchema('ins')

/** In the order in which they stand in `zod`'s issues: where, and what. */
function explained(error: unknown): AppError {
  if (!(error instanceof z.core.$ZodError)) return toAppError(error)
  const lines = error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
  return new AppError('invalid_input', lines.join(' ').slice(0, 500), { cause: error })
}

export function instanceCallRoutes({ calls, isService, limit, log }: InstanceCallsOptions): Hono {
  const routes = new Hono().basePath(INSTANCE_API)
  routes.all('/*', async (context) => {
    const { headers, method } = context.req.raw
    if (!isService(headers)) throw new AppError('forbidden', 'Only the platform itself can make this call.')
    const name = `${method} ${context.req.path.slice(INSTANCE_API.length)}`
    const call = Object.hasOwn(calls, name) ? calls[name] : undefined
    const caller = instanceId.safeParse(headers.get(CALLER_HEADER))
    if (!call || !caller.success) throw new AppError('not_found', NOTHING_HERE)
    await limit.take(caller.data)
    const body: unknown = method === 'GET' ? {} : await context.req.json().catch(() => undefined)
    if (!isStorable(body))
      throw new AppError('invalid_input', 'A text contains characters that cannot be stored.')
    return context.json(await call(caller.data, body))
  })
  routes.onError((error) => {
    const known = explained(error)
    if (known.httpStatus >= 500) log.error({ err: error }, 'a call of an instance failed')
    return Response.json(known.toBody(), { status: known.httpStatus })
  })
  return routes
}
