/** `app.DOMAIN/launch`: hands a signed-in browser over to an instance's host, or says why not. */
import { Hono } from 'hono'
import { z } from 'zod'
import type { Sessions } from '../auth/sessions/service.ts'
import { AppError, toAppError } from '../errors.ts'
import { errorAnswer } from '../http/error-response.ts'
import type { Log } from '../log.ts'
import type { HandOff } from './hand-off.ts'
import { page, privatePage, withRetry } from './pages.ts'

export interface LaunchOptions {
  sessions: Pick<Sessions, 'current'>
  handOff: Pick<HandOff, 'launch'>
  log: Log
}

const launchSchema = z.object({
  handle: z.string().max(64),
  rt: z.string().min(1),
  n: z.string().regex(/^[\w-]{43}$/),
})

export function createLaunchRoutes({ sessions, handOff, log }: LaunchOptions): Hono {
  const routes = new Hono()

  routes.get('/launch', async (context) => {
    const query = launchSchema.safeParse(context.req.query())
    if (!query.success)
      throw new AppError('invalid_input', 'This link is incomplete. Open your computer from the dashboard.')
    const principal = await sessions.current(context.req.raw.headers)
    context.header('cache-control', 'no-store')
    if (!principal) {
      const next = `/launch?${new URLSearchParams(query.data)}`
      return context.redirect(`/login?${new URLSearchParams({ next })}`, 302)
    }
    return context.redirect(await handOff.launch(principal, query.data), 303)
  })

  routes.onError((error, context) => {
    const known = toAppError(error)
    if (known.httpStatus >= 500) log.error({ err: error, path: context.req.path }, 'request failed')
    return refusalPage(known, context.req.query('handle'))
  })
  return routes
}

function refusalPage(error: AppError, handle: string | undefined): Response {
  const nonce = crypto.randomUUID()
  const link = { href: '/', text: 'Open the dashboard' }
  const made =
    error.code === 'forbidden' && handle
      ? privatePage({ handle, home: '/', nonce })
      : page({ title: 'This computer could not be opened', text: withRetry(error), link, nonce })
  const { 'retry-after': retryAfter } = errorAnswer(error).headers
  const headers = { ...made.headers, ...(retryAfter ? { 'retry-after': retryAfter } : {}) }
  return new Response(made.body, { status: error.httpStatus, headers })
}
