/** Recovery codes: made and shown once, and each good for one sign-in. */
import { RECOVERY_CODES, type RecoveryCodes, type RecoveryStatus, type UserId } from '@matrixos/shared'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../http/network.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Factors } from '../factors/service.ts'
import type { Notices } from '../notices/service.ts'
import type { Sessions } from '../sessions/service.ts'
import { newRecoveryCode, recoveryCodeHash } from './code.ts'
import type { RecoveryStore } from './store.ts'

export interface RecoveryOptions {
  store: RecoveryStore
  factors: Pick<Factors, 'exclusively'>
  sessions: Pick<Sessions, 'open' | 'refuseSuspended'>
  notices: Pick<Notices, 'add' | 'hide'>
  /** Codes tried for one handle from one network. */
  attempts: AttemptLimit
  audit: Audit
  clock: Clock
}

export type Recovery = ReturnType<typeof createRecovery>

export function createRecovery(options: RecoveryOptions) {
  const { store, factors, sessions, notices, attempts, audit, clock } = options

  return {
    async status(userId: UserId): Promise<RecoveryStatus> {
      const { left, createdAt } = await store.status(userId)
      return { left, createdAt: createdAt?.toISOString() ?? null }
    },

    /** New codes; the old ones end. */
    async regenerate(request: RequestInfo, { userId }: SessionPrincipal): Promise<RecoveryCodes> {
      const codes = Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(clock.random))
      const createdAt = new Date(clock.now())
      await factors.exclusively(userId, async (tx) => {
        await store.replace(tx, userId, codes.map(recoveryCodeHash), createdAt)
        const entry = { actor: userId, target: userId, address: request.address } as const
        await audit.record({ ...entry, action: 'recovery_codes_made' }, tx)
      })
      return { codes, createdAt: createdAt.toISOString() }
    },

    /**
     * Throws `credential_refused`, in the same words for an unknown handle, a wrong code and a used one, and
     * `account_suspended`, which costs no code.
     */
    async login(request: RequestInfo, input: { handle: string; code: string }): Promise<UserId> {
      await attempts.take(`${input.handle} ${networkOf(request.address)}`)
      const entry = { address: request.address, detail: { by: 'recovery_code' } }
      const hash = recoveryCodeHash(input.code)
      const userId = await store.use(input.handle, hash, new Date(clock.now()))
      if (!userId) {
        const target = (await store.userIdOf(input.handle)) ?? 'unknown'
        await audit.record({ ...entry, actor: 'anonymous', action: 'login_refused', target })
        throw new AppError('credential_refused', 'Incorrect handle or recovery code.')
      }
      await sessions.refuseSuspended(request, userId).catch(async (error: unknown) => {
        await store.giveBack(userId, hash)
        throw error
      })
      const notice = await notices.add({ userId, kind: 'recovery_code_used', address: request.address })
      const sessionId = await sessions.open(request, userId, 'recovery_code')
      await notices.hide(notice, sessionId)
      await audit.record({ ...entry, actor: userId, action: 'login', target: userId })
      return userId
    },
  }
}
