/** What instances tell the platform: passed on to the api's private socket, with the name of whose token it was. */
import { CALLER_HEADER, INSTANCE_API, type InstanceId } from '@matrixos/shared'
import { Agent, request } from 'undici'
import { ProxyError } from './errors.ts'

const TIMEOUT_MS = 15_000
/** Of both ways: lists of a few channels and schedules. */
export const PLATFORM_CALL_BYTES = 65_536

/**
 * Whole names only. The call goes on with the service token, which everything on that socket obeys, and whoever reads a path
 * as a URL takes dots and backslashes out of it, in any spelling: `/instance/../trpc/…` would be a call of the platform's own.
 */
const CALL_PATH = new RegExp(`^${INSTANCE_API}(?:/[a-z]+)+$`)

export interface PlatformCall {
  instanceId: InstanceId
  method: string
  path: string
  body: Buffer
}

export interface PlatformAnswer {
  status: number
  body: string
}

/** Throws a ProxyError for what is no such call, and when there is no answer. */
export type PlatformCalls = (call: PlatformCall) => Promise<PlatformAnswer>

export interface PlatformCallsOptions {
  serviceSocket: string
  token: string
}

export function createPlatformCalls({ serviceSocket, token }: PlatformCallsOptions) {
  const dispatcher = new Agent({
    connect: { socketPath: serviceSocket },
    ...{ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS },
  })
  const send: PlatformCalls = async ({ instanceId, method, path, body }) => {
    if (!CALL_PATH.test(path)) throw new ProxyError('not_found_error', 'There is nothing at this address.')
    try {
      const answer = await request(`http://service${path}`, {
        dispatcher,
        method: method === 'PUT' ? 'PUT' : method === 'POST' ? 'POST' : 'GET',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          [CALLER_HEADER]: instanceId,
        },
        ...(body.length > 0 && { body }),
      })
      return { status: answer.statusCode, body: await answer.body.text() }
    } catch (error) {
      throw new ProxyError('api_error', 'The platform does not answer. Try again shortly.', {
        ...{ retryAfterS: 5, cause: error },
      })
    }
  }
  return { send, close: (): Promise<void> => dispatcher.destroy() }
}
