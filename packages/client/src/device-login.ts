/** Signing a program in without a browser of its own (RFC 8628): it shows a code, a person approves it elsewhere. */
import { setTimeout as delay } from 'node:timers/promises'
import { DEVICE_GRANT, type Scope, scopeSchema } from '@matrixos/shared'
import { z } from 'zod'
import { type ApiFetch, apiFetch } from './api-fetch.ts'

export interface DeviceLoginOptions {
  /** The api's origin, e.g. `https://api.example.org`. */
  url: string
  /** What the person reads: who wants to be let in. */
  clientName: string
  scopes: readonly Scope[]
  /** Told once what to show the person. `completeUrl` has the code in it, for a link or a QR code. */
  onCode: (code: { userCode: string; url: string; completeUrl: string; expiresInS: number }) => void
  fetch?: ApiFetch
  signal?: AbortSignal
  /** Milliseconds; how tests make time pass. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

export interface DeviceGrant {
  token: string
  /** What the person's account could give of what was asked for. */
  scopes: Scope[]
  expiresInS: number
}

const codeSchema = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.url(),
  verification_uri_complete: z.url(),
  expires_in: z.number(),
  interval: z.number().default(5),
})
const grantSchema = z.object({ access_token: z.string(), expires_in: z.number(), scope: z.string() })
const errorSchema = z.object({ error: z.string(), error_description: z.string().default('') })

/** What RFC 8628, section 3.5, adds to the pause. */
const SLOW_DOWN_S = 5
const LONGEST_PAUSE_S = 60

/** The api refused. `code`: as in RFC 8628 and RFC 6749, such as `access_denied` or `expired_token`. */
export class DeviceLoginError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message || code)
    this.name = 'DeviceLoginError'
    this.code = code
  }
}

const pause = (ms: number, signal?: AbortSignal): Promise<void> => delay(ms, undefined, signal && { signal })

/** Resolves once somebody approved. Throws a DeviceLoginError when they refused, or nobody did in time. */
export async function deviceLogin(options: DeviceLoginOptions): Promise<DeviceGrant> {
  const { url, clientName, scopes, onCode, signal, wait = pause } = options
  const fetch = options.fetch ?? apiFetch
  const post = async (path: string, form: Record<string, string>) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(form).toString()
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers,
      body,
      ...(signal && { signal }),
    })
    const answer: unknown = await response.json()
    if (response.ok) return answer
    const { error, error_description: text } = errorSchema.parse(answer)
    throw new DeviceLoginError(error, text)
  }

  const asked = await post('/device/code', { client_id: clientName, scope: scopes.join(' ') })
  const code = codeSchema.parse(asked)
  onCode({
    userCode: code.user_code,
    url: code.verification_uri,
    completeUrl: code.verification_uri_complete,
    expiresInS: code.expires_in,
  })
  const form = { grant_type: DEVICE_GRANT, device_code: code.device_code, client_id: clientName }
  let pauseS = code.interval
  let leftS = code.expires_in
  for (;;) {
    await wait(pauseS * 1000, signal)
    leftS -= pauseS
    try {
      return read(await post('/device/token', form))
    } catch (error) {
      signal?.throwIfAborted()
      const next = nextPause(error, pauseS)
      if (next === null || leftS <= 0) throw error
      pauseS = next
    }
  }
}

function read(answer: unknown): DeviceGrant {
  const grant = grantSchema.parse(answer)
  const scopes = z.array(scopeSchema).parse(grant.scope.split(' '))
  return { token: grant.access_token, scopes, expiresInS: grant.expires_in }
}

/** `null`: the answer is final. Where no answer came, RFC 8628 wants the pauses to grow. */
function nextPause(error: unknown, pauseS: number): number | null {
  if (error instanceof z.ZodError) return null
  if (!(error instanceof DeviceLoginError)) return Math.min(pauseS * 2, LONGEST_PAUSE_S)
  if (error.code === 'authorization_pending') return pauseS
  const isBusy = error.code === 'slow_down' || error.code === 'temporarily_unavailable'
  return isBusy ? Math.min(pauseS + SLOW_DOWN_S, LONGEST_PAUSE_S) : null
}
