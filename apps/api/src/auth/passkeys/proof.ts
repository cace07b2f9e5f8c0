/** Judges a passkey's answer to a challenge: at a login, and when somebody who is signed in proves it again. */
import type { UserId } from '@matrixos/shared'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import { PASSKEY_REFUSED, PASSKEY_UNKNOWN } from '../../texts.ts'
import type { PasskeyStore } from './store.ts'
import { refusalReason, requireOwnPage, verifyLogin } from './webauthn.ts'

export interface PasskeyProofOptions {
  rp: { id: string; origin: string }
  store: PasskeyStore
  audit: Audit
  clock: Clock
}

export interface PasskeyAnswer {
  challenge: string
  response: AuthenticationResponseJSON
  /** Who is signed in and proves it again: nobody else's passkey counts. Absent at a login. */
  by?: UserId
}

export type PasskeyProof = ReturnType<typeof createPasskeyProof>

/**
 * Answers whose passkey it is. Throws `credential_refused` or `challenge_expired`, and `credential_unknown` at a login
 * from the app's own page with a passkey that no account has, which the browser may then forget; it gives away no more
 * than that nobody has this id. Every refusal is audited.
 */
export function createPasskeyProof({ rp, store, audit, clock }: PasskeyProofOptions) {
  return async function prove(
    request: RequestInfo,
    { challenge, response, by }: PasskeyAnswer,
  ): Promise<UserId> {
    const expected = { expectedChallenge: challenge, origin: rp.origin, rpId: rp.id }
    const refused = new AppError('credential_refused', PASSKEY_REFUSED)
    async function refuse(target: string, error: unknown): Promise<never> {
      await audit.record({
        actor: by ?? 'anonymous',
        action: by ? 'step_up_refused' : 'login_refused',
        target,
        address: request.address,
        detail: { reason: refusalReason(error) ?? 'unknown_credential' },
      })
      throw error
    }

    const found = await store.passkey(response.id)
    if (!found && !by) {
      const page = requireOwnPage(response.response.clientDataJSON, expected)
      await page.catch((error: unknown) => refuse('unknown', error))
      return refuse('unknown', new AppError('credential_unknown', PASSKEY_UNKNOWN))
    }
    if (!found || (by && found.user.id !== by)) return refuse(by ?? 'unknown', refused)
    const { passkey, user } = found
    const userHandle = Buffer.from(user.webauthnId).toString('base64url')
    const seen = await verifyLogin({
      response,
      credential: { ...passkey, credentialId: passkey.id, userHandle },
      ...expected,
    }).catch((error: unknown) => refuse(user.id, error))
    if (!(await store.usePasskey(passkey, seen, new Date(clock.now())))) return refuse(user.id, refused)
    return user.id
  }
}
