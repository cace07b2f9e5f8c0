/** The proxy's listener: who asks, for what, and on whose key. Nothing of a framework is in the path. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AiProvider } from '@matrixos/shared'
import { INSTANCE_API, newId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Caller, CallId, Ledger } from '../../ports/ledger.ts'
import type { CallerOf } from './callers.ts'
import { budgetAnswer } from './credit-headers.ts'
import { booksUnavailable, ProxyError, tooLarge } from './errors.ts'
import { pathOf, type Route } from './exchange.ts'
import type { Format } from './formats/format.ts'
import { type FreeDeps, serveFree, type TakeFree } from './free.ts'
import { type MeteredDeps, serveMetered } from './metered.ts'
import type { Parsing } from './parsing.ts'
import { PLATFORM_CALL_BYTES, type PlatformCalls } from './platform-calls.ts'
import type { Spool } from './spool.ts'
import type { AllowanceOf, OpenKey, ProviderUpstreams } from './types.ts'

export interface ListenerDeps {
  formats: readonly [Format, ...Format[]]
  upstreams: Partial<Record<AiProvider, ProviderUpstreams>>
  callerOf: CallerOf
  allowanceOf: AllowanceOf
  ledger: Pick<Ledger, 'budgetOf'>
  openKey: OpenKey
  spool: Spool
  takeFree: TakeFree
  parsing: Parsing
  metered: MeteredDeps
  free: FreeDeps
  /** What instances tell the platform goes on there; without it, nothing does. */
  tellPlatform?: PlatformCalls
  clock: Clock
  log: Log
}

export function createProxyListener(deps: ListenerDeps): RequestListener {
  const underWay = new Map<string, number>()
  return (request, response) => {
    const id = newId('aic', deps.clock)
    // Handled where bytes are read and written; without a listener it would end the process.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    const format = formatOf(deps.formats, request)
    answer(deps, underWay, { id, request, response, format }).catch((error: unknown) => {
      if (!(error instanceof ProxyError)) deps.log.error({ err: error, call: id }, 'a request failed')
      else if (error.cause) deps.log.warn({ err: error.cause, call: id }, error.message)
      const told =
        error instanceof ProxyError
          ? error
          : new ProxyError('api_error', 'Something failed. Try again shortly.')
      refuse(request, response, told.retryAfterS, format.renderError(told, id))
    })
  }
}

/**
 * By the path; where several have it, as `/v1/models`, or none, by the headers. Whoever sends none that tell is answered
 * in the first.
 */
function formatOf(formats: ListenerDeps['formats'], request: IncomingMessage): Format {
  const method = request.method ?? 'GET'
  const path = pathOf(request)
  const having = formats.filter((format) => format.routeOf(method, path) !== null)
  const candidates = having.length > 0 ? having : formats
  return candidates.find(({ isSpokenIn }) => isSpokenIn(request.headers)) ?? candidates[0] ?? formats[0]
}

interface Asked {
  id: CallId
  request: IncomingMessage
  response: ServerResponse
  format: Format
}

async function answer(deps: ListenerDeps, underWay: Map<string, number>, asked: Asked): Promise<void> {
  const { request, response } = asked
  const method = request.method ?? 'GET'
  const path = pathOf(request)
  if ((method === 'GET' || method === 'HEAD') && (path === '/' || path === '/health'))
    return sendJson(response, { status: 'ok' })
  const caller = await deps.callerOf(request.headers, request.socket.remoteAddress)
  const now = underWay.get(caller.instanceId) ?? 0
  if (now >= deps.metered.limits.requestsAtOnce)
    throw new ProxyError('rate_limit_error', 'Too many requests of this instance are under way.', {
      retryAfterS: 1,
    })
  underWay.set(caller.instanceId, now + 1)
  try {
    if (method === 'GET' && path === '/budget') return await sendBudget(deps, caller, response)
    if (path.startsWith(`${INSTANCE_API}/`)) return await tellPlatform(deps, asked, caller, { method, path })
    await passOn(deps, asked, caller, { method, path })
  } finally {
    const left = (underWay.get(caller.instanceId) ?? 1) - 1
    if (left > 0) underWay.set(caller.instanceId, left)
    else underWay.delete(caller.instanceId)
  }
}

interface Place {
  method: string
  path: string
}

/** No AI call: what an instance has to say to the platform itself. */
async function tellPlatform(deps: ListenerDeps, asked: Asked, caller: Caller, place: Place): Promise<void> {
  if (!deps.tellPlatform) throw new ProxyError('not_found_error', 'There is nothing at this address.')
  await deps.takeFree(caller.userId)
  if (Number(asked.request.headers['content-length'] ?? 0) > PLATFORM_CALL_BYTES)
    throw tooLarge(PLATFORM_CALL_BYTES)
  const { body, release } = await deps.spool(asked.request, caller.instanceId)
  try {
    if (body.length > PLATFORM_CALL_BYTES) throw tooLarge(PLATFORM_CALL_BYTES)
    const answer = await deps.tellPlatform({ ...place, instanceId: caller.instanceId, body })
    asked.response.writeHead(answer.status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    asked.response.end(answer.body)
  } finally {
    release()
  }
}

async function passOn(
  deps: ListenerDeps,
  asked: Asked,
  caller: Caller,
  { method, path }: Place,
): Promise<void> {
  const { format } = asked
  const kind = format.routeOf(method, path)
  if (kind === null)
    throw new ProxyError('permission_error', `${method} ${path.slice(0, 200)} is not available here.`)
  const route = await routeOf(deps, caller, format)
  if (kind === 'own-key' && route.payer !== 'own')
    throw new ProxyError(
      'permission_error',
      `${path.slice(0, 200)} needs a key of your own: the platform's is shared, and others would see what you put there.`,
    )
  if (kind === 'metered') await deps.parsing.check(caller.instanceId)
  else await deps.takeFree(caller.userId)
  if ((asked.request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new ProxyError('invalid_request_error', 'Send the request without content-encoding.')
  const { body, release } = await deps.spool(asked.request, caller.instanceId)
  try {
    const incoming = { ...asked, caller, route, body }
    if (kind !== 'metered') return await serveFree(deps.free, incoming)
    await deps.parsing.take(caller.instanceId, body)
    await serveMetered(deps.metered, incoming, deps.allowanceOf(caller.plan))
  } finally {
    release()
  }
}

/** A key of one's own goes before the platform's. */
async function routeOf(
  { upstreams, openKey }: ListenerDeps,
  caller: Caller,
  { provider }: Format,
): Promise<Route> {
  const provided = upstreams[provider]
  const sealed = caller.ownKeys[provider]
  if (sealed && provided) {
    const key = await openKey(sealed, caller.userId).catch((error: unknown) => {
      throw new ProxyError('api_error', 'Your own key cannot be read. Remove it, and set it anew.', {
        cause: error,
      })
    })
    return { payer: 'own', upstream: provided.own, key }
  }
  if (!provided?.platform)
    throw new ProxyError(
      'permission_error',
      'This platform has no key for this provider. Set one of your own.',
    )
  return { payer: 'platform', ...provided.platform }
}

async function sendBudget(deps: ListenerDeps, caller: Caller, response: ServerResponse): Promise<void> {
  await deps.takeFree(caller.userId)
  const budget = await deps.ledger
    .budgetOf(caller.userId, deps.allowanceOf(caller.plan))
    .catch((error: unknown) => {
      throw booksUnavailable(error)
    })
  sendJson(response, budgetAnswer(budget))
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  retryAfterS: number | null,
  { status, body }: ReturnType<Format['renderError']>,
): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(retryAfterS !== null && { 'retry-after': String(retryAfterS) }),
    // What is left of its body is not read.
    ...(!request.complete && { connection: 'close' }),
  })
  response.end(body)
}
