/** The cookie that says who is signed in on an instance's host: signed, bound to that host, at most an hour old. */
import { type InstanceId, idSchema, type SessionId, type UserId } from '@matrixos/shared'
import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { COOKIES } from '../cookies.ts'
import { deriveKey } from '../keys.ts'

export interface Viewer {
  userId: UserId
  sessionId: SessionId
  instanceId: InstanceId
  /** The viewer's own handle, which the instance is told. */
  handle: string
}

const claimsSchema = z.object({
  sub: idSchema('usr'),
  sid: idSchema('ses'),
  ins: idSchema('ins'),
  hdl: z.string(),
  exp: z.number(),
})

export type AppTokens = ReturnType<typeof createAppTokens>

export function createAppTokens({ platformSecret, clock }: { platformSecret: string; clock: Clock }) {
  const key = Buffer.from(deriveKey(platformSecret, 'app-token'), 'base64url')
  // A page asks for many files with one cookie: its signature is checked once.
  const verified = new LRUCache<string, { viewer: Viewer; expiresAt: number }>({ max: 5_000 })

  return {
    issue: (viewer: Viewer, host: string): Promise<string> =>
      new SignJWT({ sid: viewer.sessionId, ins: viewer.instanceId, hdl: viewer.handle })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(viewer.userId)
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
      const { sub: userId, sid: sessionId, ins: instanceId, hdl: handle, exp } = claims.data
      const viewer = { userId, sessionId, instanceId, handle }
      verified.set(id, { viewer, expiresAt: exp * 1000 })
      return viewer
    },
  }
}
