/** A person's own wish for another AI token: their instance's next start gives it one. */
import type { InstanceId, UserId } from '@matrixos/shared'
import { noSuchInstance } from '../../access/policy.ts'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import { byCaller } from '../budget/grants.ts'

export interface TokenRotationOptions {
  instanceOf: (userId: UserId) => Promise<{ id: InstanceId } | null>
  rotate: (ids: InstanceId[]) => Promise<void>
  audit: Audit
}

export type TokenRotation = ReturnType<typeof createTokenRotation>

export const createTokenRotation = ({ instanceOf, rotate, audit }: TokenRotationOptions) => ({
  /** Throws `not_found` for people without an instance. */
  async rotate(caller: Caller): Promise<void> {
    const instance = await instanceOf(caller.principal.userId)
    if (!instance) throw noSuchInstance()
    await rotate([instance.id])
    await audit.record({ ...byCaller(caller), action: 'ai_token_rotated', target: instance.id })
  },
})
