/** `app.DOMAIN/publication-picture`: an owner's picture for link previews, which no tRPC call carries. */
import { PICTURE_BYTES, PUBLICATION_PICTURE_PATH, publishedAppSchema } from '@matrixos/shared'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Caller, SessionPrincipal } from '../access/principal.ts'
import { AppError } from '../errors.ts'
import { requestInfo } from '../http/request.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import { SIGNED_OUT } from '../texts.ts'
import { pictureHeaders } from './picture.ts'
import type { Pictures } from './pictures.ts'

export interface PictureRoutesOptions {
  pictures: Pictures
  appOrigin: string
  current: (headers: Headers) => Promise<SessionPrincipal | null>
  /** Changes of one session. */
  changes: Pick<AttemptLimit, 'take'>
}

const TOO_LARGE = `A picture can have ${PICTURE_BYTES / 1000} kB at most.`

export function createPictureRoutes({ pictures, appOrigin, current, changes }: PictureRoutesOptions): Hono {
  const routes = new Hono()

  async function caller({ headers }: Request): Promise<Caller & { principal: SessionPrincipal }> {
    const principal = await current(headers)
    if (!principal) throw new AppError('unauthorized', SIGNED_OUT)
    return { principal, request: requestInfo(headers, () => undefined) }
  }

  /** Instances are same-site: a change comes from the app's own pages, with a header that needs a preflight. */
  async function changer(request: Request): Promise<Caller> {
    if (request.headers.get('origin') !== appOrigin || request.headers.get('x-mos') !== '1')
      throw new AppError('origin_refused', `This address only accepts requests from pages on ${appOrigin}.`)
    const who = await caller(request)
    await changes.take(who.principal.sessionId)
    return who
  }

  function appOf({ req }: Context) {
    const read = publishedAppSchema.safeParse({ instanceId: req.query('instance'), app: req.query('app') })
    if (!read.success) throw new AppError('invalid_input', 'This is the address of no app.')
    return read.data
  }

  const limitBody = bodyLimit({
    maxSize: PICTURE_BYTES,
    onError: () => {
      throw new AppError('invalid_input', TOO_LARGE)
    },
  })

  routes.get(PUBLICATION_PICTURE_PATH, async (context) => {
    const picture = await pictures.of(await caller(context.req.raw), appOf(context))
    if (!picture) throw new AppError('not_found', 'This app has no picture.')
    const headers = { ...pictureHeaders(picture), 'cache-control': 'private, no-cache' }
    return new Response(new Uint8Array(picture.bytes), { headers })
  })
  routes.put(PUBLICATION_PICTURE_PATH, limitBody, async (context) => {
    const who = await changer(context.req.raw)
    const bytes = new Uint8Array(await context.req.arrayBuffer())
    return context.json({ version: await pictures.set(who, appOf(context), bytes) })
  })
  routes.delete(PUBLICATION_PICTURE_PATH, async (context) => {
    await pictures.remove(await changer(context.req.raw), appOf(context))
    return context.json({ version: null })
  })
  return routes
}
