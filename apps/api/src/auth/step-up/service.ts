/** Proving again who one is, without signing in anew: what sensitive steps ask for when the last proof is old. */
import type { Id, StepUpMethod } from '@matrixos/shared'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Challenges } from '../challenges/service.ts'
import type { PasskeyProof } from '../passkeys/proof.ts'
import type { PasskeyStore } from '../passkeys/store.ts'
import { loginOptions } from '../passkeys/webauthn.ts'
import { recoveryCodeHash } from '../recovery/code.ts'
import type { RecoveryStore } from '../recovery/store.ts'
import type { Sessions } from '../sessions/service.ts'
import type { TotpProof } from '../totp/proof.ts'

export interface StepUpOptions {
  rpId: string
  passkeyStore: Pick<PasskeyStore, 'passkeyIdsOf'>
  provePasskey: PasskeyProof
  proveTotp: TotpProof
  recoveryStore: Pick<RecoveryStore, 'use' | 'status'>
  challenges: Challenges
  sessions: Pick<Sessions, 'prove'>
  /** Guesses of one session: whoever has stolen one does not use up those of the owner's others. */
  guesses: AttemptLimit
  audit: Audit
  clock: Clock
}

export type StepUp = ReturnType<typeof createStepUp>

/** Each way throws what a login by it throws, and `unauthorized` when the session ended meanwhile. */
export function createStepUp(options: StepUpOptions) {
  const { rpId, passkeyStore, provePasskey, proveTotp, recoveryStore, challenges } = options
  const { sessions, guesses, audit, clock } = options

  async function succeed(request: RequestInfo, { userId, sessionId }: SessionPrincipal, by: StepUpMethod) {
    await sessions.prove(sessionId)
    const entry = { actor: userId, action: 'step_up', target: sessionId } as const
    await audit.record({ ...entry, address: request.address, detail: { by } })
  }

  return {
    /** Whether this person has a recovery code left. */
    hasRecoveryCode: async ({ userId }: SessionPrincipal): Promise<boolean> =>
      (await recoveryStore.status(userId)).left > 0,

    async passkeyOptions(request: RequestInfo, { userId }: SessionPrincipal) {
      const created = await loginOptions({ rpId, allowIds: await passkeyStore.passkeyIdsOf(userId) })
      const payload = { challenge: created.challenge, userId }
      return { challengeId: await challenges.issue(request, 'step_up', payload), options: created }
    },

    async passkey(
      request: RequestInfo,
      principal: SessionPrincipal,
      input: { challengeId: Id<'chl'>; response: AuthenticationResponseJSON },
    ): Promise<void> {
      const { challenge, userId } = await challenges.take(request, 'step_up', input.challengeId)
      // A challenge that somebody else was given in this browser says nothing of who sits there now.
      if (userId !== principal.userId) throw challenges.expired()
      await provePasskey(request, { challenge, response: input.response, by: principal.userId })
      await succeed(request, principal, 'passkey')
    },

    async totp(
      request: RequestInfo,
      principal: SessionPrincipal,
      input: { password: string; code: string },
    ): Promise<void> {
      const { handle, userId: by, sessionId } = principal
      await guesses.take(sessionId)
      await proveTotp(request, { ...input, handle, by })
      await guesses.giveBack(sessionId)
      await succeed(request, principal, 'totp')
    },

    /** Uses the code up. */
    async recoveryCode(request: RequestInfo, principal: SessionPrincipal, code: string): Promise<void> {
      const { handle, userId, sessionId } = principal
      await guesses.take(sessionId)
      const owner = await recoveryStore.use(handle, recoveryCodeHash(code), new Date(clock.now()))
      if (owner !== userId) {
        const entry = { actor: userId, action: 'step_up_refused', target: userId } as const
        await audit.record({ ...entry, address: request.address, detail: { by: 'recovery_code' } })
        throw new AppError('credential_refused', 'Incorrect recovery code.')
      }
      await guesses.giveBack(sessionId)
      await succeed(request, principal, 'recovery_code')
    },
  }
}
