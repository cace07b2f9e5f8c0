/** One more passkey for an account that exists: the ceremony, whoever may begin it. */
import type { Id, UserId } from '@matrixos/shared'
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import { ATTEMPT_EXPIRED } from '../../texts.ts'
import type { Challenges } from '../challenges/service.ts'
import { distinctName, passkeyName } from './name.ts'
import type { OwnedPasskeyStore } from './owned-store.ts'
import type { PasskeyRow } from './store.ts'
import { registrationOptions, verifyRegistration } from './webauthn.ts'

export interface PasskeyRegistrationOptions {
  rp: { id: string; name: string; origin: string }
  store: Pick<OwnedPasskeyStore, 'listOf'>
  challenges: Challenges
  clock: Clock
}

/** `enrol`: by an administrator's link, without a session. */
type Purpose = 'add_passkey' | 'enrol'

export type PasskeyRegistration = ReturnType<typeof createPasskeyRegistration>

export function createPasskeyRegistration({ rp, store, challenges, clock }: PasskeyRegistrationOptions) {
  return {
    async begin(request: RequestInfo, purpose: Purpose, userId: UserId) {
      const owner = await store.listOf(userId)
      if (!owner) throw new AppError('not_found', 'This account no longer exists.')
      const options = await registrationOptions({
        rp,
        userId: owner.user.webauthnId,
        handle: owner.user.handle,
        excludeCredentialIds: owner.passkeys.map(({ id }) => id),
      })
      const payload = { userId, challenge: options.challenge }
      return { challengeId: await challenges.issue(request, purpose, payload), options }
    },

    /** The passkey as it is to be stored. Throws `challenge_expired` or `credential_refused`. */
    async finish(
      request: RequestInfo,
      purpose: Purpose,
      o: { userId: UserId; challengeId: Id<'chl'>; response: RegistrationResponseJSON },
    ): Promise<PasskeyRow> {
      const { userId, challenge } = await challenges.take(request, purpose, o.challengeId)
      // Asked for in one account and answered in another, as after signing in anew meanwhile.
      if (userId !== o.userId) throw new AppError('challenge_expired', ATTEMPT_EXPIRED)
      const expected = { expectedChallenge: challenge, origin: rp.origin, rpId: rp.id }
      const { credentialId: id, ...key } = await verifyRegistration({ response: o.response, ...expected })
      const others = (await store.listOf(o.userId))?.passkeys ?? []
      const name = distinctName(
        passkeyName(key.aaguid),
        others.map((one) => one.name),
      )
      const now = new Date(clock.now())
      return { id, userId: o.userId, ...key, name, createdAt: now, lastUsedAt: now }
    },
  }
}
