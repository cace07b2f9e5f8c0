/** A person's wish for another token, such as after theirs got out. */
import type { UserId } from '@matrixos/shared'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'

export interface TokenRotationOptions {
  /** Gives the person's instance another token at its next start. Throws `not_found` for whoever has none. */
  renew: (userId: UserId) => Promise<void>
  audit: Pick<Audit, 'record'>
}

export type TokenRotation = ReturnType<typeof createTokenRotation>

export const createTokenRotation = ({ renew, audit }: TokenRotationOptions) => ({
  /** What runs keeps the token that it has, until it is seen with the new one. */
  async rotate({ principal: { userId }, request: { address } }: Caller): Promise<void> {
    await renew(userId)
    await audit.record({ actor: userId, action: 'ai_token_rotated', target: userId, address })
  },
})
