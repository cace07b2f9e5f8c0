/**
 * Where people's own clients sign in: the token that was made in the settings is their password. The homeserver has no
 * passwords, and lets the platform alone sign accounts in, so the platform answers for it, in its words.
 */
import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { networkOf } from '../http/network.ts'
import { requestInfo } from '../http/request.ts'
import { isStorable } from '../http/storable.ts'
import { sha256 } from '../keys.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Log } from '../log.ts'
import { type Homeserver, HomeserverError } from '../ports/homeserver.ts'
import type { Seal } from '../seal.ts'
import { tokenIn } from './end-device.ts'
import type { LoginRow, LoginStore } from './logins-store.ts'

const PASSWORD = 'm.login.password'
const BODY_BYTES = 16 * 1024
const PATH = '/_matrix/client/:version{r0|v1|v3}/login'
const RETRY_S = 30

/** The database is asked for it. */
const name = z.string().max(255).refine(isStorable)

const asked = z.object({
  type: z.literal(PASSWORD),
  password: z.string().max(1024),
  /** Clients of before 2018 send no identifier. */
  user: name.optional(),
  identifier: z.object({ type: z.literal('m.id.user'), user: name }).optional(),
  device_id: z.string().max(255).optional(),
})
type Asked = z.infer<typeof asked>

export interface PasswordLoginOptions {
  homeserver: Pick<Homeserver, 'serverName' | 'hasKeys'>
  store: Pick<LoginStore, 'ofAccount'>
  open: Seal['open']
  limits: { perNetwork: AttemptLimit; perAccount: AttemptLimit }
  log: Log
}

const refused = (status: number, errcode: string, error: string, more: object = {}): Response =>
  Response.json({ errcode, error, ...more }, { status })

function createSignIn({ homeserver, store, open, limits }: PasswordLoginOptions) {
  /** Their name before the colon; `null` for whoever is at another homeserver. */
  function localpartOf(user: string): string | null {
    if (!user.startsWith('@')) return user.toLowerCase()
    const at = user.indexOf(':')
    return user.slice(at + 1).toLowerCase() === homeserver.serverName ? user.slice(1, at).toLowerCase() : null
  }

  async function find(localpart: string, password: string): Promise<LoginRow | undefined> {
    const given = Buffer.from(sha256(password))
    const rows = await store.ofAccount(localpart)
    return rows.find((row) => {
      const token = tokenIn(open, row, row.deviceId)
      return token !== null && timingSafeEqual(Buffer.from(sha256(token)), given)
    })
  }

  return async ({ password, user, identifier, device_id }: Asked, network: string): Promise<Response> => {
    const localpart = localpartOf(identifier?.user ?? user ?? '')
    await limits.perNetwork.take(network)
    // With the network in it, strangers keep nobody out.
    await limits.perAccount.take(`matrix ${localpart} ${network}`)
    const login = localpart === null ? undefined : await find(localpart, password)
    if (localpart === null || !login)
      return refused(403, 'M_FORBIDDEN', 'Use a token from your settings as the password.')
    const isTaken = device_id !== login.deviceId && (await homeserver.hasKeys(localpart, login.deviceId))
    if (isTaken)
      return refused(
        403,
        'M_FORBIDDEN',
        'Another client uses this token. Make one for each, in your settings.',
      )
    const userId = `@${localpart}:${homeserver.serverName}`
    return Response.json({ user_id: userId, access_token: password, device_id: login.deviceId })
  }
}

export function createPasswordLogin(options: PasswordLoginOptions): Hono {
  const signIn = createSignIn(options)
  return new Hono()
    .use(PATH, cors({ origin: '*', allowHeaders: ['X-Requested-With', 'Content-Type', 'Authorization'] }))
    .use(PATH, async (context, next) => {
      await next()
      context.header('cache-control', 'no-store')
    })
    .get(PATH, (context) => context.json({ flows: [{ type: PASSWORD }] }))
    .post(
      PATH,
      bodyLimit({ maxSize: BODY_BYTES, onError: () => refused(413, 'M_TOO_LARGE', 'This is too large.') }),
      async (context) => {
        const body: unknown = await context.req.json().catch(() => undefined)
        if (body === undefined) return refused(400, 'M_NOT_JSON', 'This is not JSON.')
        const found = asked.safeParse(body)
        if (!found.success)
          return refused(400, 'M_UNKNOWN', `Only ${PASSWORD} with a user id is offered here.`)
        const { address } = requestInfo(context.req.raw.headers, () => undefined)
        return signIn(found.data, networkOf(address))
      },
    )
    .notFound(() => refused(404, 'M_UNRECOGNIZED', 'There is nothing here.'))
    .onError((error) => {
      if (error instanceof AppError && error.code === 'too_many_requests') {
        const retry_after_ms = (error.retryAfterS ?? RETRY_S) * 1000
        return refused(429, 'M_LIMIT_EXCEEDED', error.message, { retry_after_ms })
      }
      // Never what was sent: it holds a password.
      options.log.warn({ err: error }, 'a Matrix client could not sign in')
      const isAway = error instanceof HomeserverError && error.kind === 'away'
      return isAway
        ? refused(503, 'M_UNKNOWN', 'The homeserver does not answer. Try again in a moment.')
        : refused(500, 'M_UNKNOWN', 'Something went wrong here.')
    })
}
