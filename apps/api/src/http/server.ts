/** The api's public HTTP side: `app.DOMAIN` with the session's cookies, `api.DOMAIN` with bearer tokens alone. */

import type { Hosts } from '@matrixos/shared'
import { CHANNELS_PATH, NOTHING_HERE } from '@matrixos/shared'
import type { AnyRouter } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import type { Principal } from '../access/principal.ts'
import { AppError, toAppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { errorAnswer } from './error-response.ts'
import type { EventStreams } from './event-streams.ts'
import { RATE_LIMIT_HEADERS } from './openapi/counted.ts'
import { problemResponse } from './openapi/problem.ts'
import { type RequestInfo, requestInfo } from './request.ts'
import type { Context } from './trpc.ts'

export interface ServerOptions {
  hosts: Hosts
  now: () => number
  changes: Context['changes']
  router: AnyRouter
  /** Of `api.DOMAIN`. */
  apiRouter: AnyRouter
  /** Whoever the cookies of `app.DOMAIN` stand for. */
  principalOf: (headers: Headers) => Promise<Principal | null>
  /** Whoever the token that a request to `api.DOMAIN` carries stands for. */
  tokenPrincipalOf: (request: RequestInfo) => Promise<Principal | null>
  /** Further routes of `app.DOMAIN`. */
  routes: readonly Hono[]
  /** Further routes of `api.DOMAIN`, for anyone. */
  apiRoutes: readonly Hono[]
  /** `/device/*` of `api.DOMAIN`. */
  device: Hono
  /** What the procedures of `apiRouter` offer over plain HTTP there. */
  endpoints: Hono
  /** `/channels/*` there: what services deliver. They bring a proof of their own. */
  webhooks: Hono
  /** All of `matrix.DOMAIN` that is not the homeserver's own; `null`: there is none. */
  matrixRoutes: Hono | null
  streams: EventStreams
  log: Log
  /** Calls in one request; the SPA sends ten at most. */
  callsPerBatch: number
  bodyBytes: number
}

const errorResponse = (error: AppError): Response => {
  const { status, headers, body } = errorAnswer(error)
  return new Response(body, { status, headers })
}

const limitBody = (maxBytes: number, answer = errorResponse) =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      const text = `This request is too large: ${Math.floor(maxBytes / 1024)} kB at most.`
      return answer(new AppError('invalid_input', text))
    },
  })

/** Answers `/trpc/*`; `contextOf` decides what the caller may be. Without `streams`, subscriptions have no end. */
function trpcHandler(
  options: Pick<ServerOptions, 'router' | 'now' | 'changes' | 'log' | 'callsPerBatch'> & {
    streams?: EventStreams
  },
  contextOf: (info: RequestInfo) => Pick<Context, 'principal'>,
) {
  const { streams, now, changes } = options
  const answer = (request: Request): Promise<Response> =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: request,
      router: options.router,
      maxBatchSize: options.callsPerBatch,
      createContext: ({ resHeaders }) => {
        const info = requestInfo(request.headers, (value) => resHeaders.append('set-cookie', value))
        return { request: info, now, changes, ...contextOf(info) }
      },
      responseMeta: ({ errors }) => {
        const waits = errors.map(({ cause }) => (cause instanceof AppError ? (cause.retryAfterS ?? 0) : 0))
        const longestS = Math.max(0, ...waits)
        return longestS > 0 ? { headers: new Headers({ 'retry-after': String(longestS) }) } : {}
      },
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE')
          options.log.error({ err: error.cause ?? error, path }, 'call failed')
      },
    })
  return (request: Request): Promise<Response> =>
    streams && request.method === 'GET' ? streams.limit(request, answer) : answer(request)
}

/**
 * What may call `app.DOMAIN/trpc`: the app itself. Instances are same-site, so cookies alone prove nothing; JSON and
 * a header of our own need a preflight that is never granted.
 */
function checkCaller(request: Request, hosts: Hosts): void {
  const { headers, method } = request
  const refused = (message: string) => new AppError('origin_refused', message)
  const origin = headers.get('origin')
  if (method !== 'GET' || origin !== null) {
    if (origin !== hosts.appOrigin)
      throw refused(`This address only accepts requests from pages on ${hosts.appOrigin}.`)
  }
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin')
    throw refused(`This address only accepts requests from pages on ${hosts.appOrigin}.`)
  const isStream = method === 'GET' && headers.get('accept')?.includes('text/event-stream')
  if (!isStream && headers.get('x-mos') !== '1') throw refused('The header x-mos: 1 is missing.')
  if (method !== 'GET' && !headers.get('content-type')?.startsWith('application/json')) {
    throw new AppError('invalid_input', 'Send JSON (content-type: application/json).')
  }
}

/** Any page may call `api.DOMAIN`: no browser adds anything by itself that would count there. */
const OPEN_TO_ALL = {
  origin: '*',
  allowHeaders: ['authorization', 'content-type', 'if-none-match', 'x-mos'],
  exposeHeaders: ['etag', 'link', 'retry-after', 'www-authenticate', ...RATE_LIMIT_HEADERS],
  maxAge: 86_400,
}

/** On `api.DOMAIN` cookies mean nothing, so nothing behind it sees one. */
function withoutCookies(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.delete('cookie')
  return new Request(request, { headers })
}

/** RFC 6750, section 3: whoever is not let in learns how to ask. */
function challenge(response: Response): Response {
  if (response.status !== 401) return response
  const headers = new Headers(response.headers)
  headers.set('www-authenticate', 'Bearer')
  return new Response(response.body, { status: response.status, headers })
}

/** Answers are for whoever asked, and some show a secret for the only time. */
const neverStored: MiddlewareHandler = async (context, next) => {
  await next()
  if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
}

export function createServer(options: ServerOptions): (request: Request) => Response | Promise<Response> {
  const { hosts, apiRouter, principalOf, tokenPrincipalOf, log } = options
  const app = new Hono()
  const api = new Hono()

  app.use(secureHeaders({ crossOriginOpenerPolicy: 'same-origin', referrerPolicy: 'no-referrer' }))
  app.use('/trpc/*', neverStored, limitBody(options.bodyBytes))
  app.use('/trpc/*', async (context, next) => {
    checkCaller(context.req.raw, hosts)
    await next()
  })
  const forApp = trpcHandler(options, ({ headers }) => {
    let found: ReturnType<typeof principalOf> | undefined
    return { principal: () => (found ??= principalOf(headers)) }
  })
  app.all('/trpc/*', (context) => forApp(context.req.raw))

  for (const routes of options.routes) app.route('/', routes)
  app.onError((error, context) => {
    const known = toAppError(error)
    if (known.httpStatus >= 500) log.error({ err: error, path: context.req.path }, 'request failed')
    return errorResponse(known)
  })

  const forApi = trpcHandler({ ...options, router: apiRouter }, (info) => {
    let found: ReturnType<typeof tokenPrincipalOf> | undefined
    return { principal: () => (found ??= tokenPrincipalOf(info)) }
  })
  api.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin' }))
  // Before the limits of calls, and of no page.
  api.use(`${CHANNELS_PATH}/*`, neverStored)
  api.route(CHANNELS_PATH, options.webhooks)
  api.use(cors(OPEN_TO_ALL))
  const limitForApi = limitBody(options.bodyBytes)
  const limitForEndpoints = limitBody(options.bodyBytes, problemResponse)
  api.use(neverStored, (context, next) =>
    (/^\/(trpc|device)(\/|$)/.test(context.req.path) ? limitForApi : limitForEndpoints)(context, next),
  )
  api.all('/trpc/*', async (context) => challenge(await forApi(withoutCookies(context.req.raw))))
  api.route('/device', options.device)
  for (const routes of options.apiRoutes) api.route('/', routes)
  api.route('/', options.endpoints)

  api.onError((error, context) => {
    const known = toAppError(error)
    if (known.httpStatus >= 500) log.error({ err: error, path: context.req.path }, 'request failed')
    return problemResponse(known)
  })

  const nothingHere = () => new AppError('not_found', NOTHING_HERE)
  const notFound = () => errorResponse(nothingHere())
  app.notFound(notFound)
  api.notFound(() => problemResponse(nothingHere()))
  return (request) => {
    const host = new URL(request.url).hostname.toLowerCase()
    if (host === hosts.app) return app.fetch(request)
    if (host === hosts.matrix && options.matrixRoutes) return options.matrixRoutes.fetch(request)
    return host === hosts.api ? api.fetch(request) : notFound()
  }
}

/** A report of what is in flight at every address of a large platform. */
const SERVICE_BODY_BYTES = 1024 * 1024

export interface ServiceServerOptions
  extends Pick<ServerOptions, 'router' | 'now' | 'changes' | 'log' | 'callsPerBatch'> {
  /** Whether the caller is one of the platform's own parts. */
  isService: (headers: Headers) => boolean
  /** Further routes, which ask it themselves. */
  routes?: readonly Hono[]
}

/**
 * `/trpc` on the private socket. The edge's subscription goes through no edge, and while it is away a command to close
 * streams is lost: it has no end.
 */
export function createServiceServer(
  options: ServiceServerOptions,
): (request: Request) => Response | Promise<Response> {
  const answer = trpcHandler(options, ({ headers }) => ({
    principal: async () => (options.isService(headers) ? { how: 'service' } : null),
  }))
  const app = new Hono().use(limitBody(SERVICE_BODY_BYTES))
  app.all('/trpc/*', (context) => answer(context.req.raw))
  for (const routes of options.routes ?? []) app.route('/', routes)
  return app.fetch
}
