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
import type { HandOff } from './gate/hand-off.ts'
import { page, privatePage } from './gate/pages.ts'
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
  log: Log
}

const errorResponse = (error: AppError): Response => {
  const { status, headers, body } = errorAnswer(error)
  return new Response(body, { status, headers })
}

/** Calls in one request; the SPA sends ten at most. */
const MAX_BATCH = 10

/** The largest honest call of a browser is a new passkey with its attestation, some kilobytes. */
const BODY_BYTES = 128 * 1024

export const limitBody = (maxBytes: number) =>
  bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      const text = `This request is too large: ${maxBytes / 1024} kB at most.`
      return errorResponse(new AppError('invalid_input', text))
    },
  })

/** Answers `/trpc/*`; `contextOf` decides what the caller may be. */
export function trpcHandler(
  options: { router: AnyRouter; log: Log },
  contextOf: (info: RequestInfo) => Omit<Context, 'request'>,
) {
  return (request: Request): Promise<Response> =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: request,
      router: options.router,
      maxBatchSize: MAX_BATCH,
      createContext: ({ resHeaders }) => {
        const info = requestInfo(request.headers, (value) => resHeaders.append('set-cookie', value))
        return { request: info, ...contextOf(info) }
      },
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE')
          options.log.error({ err: error.cause ?? error, path }, 'a call failed')
      },
    })
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
  rt: z.string().min(1).max(4096),
  n: z.string().regex(/^[\w-]{43}$/),
})

export function createServer(options: ServerOptions): (request: Request) => Response | Promise<Response> {
  const { hosts, publicRouter, sessions, handOff, log } = options
  const app = new Hono()
  const api = new Hono()

  app.use(secureHeaders({ crossOriginOpenerPolicy: 'same-origin', referrerPolicy: 'no-referrer' }))
  app.use('/trpc/*', limitBody(BODY_BYTES))
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
        : page({ title: 'This computer could not be opened', text: known.message, link, nonce })
    return new Response(made.body, { status: known.httpStatus, headers: made.headers })
  })

  const forApi = trpcHandler({ router: publicRouter, log }, () => ({
    isService: false,
    session: async () => null,
  }))
  api.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin' }))
  api.use('/trpc/*', limitBody(BODY_BYTES))
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
