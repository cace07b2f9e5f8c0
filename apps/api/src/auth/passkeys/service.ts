/** Sign-up and login with a passkey. */

import type { Id, UserId } from '@matrixos/shared'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { RequestInfo } from '../../http/request.ts'
import type { Accounts } from '../accounts/service.ts'
import type { Challenges } from '../challenges/service.ts'
import type { Sessions } from '../sessions/service.ts'
import { passkeyName } from './name.ts'
import type { PasskeyProof } from './proof.ts'
import type { PasskeyStore } from './store.ts'
import { loginOptions, registrationOptions, verifyRegistration } from './webauthn.ts'

export interface PasskeyLoginOptions {
  rp: { id: string; name: string; origin: string }
  accounts: Accounts
  store: PasskeyStore
  prove: PasskeyProof
  challenges: Challenges
  sessions: Pick<Sessions, 'open'>
  audit: Audit
  clock: Clock
}

const toBase64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

export type PasskeyLogin = ReturnType<typeof createPasskeyLogin>

export function createPasskeyLogin(options: PasskeyLoginOptions) {
  const { rp, accounts, store, prove, challenges, sessions, audit, clock } = options
  const expect = (expectedChallenge: string) => ({ expectedChallenge, origin: rp.origin, rpId: rp.id })

  return {
    async registerOptions(request: RequestInfo, wanted: { handle: string; invite?: string | undefined }) {
      const { handle, invite } = await accounts.requireFree(request, wanted)
      const userId = clock.random(64)
      const created = await registrationOptions({ rp, userId, handle, excludeCredentialIds: [] })
      const payload = { handle, invite, challenge: created.challenge, webauthnId: toBase64url(userId) }
      return { challengeId: await challenges.issue(request, 'register', payload), options: created }
    },

    /** Answers the new person's id; the session is open and the instance on its way. */
    async register(
      request: RequestInfo,
      input: { challengeId: Id<'chl'>; response: RegistrationResponseJSON },
    ) {
      const begun = await challenges.take(request, 'register', input.challengeId)
      const { handle, invite, challenge, webauthnId } = begun
      const { credentialId, ...key } = await verifyRegistration({
        response: input.response,
        ...expect(challenge),
      })
      const now = new Date(clock.now())
      const person = { handle, invite, webauthnId: new Uint8Array(Buffer.from(webauthnId, 'base64url')) }
      const user = await accounts.create(request, person, (tx, { id: userId }) => {
        const row = {
          id: credentialId,
          userId,
          ...key,
          name: passkeyName(key.aaguid),
          createdAt: now,
          lastUsedAt: now,
        }
        return store.insertPasskey(tx, row)
      })
      await sessions.open(request, user.id, 'passkey')
      return user.id
    },

    async loginOptions(request: RequestInfo) {
      const created = await loginOptions({ rpId: rp.id })
      const challengeId = await challenges.issue(request, 'login', { challenge: created.challenge })
      return { challengeId, options: created }
    },

    async login(
      request: RequestInfo,
      input: { challengeId: Id<'chl'>; response: AuthenticationResponseJSON },
    ): Promise<UserId> {
      const { challenge } = await challenges.take(request, 'login', input.challengeId)
      const userId = await prove(request, { challenge, response: input.response })
      await sessions.open(request, userId, 'passkey')
      await audit.record({
        actor: userId,
        action: 'login',
        target: userId,
        address: request.address,
        detail: { by: 'passkey' },
      })
      return userId
    },
  }
}
