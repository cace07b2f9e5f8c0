/** One call of the homeserver's client-server API, as the application service. */
import { fetch } from 'undici'
import { z } from 'zod'
import { HomeserverError } from '../../../ports/homeserver.ts'

export interface CallerOptions {
  /** Where it answers. */
  url: string
  /** What it knows the platform by. */
  asToken: string
  timeoutMs?: number
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT'
  /** Below `/_matrix/client/`. */
  path: string
  /** Whom the platform acts for. */
  as?: string
  /** In place of the platform's own. */
  token?: string
  body?: object
}

export interface Answer {
  status: number
  /** Of an error: what the specification calls it. */
  errcode: string | null
  body: unknown
}

const TIMEOUT_MS = 10_000
const matrixError = z.object({ errcode: z.string() })

export type Caller = (call: Call) => Promise<Answer>

/** Rejects with a HomeserverError when there is no answer, or one that says to come back. */
export function createCaller({ url, asToken, timeoutMs = TIMEOUT_MS }: CallerOptions): Caller {
  return async ({ method, path, as, token, body }) => {
    const address = new URL(`${url}/_matrix/client/${path}`)
    if (as !== undefined) address.searchParams.set('user_id', as)
    let answer: Answer
    try {
      const response = await fetch(address, {
        method,
        headers: {
          authorization: `Bearer ${token ?? asToken}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      const json: unknown = await response.json().catch(() => null)
      answer = {
        status: response.status,
        errcode: matrixError.safeParse(json).data?.errcode ?? null,
        body: json,
      }
    } catch (error) {
      throw new HomeserverError('away', 'The homeserver does not answer.', { cause: error })
    }
    if (answer.status >= 500 || answer.status === 429)
      throw new HomeserverError('away', `The homeserver answered ${answer.status}.`)
    return answer
  }
}

/** What it says when it refuses, without what it was asked: paths hold names, and bodies may hold tokens. */
export const refusal = (what: string, { status, errcode }: Answer): HomeserverError =>
  new HomeserverError(
    'refused',
    `The homeserver refused to ${what} (${status} ${errcode ?? 'without a code'}).`,
  )
