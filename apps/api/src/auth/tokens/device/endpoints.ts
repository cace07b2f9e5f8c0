/** `api.DOMAIN/device/*`: what a device itself calls, in the form and with the error codes of RFC 8628 and RFC 6749. */
import { DEVICE_GRANT, type Hosts, SCOPES, type Scope, scopeSchema } from '@matrixos/shared'
import { Hono } from 'hono'
import { z } from 'zod'
import { toAppError } from '../../../errors.ts'
import { type RequestInfo, requestInfo } from '../../../http/request.ts'
import type { Log } from '../../../log.ts'
import type { DevicePoll, PollAnswer } from './poll.ts'
import type { DeviceLogins } from './service.ts'

export interface DeviceEndpointsOptions {
  deviceLogins: Pick<DeviceLogins, 'begin'>
  poll: DevicePoll
  hosts: Pick<Hosts, 'appOrigin'>
  log: Log
}

/** Shown to people beside what it may do: nothing that hides or turns letters around. */
const clientNameSchema = z
  .string()
  .regex(/^[\x20-\x7e]{1,64}$/)
  .regex(/\S/)
const pollSchema = z.object({ client_id: clientNameSchema, device_code: z.string().min(1).max(200) })

const POLL_TEXTS: Record<Exclude<PollAnswer['status'], 'granted'>, string> = {
  authorization_pending: 'Nobody has approved this device yet.',
  slow_down: 'Wait five seconds longer between two requests from now on.',
  access_denied: 'This device was refused.',
  expired_token: 'The code has expired. Start again.',
  invalid_grant: 'This device code is wrong or was used before.',
}

class OAuthError extends Error {
  readonly error: string
  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }
}

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' }
const json = (body: Record<string, unknown>, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers: { ...NO_STORE, ...headers } })

/** RFC 6749, section 3.2: no parameter more than once; an empty one counts as absent. */
async function formOf(request: Request): Promise<Record<string, string>> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    throw new OAuthError('invalid_request', 'Send a form (content-type: application/x-www-form-urlencoded).')
  const form = new URLSearchParams(await request.text())
  for (const name of new Set(form.keys())) {
    if (form.getAll(name).length > 1) throw new OAuthError('invalid_request', `${name} is there twice.`)
  }
  return Object.fromEntries([...form].filter(([, value]) => value !== ''))
}

function scopesOf(text: string | undefined): Scope[] {
  const names = (text ?? '').split(' ').filter(Boolean)
  const scopes = z
    .array(scopeSchema)
    .min(1)
    .safeParse([...new Set(names)])
  if (!scopes.success)
    throw new OAuthError('invalid_scope', `scope: one or more of ${SCOPES.join(', ')}, with spaces between.`)
  return scopes.data
}

const NAME_TEXT = 'client_id: the name of your program, up to 64 letters, digits and signs of ASCII.'

export function createDeviceEndpoints({ deviceLogins, poll, hosts, log }: DeviceEndpointsOptions): Hono {
  const routes = new Hono()
  const infoOf = (request: Request): RequestInfo => requestInfo(request.headers, () => undefined)

  routes.post('/code', async ({ req }) => {
    const form = await formOf(req.raw)
    const clientName = clientNameSchema.safeParse(form.client_id)
    if (!clientName.success) throw new OAuthError('invalid_request', NAME_TEXT)
    const ask = { clientName: clientName.data, scopes: scopesOf(form.scope) }
    const begun = await deviceLogins.begin(infoOf(req.raw), ask)
    const uri = `${hosts.appOrigin}/device`
    return json({
      device_code: begun.deviceCode,
      user_code: begun.userCode,
      verification_uri: uri,
      verification_uri_complete: `${uri}?${new URLSearchParams({ code: begun.userCode })}`,
      expires_in: begun.expiresInS,
      interval: begun.intervalS,
    })
  })

  routes.post('/token', async ({ req }) => {
    const form = await formOf(req.raw)
    if (form.grant_type === undefined) throw new OAuthError('invalid_request', 'grant_type is missing.')
    if (form.grant_type !== DEVICE_GRANT)
      throw new OAuthError('unsupported_grant_type', `The only grant_type is ${DEVICE_GRANT}.`)
    const sent = pollSchema.safeParse(form)
    if (!sent.success) throw new OAuthError('invalid_request', 'Send client_id and device_code.')
    const { client_id: clientName, device_code: deviceCode } = sent.data
    const answer = await poll(infoOf(req.raw), { deviceCode, clientName })
    if (answer.status !== 'granted') throw new OAuthError(answer.status, POLL_TEXTS[answer.status])
    const { token, scopes, expiresInS } = answer
    const grant = { access_token: token, token_type: 'Bearer', expires_in: expiresInS }
    return json({ ...grant, scope: scopes.join(' ') })
  })

  routes.onError((error, { req }) => {
    if (error instanceof OAuthError)
      return json({ error: error.error, error_description: error.message }, 400)
    const known = toAppError(error)
    if (known.httpStatus >= 500) log.error({ err: error, path: req.path }, 'request failed')
    const { retryAfterS } = known
    const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
    // Devices know no other word for it: they wait longer and go on.
    const code = known.code === 'too_many_requests' ? 'slow_down' : 'temporarily_unavailable'
    return json({ error: code, error_description: known.message }, known.httpStatus, headers)
  })
  return routes
}
