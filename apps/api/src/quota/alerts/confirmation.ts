/** The links that prove whose an address is: signed, for one person and one address, a day long. */
import { idSchema, type UserId } from '@matrixos/shared'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { deriveKey } from '../../keys.ts'

const LIFE_MS = 86_400_000
const AUDIENCE = 'alert-address'

const claimsSchema = z.object({ sub: idSchema('usr'), email: z.string() })

export type Confirmations = ReturnType<typeof createConfirmations>

export function createConfirmations({
  platformSecret,
  clock,
}: {
  platformSecret: string
  clock: Pick<Clock, 'now'>
}) {
  const key = Buffer.from(deriveKey(platformSecret, 'alert-address'), 'base64url')
  return {
    issue: (userId: UserId, email: string): Promise<string> =>
      new SignJWT({ email })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setAudience(AUDIENCE)
        .setExpirationTime(new Date(clock.now() + LIFE_MS))
        .sign(key),

    /** `null`: forged, or expired. */
    async read(secret: string): Promise<{ userId: UserId; email: string } | null> {
      const options = { audience: AUDIENCE, algorithms: ['HS256'], currentDate: new Date(clock.now()) }
      const read = await jwtVerify(secret, key, options).catch(() => null)
      const claims = claimsSchema.safeParse(read?.payload)
      return claims.success ? { userId: claims.data.sub, email: claims.data.email } : null
    },
  }
}
