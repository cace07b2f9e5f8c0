/** Pictures, which no tRPC call carries: one's own on `app.DOMAIN`, those that anyone is shown on `api.DOMAIN`. */
import {
  APP_PICTURES_PATH,
  AVATAR_BYTES,
  AVATARS_PATH,
  type InstanceId,
  NOTHING_HERE,
  OWN_AVATAR_PATH,
  type UserId,
} from '@matrixos/shared'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { isStorable } from '../../http/storable.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import { SIGNED_OUT } from '../../texts.ts'
import { avatarUrl } from '../listed.ts'
import type { SharedApps } from './apps.ts'
import { drawAvatar } from './draw-avatar.ts'
import type { Avatar, ProfileStore } from './store.ts'

export interface OwnAvatarOptions {
  store: Pick<ProfileStore, 'putAvatar'>
  appOrigin: string
  apiOrigin: string
  current: (headers: Headers) => Promise<SessionPrincipal | null>
  /** Pictures of one account: each is drawn, which takes a moment of a processor. */
  limit: Pick<AttemptLimit, 'take'>
  clock: Pick<Clock, 'now'>
}

interface Env {
  Variables: { caller: SessionPrincipal }
}

/** Pictures being sent, or waiting to be drawn, which is done one at a time: each is held in memory. */
const MOST_AT_ONCE = 20
const CROWDED = 'Another picture is still on its way.'
const RETRY_AFTER_S = 5

/** `PUT` and `DELETE /avatar`: each answers where the picture is now. */
export function createOwnAvatarRoutes(options: OwnAvatarOptions): Hono {
  const { store, appOrigin, apiOrigin, current, limit, clock } = options
  const routes = new Hono<Env>()

  /** Instances are same-site: a change comes from the app's own pages, with a header that needs a preflight. */
  async function changer({ headers }: Request): Promise<SessionPrincipal> {
    if (headers.get('origin') !== appOrigin || headers.get('x-mos') !== '1')
      throw new AppError('origin_refused', `This address only accepts requests from pages on ${appOrigin}.`)
    const principal = await current(headers)
    if (!principal) throw new AppError('unauthorized', SIGNED_OUT)
    await limit.take(principal.userId)
    return principal
  }

  async function put({ userId, handle }: SessionPrincipal, avatar: Avatar | null) {
    await store.putAvatar(userId, avatar, new Date(clock.now()))
    return { avatarUrl: avatarUrl(apiOrigin, { handle, avatarVersion: avatar?.version ?? null }) }
  }

  const limitBody = bodyLimit({
    maxSize: AVATAR_BYTES,
    onError: () => {
      throw new AppError('invalid_input', `A picture can have ${AVATAR_BYTES / 1_000_000} MB at most.`)
    },
  })
  const underWay = new Set<UserId>()
  /** Before anything of the picture is read; a person sends one at a time. */
  const enter: MiddlewareHandler<Env> = async (context, next) => {
    const caller = await changer(context.req.raw)
    if (underWay.size >= MOST_AT_ONCE || underWay.has(caller.userId))
      throw new AppError('too_many_requests', CROWDED, { retryAfterS: RETRY_AFTER_S })
    underWay.add(caller.userId)
    context.set('caller', caller)
    await next().finally(() => underWay.delete(caller.userId))
  }
  routes.put(OWN_AVATAR_PATH, enter, limitBody, async ({ req, json, var: { caller } }) =>
    json(await put(caller, await drawAvatar(new Uint8Array(await req.arrayBuffer())))),
  )
  routes.delete(OWN_AVATAR_PATH, async ({ req, json }) => json(await put(await changer(req.raw), null)))
  return new Hono().route('/', routes)
}

export interface PublicPicturesOptions {
  store: Pick<ProfileStore, 'avatarOf'>
  apps: Pick<SharedApps, 'instanceOf'>
  /** What link previews show of an app that anyone may open. */
  previewPicture: (
    instanceId: InstanceId,
    app: string,
  ) => Promise<{ headers: Record<string, string>; body: Uint8Array } | null>
}

/** Addresses name the version; who is suspended is gone for whoever asks anew. */
const KEPT = 'public, max-age=300'
const SAFE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
}

export function createPublicPictureRoutes({ store, apps, previewPicture }: PublicPicturesOptions): Hono {
  const routes = new Hono()
  const nothing = () => new AppError('not_found', NOTHING_HERE)
  /** What the database cannot hold names nobody. */
  function named(text: string): string {
    if (isStorable(text)) return text
    throw nothing()
  }

  routes.get(`${AVATARS_PATH}/:handle`, async ({ req, body }) => {
    const avatar = await store.avatarOf(named(req.param('handle')))
    if (!avatar) throw nothing()
    const etag = `"${avatar.version}"`
    const headers = { ...SAFE, etag, 'cache-control': KEPT, 'content-type': 'image/webp' }
    if (req.header('if-none-match') === etag) return body(null, 304, headers)
    return body(new Uint8Array(avatar.bytes), 200, headers)
  })
  routes.get(`${APP_PICTURES_PATH}/:handle/:app`, async ({ req, body }) => {
    const instanceId = await apps.instanceOf(named(req.param('handle')))
    const picture = instanceId && (await previewPicture(instanceId, named(req.param('app'))))
    if (!picture) throw nothing()
    return body(new Uint8Array(picture.body), 200, picture.headers)
  })
  return routes
}
