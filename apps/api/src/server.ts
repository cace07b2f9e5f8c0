/** The api's public HTTP side: `app.DOMAIN` with the session's cookies, `api.DOMAIN` without any. */
import type { Hosts } from '@matrixos/shared'
import type { AnyRouter } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import { z } from 'zod'
import type { Sessions } from './auth/sessions.ts'
import { errorAnswer } from './error-response.ts'
import { AppError, toAppError } from './errors.ts'
import type { EventStreams } from './event-streams.ts'
import type { HandOff } from './gate/hand-off.ts'
import { page, privatePage, withRetry } from './gate/pages.ts'
import type { Log } from './log.ts'
import { type RequestInfo, requestInfo } from './request.ts'
import type { AppRouter } from './router.ts'
import type { Context } from './trpc.ts'

export interface ServerOptions {
  hosts: Hosts
  router: AppRouter
  /** What anyone may call, from anywhere: nothing in it reads or sets a cookie. */
  publicRouter: AnyRouter
  sessions: Sessions
  handOff: HandOff
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

export const limitBody = (maxBytes: number) =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      const text = `This request is too large: ${Math.floor(maxBytes / 1024)} kB at most.`
      return errorResponse(new AppError('invalid_input', text))
    },
  })

/** Answers `/trpc/*`; `contextOf` decides what the caller may be. Without `streams`, subscriptions have no end. */
export function trpcHandler(
  options: { router: AnyRouter; log: Log; callsPerBatch: number; streams?: EventStreams },
  contextOf: (info: RequestInfo) => Omit<Context, 'request'>,
) {
  const { streams } = options
  const answer = (request: Request): Promise<Response> =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: request,
      router: options.router,
      maxBatchSize: options.callsPerBatch,
      createContext: ({ resHeaders }) => {
        const info = requestInfo(request.headers, (value) => resHeaders.append('set-cookie', value))
        return { request: info, ...contextOf(info) }
      },
      responseMeta: ({ errors }) => {
        const waits = errors.map(({ cause }) => (cause instanceof AppError ? (cause.retryAfterS ?? 0) : 0))
        const longestS = Math.max(0, ...waits)
        return longestS > 0 ? { headers: new Headers({ 'retry-after': String(longestS) }) } : {}
      },
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE')
          options.log.error({ err: error.cause ?? error, path }, 'a call failed')
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
    if (origin !== hosts.appOrigin) throw refused(`This address answers pages of ${hosts.appOrigin} only.`)
  }
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin')
    throw refused(`This address answers pages of ${hosts.appOrigin} only.`)
  const isStream = method === 'GET' && headers.get('accept')?.includes('text/event-stream')
  if (!isStream && headers.get('x-mos') !== '1') throw refused('The header x-mos: 1 is missing.')
  if (method !== 'GET' && !headers.get('content-type')?.startsWith('application/json')) {
    throw new AppError('invalid_input', 'Send JSON (content-type: application/json).')
  }
}

const launchSchema = z.object({
  handle: z.string().max(64),
  rt: z.string().min(1),
  n: z.string().regex(/^[\w-]{43}$/),
})

export function createServer(options: ServerOptions): (request: Request) => Response | Promise<Response> {
  const { hosts, publicRouter, sessions, handOff, log } = options
  const app = new Hono()
  const api = new Hono()

  app.use(secureHeaders({ crossOriginOpenerPolicy: 'same-origin', referrerPolicy: 'no-referrer' }))
  app.use('/trpc/*', limitBody(options.bodyBytes))
  app.use('/trpc/*', async (context, next) => {
    checkCaller(context.req.raw, hosts)
    await next()
  })
  const forApp = trpcHandler(options, ({ headers }) => {
    let found: ReturnType<Sessions['current']> | undefined
    return { isService: false, session: () => (found ??= sessions.current(headers)) }
  })
  app.all('/trpc/*', (context) => forApp(context.req.raw))

  app.get('/launch', async (context) => {
    const query = launchSchema.safeParse(context.req.query())
    if (!query.success)
      throw new AppError('invalid_input', 'This link is incomplete. Open your computer from the dashboard.')
    const session = await sessions.current(context.req.raw.headers)
    context.header('cache-control', 'no-store')
    if (!session) {
      const next = `/launch?${new URLSearchParams(query.data)}`
      return context.redirect(`/login?${new URLSearchParams({ next })}`, 302)
    }
    return context.redirect(await handOff.launch(session, query.data), 303)
  })
  app.onError((error, context) => {
    const known = toAppError(error)
    if (known.httpStatus >= 500) log.error({ err: error, path: context.req.path }, 'a request failed')
    if (context.req.path !== '/launch') return errorResponse(known)
    const handle = context.req.query('handle')
    const nonce = crypto.randomUUID()
    const link = { href: '/', text: 'Open the dashboard' }
    const made =
      known.code === 'forbidden' && handle
        ? privatePage({ handle, home: '/', nonce })
        : page({ title: 'This computer could not be opened', text: withRetry(known), link, nonce })
    const { 'retry-after': retryAfter } = errorAnswer(known).headers
    const headers = { ...made.headers, ...(retryAfter ? { 'retry-after': retryAfter } : {}) }
    return new Response(made.body, { status: known.httpStatus, headers })
  })

  const forApi = trpcHandler({ ...options, router: publicRouter }, () => ({
    isService: false,
    session: async () => null,
  }))
  api.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin' }))
  api.use('/trpc/*', limitBody(options.bodyBytes))
  api.use(cors({ origin: '*', allowHeaders: ['authorization', 'content-type', 'x-mos'], maxAge: 86_400 }))
  api.all('/trpc/*', (context) => forApi(context.req.raw))

  const notFound = () => errorResponse(new AppError('not_found', 'There is nothing at this address.'))
  app.notFound(notFound)
  api.notFound(notFound)
  return (request) => {
    const host = new URL(request.url).hostname.toLowerCase()
    if (host === hosts.app) return app.fetch(request)
    return host === hosts.api ? api.fetch(request) : notFound()
  }
}
