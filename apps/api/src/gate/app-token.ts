/** The cookie that says who is signed in on the host of an instance or of an app: signed, bound to that host, at most an hour old. */
import { type InstanceId, idSchema, type SessionId, scopesOf, type UserId } from '@matrixos/shared'
import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { SessionPrincipal } from '../access/principal.ts'
import type { Clock } from '../clock.ts'
import { COOKIES } from '../http/cookies.ts'
import { deriveKey } from '../keys.ts'

/** What a ticket binds together: whose session, and at which instance. `handle`: the viewer's own. */
export interface Grant {
  userId: UserId
  sessionId: SessionId
  instanceId: InstanceId
  handle: string
  /** The app at whose host it is; `null`: at the instance's own. */
  app: string | null
}

/** Somebody who was handed off to this host, and to no other. */
export type Viewer = SessionPrincipal & Pick<Grant, 'instanceId' | 'app'>

const claimsSchema = z.object({
  sub: idSchema('usr'),
  sid: idSchema('ses'),
  ins: idSchema('ins'),
  hdl: z.string(),
  app: z.string().nullable().default(null),
  exp: z.number(),
})

export type AppTokens = ReturnType<typeof createAppTokens>

export function createAppTokens({ platformSecret, clock }: { platformSecret: string; clock: Clock }) {
  const key = Buffer.from(deriveKey(platformSecret, 'app-token'), 'base64url')
  // A page asks for many files with one cookie: its signature is checked once.
  const verified = new LRUCache<string, { viewer: Viewer; expiresAt: number }>({ max: 5_000 })

  return {
    issue: (grant: Grant, host: string): Promise<string> =>
      new SignJWT({ sid: grant.sessionId, ins: grant.instanceId, hdl: grant.handle, app: grant.app })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(grant.userId)
        .setAudience(host)
        .setExpirationTime(new Date(clock.now() + COOKIES.app.maxAge * 1000))
        .sign(key),

    /** `null`: absent, forged, expired, or made for another host. */
    async verify(token: string | undefined, host: string): Promise<Viewer | null> {
      if (!token) return null
      const id = `${host} ${token}`
      const known = verified.get(id)
      if (known) return known.expiresAt > clock.now() ? known.viewer : null
      const currentDate = new Date(clock.now())
      const read = await jwtVerify(token, key, { audience: host, algorithms: ['HS256'], currentDate }).catch(
        () => null,
      )
      const claims = claimsSchema.safeParse(read?.payload)
      if (!claims.success) return null
      const { sub: userId, sid: sessionId, ins: instanceId, hdl: handle, app, exp } = claims.data
      // On an instance's host nobody is an administrator.
      const person = { userId, handle, role: 'member' as const, scopes: scopesOf('member'), provedAt: null }
      const viewer: Viewer = { how: 'session', sessionId, instanceId, app, ...person }
      verified.set(id, { viewer, expiresAt: exp * 1000 })
      return viewer
    },
  }
}
