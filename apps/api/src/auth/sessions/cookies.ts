/** The two cookies of a session: a seal that names it, and the refresh token that renews both. */
import { idSchema, type SessionId } from '@matrixos/shared'
import { sealData, unsealData } from 'iron-session'
import { z } from 'zod'
import { COOKIES, readCookie, setCookie } from '../../http/cookies.ts'
import type { RequestInfo } from '../../http/request.ts'
import { deriveKey } from '../../keys.ts'
import { issue, parse } from './refresh-token.ts'

const sealSchema = z.object({ sid: idSchema('ses'), version: z.literal(1) })

export type SessionCookies = ReturnType<typeof createSessionCookies>

export function createSessionCookies(platformSecret: string) {
  const password = deriveKey(platformSecret, 'session-seal')
  const refreshKey = deriveKey(platformSecret, 'refresh-token')
  const cookieOf = (headers: Headers, key: 'session' | 'refresh') => readCookie(headers.get('cookie'), key)

  return {
    async write(request: RequestInfo, id: SessionId, refreshNumber: number): Promise<void> {
      const seal = await sealData({ sid: id, version: 1 }, { password, ttl: COOKIES.session.maxAge })
      request.setCookie(setCookie('session', seal))
      request.setCookie(setCookie('refresh', issue(refreshKey, id, refreshNumber)))
    },

    clear(request: RequestInfo): void {
      request.setCookie(setCookie('session', null))
      request.setCookie(setCookie('refresh', null))
    },

    /** The session that the seal names; `null` when it is absent, expired or tampered with. */
    async sessionId(headers: Headers): Promise<SessionId | null> {
      const seal = cookieOf(headers, 'session')
      if (!seal) return null
      // A seal that was tampered with opens as an empty object.
      const content = sealSchema.safeParse(await unsealData(seal, { password, ttl: COOKIES.session.maxAge }))
      return content.success ? content.data.sid : null
    },

    hasRefreshToken: (headers: Headers): boolean => cookieOf(headers, 'refresh') !== undefined,

    /** `null` when it is absent or not ours; whether it still counts, its session says. */
    refreshToken: (headers: Headers) => parse(refreshKey, cookieOf(headers, 'refresh') ?? ''),
  }
}
