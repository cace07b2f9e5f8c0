/** A signed-in person's password and authenticator app: added, replaced, changed and removed together. */
import { type Id, TOTP_GUESSES, type UserId } from '@matrixos/shared'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import { ATTEMPT_EXPIRED } from '../../texts.ts'
import type { Challenges } from '../challenges/service.ts'
import type { Factors } from '../factors/service.ts'
import type { OwnedTotpStore } from './owned-store.ts'
import { passwordProblem } from './password.ts'
import type { PasswordQueue } from './password-queue.ts'
import { newTotpSecret, openSecret, otpauthUrl, sealSecret, verifyTotp } from './totp.ts'

export interface ManageTotpOptions {
  issuer: string
  platformSecret: string
  store: OwnedTotpStore
  challenges: Challenges
  factors: Pick<Factors, 'exclusively' | 'remove'>
  passwords: Pick<PasswordQueue, 'hash'>
  audit: Audit
  clock: Clock
}

export type ManageTotp = ReturnType<typeof createManageTotp>

const noPassword = () => new AppError('not_found', 'Your account has no password.')

export function createManageTotp(options: ManageTotpOptions) {
  const { issuer, platformSecret, store, challenges, factors, passwords, audit, clock } = options
  const entry = (request: RequestInfo, userId: UserId) =>
    ({ actor: userId, target: userId, address: request.address }) as const

  async function stateOf(userId: UserId) {
    const state = await store.stateOf(userId)
    if (!state) throw new AppError('unauthorized', 'This account no longer exists.')
    return state
  }

  async function hashNew(password: string, handle: string): Promise<string> {
    const problem = passwordProblem(password, handle)
    if (problem) throw new AppError('invalid_input', problem)
    return passwords.hash(password, clock.random)
  }

  return {
    status: async (userId: UserId) => ({ isSet: (await stateOf(userId)).isSet }),

    /** Nothing changes until `confirm`. Throws `invalid_input` for a weak password. */
    async start(request: RequestInfo, { userId }: SessionPrincipal, { password }: { password: string }) {
      const { handle } = await stateOf(userId)
      const passwordHash = await hashNew(password, handle)
      const secret = newTotpSecret(clock.random)
      const sealedSecret = sealSecret({ platformSecret, userId, secret, random: clock.random })
      const payload = { userId, passwordHash, sealedSecret }
      const challengeId = await challenges.issue(request, 'add_totp', payload)
      return { challengeId, secret, otpauthUrl: otpauthUrl({ secret, handle, issuer }) }
    },

    /** Five codes may be tried. Throws `credential_refused` or `challenge_expired`. */
    async confirm(
      request: RequestInfo,
      { userId }: SessionPrincipal,
      { challengeId, code }: { challengeId: Id<'chl'>; code: string },
    ): Promise<void> {
      const payload = await challenges.attempt(request, 'add_totp', challengeId, TOTP_GUESSES)
      if (payload.userId !== userId) throw new AppError('challenge_expired', ATTEMPT_EXPIRED)
      const { passwordHash, sealedSecret } = payload
      const secret = openSecret({ platformSecret, userId, sealed: sealedSecret })
      const lastStep = verifyTotp({ secret, code, now: clock.now(), lastStep: null })
      if (lastStep === null)
        throw new AppError('credential_refused', 'Incorrect code. Enter the one your app shows now.')
      await challenges.take(request, 'add_totp', challengeId)
      await factors.exclusively(userId, async (tx) => {
        await store.put(tx, { userId, passwordHash, sealedSecret, lastStep })
        const detail = { kind: 'totp' }
        await audit.record({ ...entry(request, userId), action: 'factor_added', detail }, tx)
      })
    },

    /** Throws `not_found` where there is none, and `invalid_input` for a weak one. */
    async changePassword(
      request: RequestInfo,
      { userId }: SessionPrincipal,
      { password }: { password: string },
    ): Promise<void> {
      const { handle, isSet } = await stateOf(userId)
      if (!isSet) throw noPassword()
      const passwordHash = await hashNew(password, handle)
      await factors.exclusively(userId, async (tx) => {
        if (!(await store.setPassword(tx, userId, passwordHash))) throw noPassword()
        await audit.record({ ...entry(request, userId), action: 'password_changed' }, tx)
      })
    },

    /** Throws `not_found`, or `conflict` for the last way to sign in. */
    remove: (request: RequestInfo, { userId }: SessionPrincipal): Promise<void> =>
      factors.remove(userId, async (tx) => {
        if (!(await store.remove(tx, userId))) throw noPassword()
        const detail = { kind: 'totp' }
        await audit.record({ ...entry(request, userId), action: 'factor_removed', detail }, tx)
      }),
  }
}
